import type { WedgeKey } from '#scan/wedge-keys.ts';
import type { KeyReply, Wedge, WedgeOutcome } from '#scan/wedge-outcome.ts';
import type { Random } from '#test/scan/support/random.ts';

/** How a scanner's keys come in time: gaps between characters for a pace in ms per key. */
export type TimingModel = (paceMs: number, count: number, random: Random) => readonly number[];

/**
 * The stated timing model of a keyboard scanner.
 *
 * - `uniform`: the pace exactly;
 * - `jittered`: the pace ± 10 %, evenly spread, and at least ± 1 ms;
 * - `usbPolled`: keys leave at the pace, the host asks every 8 ms and sees them then;
 * - `bluetooth`: keys leave at the pace, radio slots every 15 ms carry what is there, ± 1 ms.
 */
export const timingModels: Readonly<Record<string, TimingModel>> = {
  uniform: (paceMs, count) => Array.from({ length: count }, () => paceMs),
  jittered: (paceMs, count, random) =>
    Array.from({ length: count }, () =>
      Math.max(0.1, paceMs + Math.max(1, paceMs * 0.1) * (2 * random.next() - 1)),
    ),
  usbPolled: (paceMs, count, random) => slotted(paceMs, count, random, 8, 0.3),
  bluetooth: (paceMs, count, random) => slotted(paceMs, count, random, 15, 2),
};

function slotted(
  paceMs: number,
  count: number,
  random: Random,
  slotMs: number,
  noiseMs: number,
): readonly number[] {
  let leftMs = random.next() * slotMs;
  let seenMs = Math.ceil(leftMs / slotMs) * slotMs;
  return Array.from({ length: count }, () => {
    leftMs += paceMs;
    const nowMs = Math.max(seenMs, Math.ceil(leftMs / slotMs) * slotMs + random.next() * noiseMs);
    const gapMs = nowMs - seenMs;
    seenMs = nowMs;
    return gapMs;
  });
}

/**
 * The stated typing model of a person: an own tempo (log normal around 190 ms per key, never below
 * 90), gaps log normal around it with an own scatter of 0.28 to 0.5, one gap in twenty a roll of two
 * fingers (20 to 80 ms), a longer pause now and then.
 */
export function typingGaps(count: number, random: Random, tempoMs?: number): readonly number[] {
  const tempo = tempoMs ?? Math.max(90, 190 * Math.exp(0.35 * random.normal()));
  const scatter = 0.28 + 0.22 * random.next();
  return Array.from({ length: count }, () => {
    if (random.next() < 0.05) return 20 + 60 * random.next();
    if (random.next() < 0.02) return 300 + 900 * random.next();
    return tempo * Math.exp(scatter * random.normal());
  });
}

const US_SIGNS: Readonly<Record<string, readonly [code: string, shift: boolean]>> = {
  ' ': ['Space', false],
  '-': ['Minus', false],
  _: ['Minus', true],
  '=': ['Equal', false],
  '+': ['Equal', true],
  '[': ['BracketLeft', false],
  ']': ['BracketRight', false],
  '\\': ['Backslash', false],
  ';': ['Semicolon', false],
  ':': ['Semicolon', true],
  "'": ['Quote', false],
  ',': ['Comma', false],
  '.': ['Period', false],
  '/': ['Slash', false],
  '?': ['Slash', true],
  '%': ['Digit5', true],
  '^': ['Digit6', true],
  '#': ['Digit3', true],
  '&': ['Digit7', true],
  '(': ['Digit9', true],
  ')': ['Digit0', true],
};

/** What a layout makes of a place, as `event.key`; without one it is the US keyboard itself. */
export type LayoutTable = Readonly<Record<string, string>>;

export interface PressOptions {
  readonly layout?: LayoutTable;
  readonly capsLock?: boolean;
  readonly numpad?: boolean;
  readonly repeat?: boolean;
}

