import { setTimeout as sleep } from 'node:timers/promises';
import type {
  PrinterConnection,
  PrinterTransport,
  SendResult,
  TransportFailure,
} from '#hardware/printer/transport.ts';
import type { VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { err, ok } from '#loyalty/result.ts';

/** What goes wrong with one line to the printer; all of it, or none. */
export interface LineFault {
  readonly refuse: 'unreachable' | 'busy' | null;
  /** The line breaks after so many bytes; the printer keeps or loses what it had. */
  readonly breakAfterBytes: number | null;
  readonly powerLost: boolean;
  /** Answers are dropped, come late, or have noise before them. */
  readonly answers: 'good' | 'dropped' | 'late' | 'noisy';
}

/** A line on which nothing goes wrong. */
export const GOOD_LINE: LineFault = {
  refuse: null,
  breakAfterBytes: null,
  powerLost: false,
  answers: 'good',
};

const LATE_MS = 25;
const NOISE = Uint8Array.of(0xff, 0x80, 0x37, 0x22, 0x41, 0x00, 0x14, 0x93);

/** The wire of a printer on which each new line fails the way a test says. */
export interface FaultyWire {
  readonly transport: PrinterTransport;
  /** The printer's answers go in here. */
  answer(bytes: Uint8Array): void;
  room(): void;
}

/** A transport to a virtual printer whose lines take their faults from `faultOf`. */
export function faultyWire(
  printer: () => VirtualPrinter,
  faultOf: () => LineFault,
  keepsOpen: boolean,
): FaultyWire {
  let line: FaultyLine | null = null;
  return {
    answer: (bytes) => line?.answer(bytes),
    room: () => line?.room(),
    transport: {
      keepsOpen,
      chunkBytes: 64,
      open: async () => {
        await sleep(0);
        const fault = faultOf();
        if (fault.refuse !== null) return err({ problem: fault.refuse, detail: 'refused' });
        line = new FaultyLine(printer(), fault);
        return ok(line);
      },
    },
  };
}

class FaultyLine implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #printer: VirtualPrinter;
  readonly #fault: LineFault;
  #end: (failure: TransportFailure) => void = () => undefined;
  #failure: TransportFailure | null = null;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #taken = 0;
  #waiting: (() => void) | null = null;

  constructor(printer: VirtualPrinter, fault: LineFault) {
    this.#printer = printer;
    this.#fault = fault;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  async send(bytes: Uint8Array): Promise<SendResult> {
    let acceptedBytes = 0;
    while (acceptedBytes < bytes.length) {
      await sleep(0);
      if (this.#failure !== null) return err({ ...this.#failure, acceptedBytes });
      const left = (this.#fault.breakAfterBytes ?? Number.POSITIVE_INFINITY) - this.#taken;
      if (left <= 0) {
        if (this.#fault.powerLost) this.#printer.restart();
        this.#finish();
        continue;
      }
      const taken = this.#printer.receive(bytes.subarray(acceptedBytes, acceptedBytes + left));
      acceptedBytes += taken;
      this.#taken += taken;
      if (taken === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    return ok(null);
  }

  answer(bytes: Uint8Array): void {
    const { answers } = this.#fault;
    if (answers === 'dropped') return;
    const copy = Uint8Array.from(bytes);
    setTimeout(
      () => {
        if (this.#failure !== null) return;
        if (answers === 'noisy') this.#listener(NOISE);
        this.#listener(copy);
      },
      answers === 'late' ? LATE_MS : 0,
    );
  }

  room(): void {
    this.#waiting?.();
    this.#waiting = null;
  }

  close(): Promise<void> {
    this.#finish();
    return Promise.resolve();
  }

  abort(): void {
    this.#finish();
  }

  #finish(): void {
    if (this.#failure !== null) return;
    this.#failure = { problem: 'connection-lost', detail: 'the line broke' };
    this.#end(this.#failure);
    this.room();
  }
}
