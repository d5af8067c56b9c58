import { err, ok } from '#loyalty/result.ts';
import type { VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import type {
  PrinterConnection,
  PrinterTransport,
  SendResult,
  TransportFailure,
} from './transport.ts';

/** A virtual printer and the wire between: who prints hears its answers and its room. */
export interface VirtualWire {
  readonly printer: VirtualPrinter;
  /** Called by the printer's `onAnswer`. */
  answer: (bytes: Uint8Array) => void;
  /** Called by the printer's `onRoom`. */
  room: () => void;
}

/**
 * The way to the virtual printer in this process.
 *
 * The same bytes as to a real one, the same answers back, never in the same turn: what works here
 * works on a wire.
 */
export function virtualTransport(wire: VirtualWire): PrinterTransport {
  return {
    keepsOpen: true,
    chunkBytes: 1_024,
    open: () => Promise.resolve(ok(new VirtualConnection(wire))),
  };
}

class VirtualConnection implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #wire: VirtualWire;
  #end: (failure: TransportFailure) => void = () => undefined;
  #failure: TransportFailure | null = null;
  #waiting: (() => void) | null = null;

  constructor(wire: VirtualWire) {
    this.#wire = wire;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    wire.room = () => this.#wake();
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#wire.answer = (bytes) => void setImmediate(() => listener(bytes));
  }

  async send(bytes: Uint8Array): Promise<SendResult> {
    let acceptedBytes = 0;
    while (acceptedBytes < bytes.length) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#failure !== null) return err({ ...this.#failure, acceptedBytes });
      acceptedBytes += this.#wire.printer.receive(bytes.subarray(acceptedBytes));
      if (acceptedBytes < bytes.length)
        await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    return ok(null);
  }

  close(): Promise<void> {
    this.#finish('the virtual printer is closed');
    return Promise.resolve();
  }

  abort(): void {
    this.#finish('the job was broken off');
  }

  #finish(detail: string): void {
    if (this.#failure !== null) return;
    this.#failure = { problem: 'connection-lost', detail };
    this.#wire.answer = () => undefined;
    this.#wire.room = () => undefined;
    this.#end(this.#failure);
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = null;
  }
}