/** The keydown a US-mode scanner (or a person on a US keyboard) makes for one character. */
export function keydown(character: string, timeMs: number, options: PressOptions = {}): WedgeKey {
  const [code, shift] = placeOf(character, options.numpad ?? false);
  const plain = options.layout?.[character] ?? character;
  const key = options.capsLock && /^\p{L}$/u.test(plain) ? turnCase(plain) : plain;
  return {
    code,
    key,
    shift,
    capsLock: options.capsLock ?? false,
    ctrl: false,
    alt: false,
    altGraph: false,
    timeMs,
    repeat: options.repeat ?? false,
  };
}

/** A key that is no character, e.g. `Enter`. */
export function namedKey(code: string, timeMs: number): WedgeKey {
  return { ...keydown('a', timeMs), code, key: code };
}

function placeOf(character: string, numpad: boolean): readonly [code: string, shift: boolean] {
  if (/^\d$/.test(character)) return [`${numpad ? 'Numpad' : 'Digit'}${character}`, false];
  if (/^[a-z]$/.test(character)) return [`Key${character.toUpperCase()}`, false];
  if (/^[A-Z]$/.test(character)) return [`Key${character}`, true];
  const sign = US_SIGNS[character];
  if (sign === undefined) throw new Error(`the test keyboard has no ${JSON.stringify(character)}`);
  return sign;
}

function turnCase(letter: string): string {
  const upper = letter.toUpperCase();
  return upper === letter ? letter.toLowerCase() : upper;
}

/** A page that somebody or something types into, and what it takes for scans. */
export interface TypingPage {
  readonly field: string;
  readonly scans: readonly string[];
  press(record: WedgeKey): unknown;
  /** Lets time pass to `nowMs` with no key. */
  wait(nowMs: number): void;
}

/** A page with one text field: does what a page has to do with the wedge's replies. */
export interface FieldPage extends TypingPage {
  readonly outcomes: readonly WedgeOutcome[];
  press(record: WedgeKey): KeyReply;
  /** The page's clock runs ahead: keys that were pressed before are handled only afterwards. */
  stall(): void;
}

/** Drives a wedge as a page would, with `initial` in the focused field. */
export function createFieldPage(wedge: Wedge, initial = ''): FieldPage {
  let field = initial;
  const snapshots = new Map<number, string>();
  const outcomes: WedgeOutcome[] = [];
  const settle = (outcome: WedgeOutcome | null): void => {
    if (outcome === null) return;
    outcomes.push(outcome);
    if (outcome.kind === 'typed') field += outcome.lostText;
    else field = snapshots.get(outcome.restoreFrom) ?? field;
    if (outcome.kind === 'scan') snapshots.clear();
  };
  return {
    get field() {
      return field;
    },
    get scans() {
      return outcomes.flatMap((outcome) => (outcome.kind === 'scan' ? [outcome.text] : []));
    },
    outcomes,
    press(record) {
      // A browser fires timers between keys.
      const dueMs = wedge.deadlineMs();
      if (dueMs !== null && dueMs <= record.timeMs) settle(wedge.tick(dueMs));
      const reply = wedge.key(record, true);
      settle(reply.outcome);
      if (reply.provisional) snapshots.set(reply.keyId, field);
      const isText = record.key.length === 1 && !record.ctrl && !record.alt;
      if (isText && !reply.prevent) field += record.key;
      return reply;
    },
    stall() {
      const dueMs = wedge.deadlineMs();
      if (dueMs !== null) settle(wedge.tick(dueMs));
    },
    wait(nowMs) {
      const dueMs = wedge.deadlineMs();
      if (dueMs !== null && dueMs <= nowMs) settle(wedge.tick(nowMs));
    },
  };
}

/** Presses a text with the given gaps, then Enter if `enterGapMs` is given. Answers the time after. */
export function pressText(
  page: TypingPage,
  text: string,
  startMs: number,
  gapsMs: readonly number[],
  enterGapMs: number | null,
  options: PressOptions = {},
): number {
  let timeMs = startMs;
  for (const [index, character] of [...text].entries()) {
    if (index > 0) timeMs += gapsMs[index - 1] ?? 0;
    page.press(keydown(character, timeMs, options));
  }
  if (enterGapMs !== null) {
    timeMs += enterGapMs;
    page.press(namedKey('Enter', timeMs));
  }
  return timeMs;
}
