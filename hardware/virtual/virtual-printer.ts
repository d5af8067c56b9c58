import { COMMANDS } from './command-effects.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { assertNever } from '#loyalty/result.ts';
import { CommandParser } from './command-parser.ts';
import {
  automaticAnswer,
  HEALTHY,
  isOffline,
  paperInTurnAnswer,
  realTimeAnswer,
  type Mechanism,
} from './mechanism.ts';
import type { PaperStrip } from './paper.ts';
import { PrintEngine } from './print-engine.ts';
import { RealTimeFront, type RealTimeRequest } from './real-time.ts';
import { Trace } from './trace.ts';

/** What kind of machine this is. */
export interface VirtualPrinterOptions {
  readonly widthDots: number;
  readonly paperWidthDots: number;
  readonly codePages: ReadonlyMap<number, CodePageName>;
  /** Bytes it takes while it cannot print; then it stops reading. */
  readonly bufferBytes: number;
}

/** An Epson-like printer for 80 mm paper with a buffer of 4 KB. */
export const EPSON_LIKE_80: VirtualPrinterOptions = {
  widthDots: 576,
  paperWidthDots: 640,
  codePages: new Map<number, CodePageName>([
    [0, 'cp437'],
    [13, 'cp857'],
    [19, 'cp858'],
    [48, 'windows1254'],
  ]),
  bufferBytes: 4_096,
};

/** What the machine does that someone outside can notice. */
export interface VirtualPrinterEvents {
  onAnswer(bytes: Uint8Array): void;
  onStrip(strip: PaperStrip): void;
  onDrawer?(pin: 2 | 5, onMs: number): void;
  onBeep?(): void;
  /** What it passed on to the display behind it. */
  onDisplay?(bytes: Uint8Array): void;
  /** The buffer has room again after `receive` refused bytes. */
  onRoom?(): void;
}

const NEAR_END_DOTS = 800;

/**
 * A receipt printer made of software.
 *
 * Takes bytes the way the machine does: real-time commands at once, the rest through a bounded buffer
 * that stops being emptied while paper is out or the cover is open, and answers what it is asked. It
 * knows nothing of who sends; transports, servers and tests give it bytes and take its answers.
 */
export class VirtualPrinter {
  readonly trace = new Trace();
  readonly #options: VirtualPrinterOptions;
  readonly #events: VirtualPrinterEvents;
  readonly #engine: PrintEngine;
  readonly #parser = new CommandParser();
  readonly #front = new RealTimeFront();
  #mechanism: Mechanism = HEALTHY;
  #waiting: number[] = [];
  #refused = false;
  #working = false;
  /** Buffers were cleared by something the printing itself set off. */
  #cleared = false;
  #automaticMask = 0;

