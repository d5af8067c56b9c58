import { readFileSync } from 'node:fs';
import type { WedgeKey } from '#scan/wedge-keys.ts';

/** A keyboard scanner at a PC. */
export interface ScannerAtPc {
  /** Set-up code of the scanner: the keyboard it believes in. */
  readonly scanner: LayoutName;
  /** Layout of the PC. */
  readonly pc: LayoutName;
  readonly capsLock?: boolean;
  /** The scanner presses or leaves out Shift to allow for a CapsLock that is on; `always` = even when it is off. */
  readonly turnsCase?: 'never' | 'with-capslock' | 'always';
  /** What it presses for GS: Ctrl+], a function key, a sign, or nothing. */
  readonly groupSeparator?: 'control' | 'F8' | '|' | 'dropped';
}

export type LayoutName = 'us' | 'tr-q' | 'tr-f' | 'azerty' | 'qwertz';
export const layoutNames = ['us', 'tr-q', 'tr-f', 'azerty', 'qwertz'] as const;

type Rows = Readonly<Record<string, readonly [plain: string, shifted: string, altGraph: string]>>;
const tables = (
  JSON.parse(readFileSync(new URL('layouts.json', import.meta.url), 'utf8')) as {
    readonly layouts: Readonly<Record<LayoutName, Rows>>;
  }
).layouts;

/** A key to press: its place and what is held with it. */
interface Press {
  readonly code: string;
  readonly shift: boolean;
  readonly altGraph: boolean;
}

const ALT_GRAPH: readonly string[] = ['AltRight'];
const SHIFT: readonly string[] = ['ShiftLeft'];
const DEAD = 'Dead:';

/**
 * All keydowns of one scan, as the page sees them: modifiers, dead keys with the space after them,
 * Ctrl+] for GS. `gapsMs[i]` is the time between character `i` and the next.
 *
 * The layouts come out of libxkbcommon, not out of the product's own tables.
 */
export function scanKeys(
  set: ScannerAtPc,
  text: string,
  startMs: number,
  gapsMs: readonly number[],
): WedgeKey[] {
  let timeMs = startMs;
  return [...text].flatMap((character, index) => {
    if (index > 0) timeMs += gapsMs[index - 1] ?? 0;
    return keysOf(set, character, timeMs);
  });
}

function keysOf(set: ScannerAtPc, character: string, timeMs: number): WedgeKey[] {
  const sign = character === '\u001d' ? (set.groupSeparator ?? 'control') : character;
  if (sign === 'dropped') return [];
  if (sign === 'control')
    return [
      {
        ...record(set, { code: 'BracketRight', shift: false, altGraph: false }, timeMs),
        key: ']',
        ctrl: true,
      },
    ];
  if (sign === 'F8') return [named('F8', timeMs, set.capsLock ?? false)];
  return pressesOf(set, sign).flatMap((press) => [
    ...(press.altGraph ? ALT_GRAPH : press.shift ? SHIFT : []).map((code) => ({
      ...named(code, timeMs, set.capsLock ?? false),
      alt: press.altGraph && set.pc === 'us',
      altGraph: press.altGraph && set.pc !== 'us',
    })),
    record(set, press, timeMs),
  ]);
}

function pressesOf(set: ScannerAtPc, character: string): Press[] {
  const found = placeOf(set.scanner, character);
  if (found !== null) return [turned(set, character, found)];
  const dead = placeOf(set.scanner, DEAD + (DEAD_SIGNS[character] ?? ''));
  if (dead === null) throw new Error(`no key for ${JSON.stringify(character)} on ${set.scanner}`);
  return [dead, { code: 'Space', shift: false, altGraph: false }];
}

const DEAD_SIGNS: Readonly<Record<string, string>> = { '^': '\u0302', '`': '\u0300' };

function turned(set: ScannerAtPc, character: string, press: Press): Press {
  const turns =
    set.turnsCase === 'always' || (set.turnsCase === 'with-capslock' && set.capsLock === true);
  return turns && /^\p{L}$/u.test(character) ? { ...press, shift: !press.shift } : press;
}

/** The key left of Z is missing on many keyboards, so it comes last. */
function placeOf(layout: LayoutName, wanted: string): Press | null {
  const places = Object.entries(tables[layout]).toSorted(
    ([a], [b]) => Number(a === 'IntlBackslash') - Number(b === 'IntlBackslash'),
  );
  const presses = places.flatMap(([code, row]) =>
    row.flatMap((shown, level) =>
      shown === wanted ? [{ code, shift: level === 1, altGraph: level === 2 }] : [],
    ),
  );
  const inPlace = presses.filter((press) => press.code !== 'IntlBackslash');
  return inPlace.find((press) => !press.altGraph) ?? inPlace[0] ?? presses[0] ?? null;
}

/** What the PC makes of a place: its own layout, and CapsLock for letters. */
function record(set: ScannerAtPc, press: Press, timeMs: number): WedgeKey {
  const { code, shift, altGraph } = press;
  const row = tables[set.pc][code] ?? ['', '', ''];
  const capsLock = set.capsLock ?? false;
  const isLetter = /^\p{L}$/u.test(row[0]) && /^\p{L}$/u.test(row[1]);
  const shifted = capsLock && isLetter ? !shift : shift;
  const hasAltGraph = set.pc !== 'us';
  const shown = altGraph && hasAltGraph ? row[2] : row[shifted ? 1 : 0];
  return {
    ...named(code, timeMs, capsLock),
    key: shown.startsWith(DEAD) ? 'Dead' : shown === '' ? 'Unidentified' : shown,
    shift,
    alt: altGraph && !hasAltGraph,
    altGraph: altGraph && hasAltGraph,
  };
}

/** A key that is no character, e.g. `Enter`. */
export function named(code: string, timeMs: number, capsLock = false): WedgeKey {
  return {
    code,
    key: code,
    shift: false,
    capsLock,
    ctrl: false,
    alt: false,
    altGraph: false,
    timeMs,
    repeat: false,
  };
}
