import { connect, type Socket } from 'node:net';
import { err, ok, type Result } from '#loyalty/result.ts';
import {
  failureOf,
  type PrinterConnection,
  type PrinterTransport,
  type SendResult,
  type TransportFailure,
} from './transport.ts';

/** Where a network printer listens. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Raw printing over TCP, usually port 9100.
 *
 * The socket is ended, never destroyed behind a write: with a status byte unread, `destroy` lost two
 * thirds of a job in measurement. All input is read, whoever listens.
 */
export function tcpTransport(address: TcpAddress, connectTimeoutMs: number): PrinterTransport {
  return {
    keepsOpen: false,
    chunkBytes: 4_096,
    open: () => openTcp(address, connectTimeoutMs),
  };
}

function openTcp(
  { host, port }: TcpAddress,
  connectTimeoutMs: number,
): Promise<Result<PrinterConnection, TransportFailure>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const fail = (failure: TransportFailure): void => {
      clearTimeout(timeout);
      socket.destroy();
      resolve(err(failure));
    };
    const timeout = setTimeout(
      () =>
        fail({
          problem: 'unreachable',
          detail: `${host}:${port} did not answer in ${connectTimeoutMs} ms`,
        }),
      connectTimeoutMs,
    );
    const refused = (error: Error): void => fail(failureOf(error, 'unreachable'));
    socket.once('error', refused);
    socket.once('connect', () => {
      clearTimeout(timeout);
      socket.off('error', refused);
      resolve(ok(new TcpConnection(socket)));
    });
  });
}

class TcpConnection implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #socket: Socket;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #failure: TransportFailure | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#listener(bytes));
    socket.on(
      'error',
      (error) => (this.#failure ??= lost(failureOf(error, 'connection-lost').detail)),
    );
    socket.on('end', () => {
      this.#failure ??= lost('the printer hung up');
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        this.#failure ??= lost('the connection is closed');
        resolve(this.#failure);
      });
    });
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  send(bytes: Uint8Array): Promise<SendResult> {
    if (this.#failure !== null) return Promise.resolve(err({ ...this.#failure, acceptedBytes: 0 }));
    return new Promise((resolve) => {
      const gone = (): void =>
        resolve(err({ ...(this.#failure ?? lost('it closed')), acceptedBytes: bytes.length }));
      this.#socket.once('close', gone);
      this.#socket.write(bytes, (error) => {
        if (error !== null && error !== undefined) return;
        this.#socket.off('close', gone);
        resolve(ok(null));
      });
    });
  }

  async close(timeoutMs: number): Promise<void> {
    this.#socket.end();
    const timeout = setTimeout(() => this.#socket.destroy(), timeoutMs);
    await this.ended;
    clearTimeout(timeout);
  }

  abort(): void {
    this.#socket.resetAndDestroy();
  }
}

function lost(detail: string): TransportFailure {
  return { problem: 'connection-lost', detail };
}
