import type { SerialPort } from 'serialport';
import { err, ok, type Result } from '#loyalty/result.ts';
import {
  failureOf,
  type PrinterConnection,
  type PrinterTransport,
  type SendResult,
  type TransportFailure,
} from './transport.ts';

/** A serial port and how it is set. */
export interface SerialSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly flow: 'rtscts' | 'xonxoff' | 'none';
}

/**
 * Printing over a serial port.
 *
 * Bytes count as handed over when the port has drained, so a printer that holds flow control shows as
 * no progress. `set` is never called: on USB adapters without break support it fails for nothing.
 */
export function serialTransport(settings: SerialSettings): PrinterTransport {
  return { keepsOpen: true, chunkBytes: 512, open: () => openSerial(settings) };
}

async function openSerial(
  settings: SerialSettings,
): Promise<Result<PrinterConnection, TransportFailure>> {
  const { path, baudRate, flow } = settings;
  try {
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({
      path,
      baudRate,
      rtscts: flow === 'rtscts',
      xon: flow === 'xonxoff',
      xoff: flow === 'xonxoff',
      hupcl: false,
      autoOpen: false,
    });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error === null ? resolve() : reject(error)));
    });
    return ok(new SerialConnection(port));
  } catch (error) {
    return err(failureOf(error, 'unreachable'));
  }
}

class SerialConnection implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #port: SerialPort;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #failure: TransportFailure | null = null;

  constructor(port: SerialPort) {
    this.#port = port;
    port.on('data', (bytes: Buffer) => this.#listener(bytes));
    port.on('error', (error) => (this.#failure ??= lost(error)));
    this.ended = new Promise((resolve) => {
      port.once('close', (error: Error | null) => {
        this.#failure ??= lost(error ?? new Error('the port is closed'));
        resolve(this.#failure);
      });
    });
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  async send(bytes: Uint8Array): Promise<SendResult> {
    const gone = this.ended.then((failure): SendResult =>
      err({ ...failure, acceptedBytes: bytes.length }),
    );
    return Promise.race([gone, this.#write(bytes)]);
  }

  async close(timeoutMs: number): Promise<void> {
    const timeout = setTimeout(() => this.abort(), timeoutMs);
    await new Promise<void>((resolve) => this.#port.drain(() => resolve()));
    clearTimeout(timeout);
    await this.#close();
  }

  abort(): void {
    if (!this.#port.isOpen) return;
    this.#port.flush(() => void this.#close());
  }

  #write(bytes: Uint8Array): Promise<SendResult> {
    return new Promise((resolve) => {
      const failed = (error: Error): void =>
        resolve(err({ ...lost(error), acceptedBytes: bytes.length }));
      this.#port.write(Buffer.from(bytes), (error) => {
        if (error !== null && error !== undefined) failed(error);
        else this.#port.drain((late) => (late === null ? resolve(ok(null)) : failed(late)));
      });
    });
  }

  #close(): Promise<void> {
    if (!this.#port.isOpen) return Promise.resolve();
    return new Promise((resolve) => this.#port.close(() => resolve()));
  }
}

function lost(error: Error): TransportFailure {
  return { problem: 'connection-lost', detail: failureOf(error, 'connection-lost').detail };
}