  constructor(options: VirtualPrinterOptions, events: VirtualPrinterEvents) {
    this.#options = options;
    this.#events = events;
    this.#engine = new PrintEngine(
      options,
      COMMANDS,
      {
        onStrip: (strip) => events.onStrip(strip),
        onDrawer: (pin, onMs) => events.onDrawer?.(pin, onMs),
        onBeep: () => events.onBeep?.(),
        onDisplay: (bytes) => events.onDisplay?.(bytes),
        onAnswer: (bytes) => events.onAnswer(bytes),
        onAutomaticStatus: (mask) => this.#enableAutomatic(mask),
        onPaperAsked: () => events.onAnswer(Uint8Array.of(paperInTurnAnswer(this.#mechanism))),
      },
      this.trace,
    );
  }

  get mechanism(): Mechanism {
    return this.#mechanism;
  }

  /** Bytes taken and not yet printed. */
  get bufferedBytes(): number {
    return this.#waiting.length;
  }

  /**
   * Takes bytes; returns how many. Fewer than given means the buffer is full: the rest is the sender's
   * to keep until `onRoom`.
   */
  receive(bytes: Uint8Array): number {
    for (let index = 0; index < bytes.length; index += 1) {
      if (this.#mechanism.asleep || this.#waiting.length >= this.#options.bufferBytes) {
        this.#refused = true;
        return index;
      }
      const byte = bytes[index] ?? 0;
      const request = this.#front.take(byte);
      this.#waiting.push(byte);
      if (request !== null) this.#obeyNow(request);
      if (!isOffline(this.#mechanism)) this.#work();
    }
    return bytes.length;
  }

  /** Opens the cover, jams the cutter, takes the paper out: whatever a hand can do. */
  setMechanism(change: Partial<Mechanism>): void {
    this.#mechanism = { ...this.#mechanism, ...change };
    this.#tellAutomatically();
    if (!isOffline(this.#mechanism)) this.#work();
    this.#tellRoom();
  }

  /** Puts in a roll of this length; it runs low and then out as it is used. */
  loadPaper(lengthDots: number): void {
    this.#engine.roll.load(lengthDots);
    this.setMechanism({ paper: paperState(lengthDots) });
  }

  /** Tears the paper off by hand, so that what was printed without a cut can be seen. */
  tear(): void {
    this.#engine.cut('torn');
  }

  /** Power off and on: the buffer, the modes and an unfinished command are gone. */
  restart(): void {
    this.#clearBuffers();
    this.#engine.initialise();
    this.#automaticMask = 0;
  }

  /** Prints from the buffer until it is empty or something stops the machine; never inside itself. */
  #work(): void {
    if (this.#working || this.#mechanism.asleep) return;
    this.#working = true;
    while (this.#waiting.length > 0 && !isOffline(this.#mechanism)) {
      const bytes = this.#waiting;
      this.#waiting = [];
      const used = this.#print(bytes);
      this.#waiting = [...bytes.slice(used), ...this.#waiting];
    }
    this.#working = false;
    this.#tellRoom();
  }

  #tellRoom(): void {
    const isFull = this.#waiting.length >= this.#options.bufferBytes;
    if (!this.#refused || isFull || this.#mechanism.asleep) return;
    this.#refused = false;
    this.#events.onRoom?.();
  }

  #print(bytes: readonly number[]): number {
    let at = 0;
    while (at < bytes.length && !isOffline(this.#mechanism) && !this.#cleared) {
      const token = this.#parser.take(bytes[at] ?? 0);
      at += 1;
      if (token === null) continue;
      this.#engine.obey(token);
      this.#watchPaper();
    }
    const used = this.#cleared ? bytes.length : at;
    this.#cleared = false;
    return used;
  }

  #watchPaper(): void {
    const state = paperState(this.#engine.roll.leftDots);
    const worse = state !== this.#mechanism.paper && this.#mechanism.paper !== 'out';
    if (worse && state !== 'ok') {
      this.#mechanism = { ...this.#mechanism, paper: state };
      this.#tellAutomatically();
    }
  }

  #obeyNow(request: RealTimeRequest): void {
    switch (request.kind) {
      case 'status':
        this.#events.onAnswer(Uint8Array.of(realTimeAnswer(this.#mechanism, request.which)));
        return;
      case 'drawer':
        this.#events.onDrawer?.(request.pin, request.onMs);
        return;
      case 'clear-buffers':
        this.#clearBuffers();
        this.#events.onAnswer(Uint8Array.of(0x37, 0x25, 0));
        return;
      case 'recover':
        if (request.clearBuffers) this.#clearBuffers();
        if (this.#mechanism.cutterJammed) this.setMechanism({ cutterJammed: false });
        return;
      default:
        assertNever(request, 'real-time request');
    }
  }

  #clearBuffers(): void {
    this.#waiting = [];
    this.#cleared = this.#working;
    this.#parser.reset();
    this.#engine.line.clear();
  }

  #enableAutomatic(mask: number): void {
    this.#automaticMask = mask;
    this.#tellAutomatically();
  }

  #tellAutomatically(): void {
    if (this.#automaticMask === 0 || this.#mechanism.asleep) return;
    this.#events.onAnswer(automaticAnswer(this.#mechanism));
  }
}

function paperState(leftDots: number): Mechanism['paper'] {
  if (leftDots <= 0) return 'out';
  return leftDots < NEAR_END_DOTS ? 'near-end' : 'ok';
}
