import type { PaperStrip } from '#hardware/virtual/paper.ts';
import {
  EPSON_LIKE_80,
  VirtualPrinter,
  type VirtualPrinterOptions,
} from '#hardware/virtual/virtual-printer.ts';

/** A virtual printer on a bench: everything it does is kept to be looked at. */
export interface Bench {
  readonly printer: VirtualPrinter;
  readonly strips: PaperStrip[];
  readonly drawer: (2 | 5)[];
  beeps: number;
  rooms: number;
  /** What it answered since the last call, as hex. */
  answers(): string;
  /** Problems in its trace. */
  problems(): string[];
}

/** Puts a printer on the bench. */
export function bench(options: Partial<VirtualPrinterOptions> = {}): Bench {
  const heard: Uint8Array[] = [];
  const made: Bench = {
    strips: [],
    drawer: [],
    beeps: 0,
    rooms: 0,
    printer: new VirtualPrinter(
      { ...EPSON_LIKE_80, ...options },
      {
        onAnswer: (bytes) => void heard.push(Uint8Array.from(bytes)),
        onStrip: (strip) => void made.strips.push(strip),
        onDrawer: (pin) => void made.drawer.push(pin),
        onBeep: () => void (made.beeps += 1),
        onRoom: () => void (made.rooms += 1),
      },
    ),
    answers() {
      const all = Buffer.concat(heard.splice(0)).toString('hex').toUpperCase();
      return (all.match(/../g) ?? []).join(' ');
    },
    problems() {
      return made.printer.trace.lines
        .filter((each) => each.kind === 'problem')
        .map((each) => each.text);
    },
  };
  return made;
}

/** Bytes from hex; words go through `ascii`. */
export function bytes(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
}

/** Words as hex. */
export function ascii(words: string): string {
  return Buffer.from(words, 'latin1').toString('hex');
}
