import { constants, open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '#loyalty/result.ts';
import {
  codeOf,
  failureOf,
  type PrinterConnection,
  type PrinterTransport,
  type SendResult,
  type TransportFailure,
} from './transport.ts';

const RETRY_MS = 20;
const READ_EVERY_MS = 50;
const READ_BYTES = 512;

/**
 * Printing over Linux' own USB printer driver, `/dev/usb/lp0`.
 *
 * Always non-blocking: four writes stuck in a printer would stop every file operation of the process.
 * The driver takes a part (8 KiB) or nothing (EAGAIN); both are waited for, not failed. It has no
 * event for input, so that is looked for while the line is open.
 */
export function usbTransport(path: string): PrinterTransport {
  return { keepsOpen: true, chunkBytes: 4_096, open: () => openUsb(path) };
}

async function openUsb(path: string): Promise<Result<PrinterConnection, TransportFailure>> {
  try {
    const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;
    return ok(new UsbConnection(await open(path, flags)));
  } catch (error) {
    return err(failureOf(error, 'unreachable'));
  }
}

class UsbConnection implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #file: FileHandle;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #failure: TransportFailure | null = null;
  #end: (failure: TransportFailure) => void = () => undefined;
  readonly #reading: Promise<void>;

  constructor(file: FileHandle) {
    this.#file = file;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#reading = this.#read();
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  async send(bytes: Uint8Array): Promise<SendResult> {
    let acceptedBytes = 0;
    while (acceptedBytes < bytes.length) {
      if (this.#failure !== null) return err({ ...this.#failure, acceptedBytes });
      try {
        const { bytesWritten } = await this.#file.write(
          bytes,
          acceptedBytes,
          bytes.length - acceptedBytes,
          null,
        );
        acceptedBytes += bytesWritten;
        if (bytesWritten === 0) await sleep(RETRY_MS);
      } catch (error) {
        if (codeOf(error) === 'EAGAIN') await sleep(RETRY_MS);
        else this.#lose(error);
      }
    }
    return ok(null);
  }

  async close(): Promise<void> {
    this.#lose(new Error('the printer is closed'));
    await this.#reading;
  }

  abort(): void {
    this.#lose(new Error('the job was broken off'));
  }

  async #read(): Promise<void> {
    const buffer = Buffer.alloc(READ_BYTES);
    while (this.#failure === null) {
      try {
        const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, null);
        if (bytesRead > 0) this.#listener(Buffer.from(buffer.subarray(0, bytesRead)));
        else await sleep(READ_EVERY_MS);
      } catch (error) {
        if (codeOf(error) === 'EAGAIN') await sleep(READ_EVERY_MS);
        else this.#lose(error);
      }
    }
    await this.#file.close().catch(() => undefined);
  }

  #lose(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = {
      problem: 'connection-lost',
      detail: failureOf(error, 'connection-lost').detail,
    };
    this.#end(this.#failure);
  }
}
