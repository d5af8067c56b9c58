import { GROUP_SEPARATOR } from './gs1.ts';
import { characterAt, turnedCharacterAt } from './keyboard-layouts.ts';
import type { KeyboardLayoutName } from './keyboard-layouts.ts';

/**
 * One keydown, as the page saw it.
 *
 * `code` names the key's place and survives every keyboard layout; `key` is what the PC's layout
 * made of it. `timeMs` is the event's own time stamp, not the time of handling.
 */
export interface WedgeKey {
  readonly code: string;
  readonly key: string;
  readonly shift: boolean;
  readonly capsLock: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly altGraph: boolean;
  readonly timeMs: number;
  readonly repeat: boolean;
}

/** What one key stands for: a character (in two spellings), the end of a code, or neither. */
export type KeyMeaning =
  | {
      readonly kind: 'character';
      /** By place and Shift on the keyboard the scanner believes in: US, as delivered. */
      readonly byCode: string;
      /** By the PC's layout, for scanners set to it; null where the layout gave no character. */
      readonly byKey: string | null;
      /** By place with the letter's case turned, for scanners that allow for CapsLock themselves. */
      readonly byCapsLock: string;
    }
  | { readonly kind: 'terminator' }
  | { readonly kind: 'modifier' }
  /** A digit typed while Alt is down on Windows ("ALT mode"): part of a character's number. */
  | { readonly kind: 'alt-digit'; readonly digit: string }
  | { readonly kind: 'other' };

const OTHER: KeyMeaning = { kind: 'other' };

const MODIFIERS: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'CapsLock',
  'NumLock',
  'MetaLeft',
  'MetaRight',
]);

/** Characters of the keys that every keyboard has in the same place. */
const COMMON: Readonly<Record<string, string>> = {
  Space: ' ',
  NumpadAdd: '+',
  NumpadSubtract: '-',
  NumpadMultiply: '*',
  NumpadDivide: '/',
  NumpadDecimal: '.',
  NumpadComma: ',',
  NumpadEqual: '=',
};

/** How a scanner uses its keyboard; what calibration finds out. */
export interface KeyReading {
  /** The keyboard the scanner believes it is typing on; the PC's own layout does not matter. */
  readonly layout: KeyboardLayoutName;
  /** Whether its letters arrive with their case turned: never, always, or while CapsLock is on. */
  readonly letterCase: 'as-read' | 'turned' | 'turned-by-capslock';
  /** The key it presses for GS where that is no character, e.g. `F8` or `Control+KeyG`; else null. */
  readonly groupSeparatorKey: string | null;
}

/** A scanner as delivered. */
export const defaultKeyReading: KeyReading = {
  layout: 'us',
  letterCase: 'as-read',
  groupSeparatorKey: null,
};

/** A key that is no character by name, with Ctrl if it was held: `F8`, `Control+KeyG`. */
export function nameOfKey(record: WedgeKey): string {
  return record.ctrl ? `Control+${record.code}` : record.code;
}

/** Says what a key stands for. Total: every record has a meaning. */
export function meaningOf(record: WedgeKey, reading: KeyReading = defaultKeyReading): KeyMeaning {
  if (MODIFIERS.has(record.code)) return { kind: 'modifier' };
  if (reading.groupSeparatorKey !== null && nameOfKey(record) === reading.groupSeparatorKey)
    return sameInEverySpelling(GROUP_SEPARATOR);
  if (record.code === 'Enter' || record.code === 'NumpadEnter' || record.code === 'Tab') {
    return record.ctrl || record.alt ? OTHER : { kind: 'terminator' };
  }
  if (record.ctrl && !record.alt && !record.altGraph) return controlCharacter(record.code);
  if (record.alt && !record.ctrl && !record.altGraph && /^Numpad\d$/.test(record.code)) {
    return { kind: 'alt-digit', digit: record.code.slice(6) };
  }
  return characterOf(record, reading);
}

function characterOf(record: WedgeKey, reading: KeyReading): KeyMeaning {
  // AltGr arrives as Ctrl+Alt on Windows, and as Alt where the PC's own layout has no AltGr.
  const hasAltGraph = record.altGraph || (record.ctrl && record.alt);
  if (record.alt && !hasAltGraph && reading.layout === 'us') return OTHER;
  const byKey = [...record.key].length === 1 && (hasAltGraph || !record.alt) ? record.key : null;
  const hold = { shift: record.shift, altGraph: hasAltGraph || record.alt };
  const common = hold.altGraph ? null : (numpadDigit(record) ?? COMMON[record.code] ?? null);
  const asRead = common ?? characterAt(reading.layout, record.code, hold) ?? byKey;
  if (asRead === null) return OTHER;
  const turned = common ?? turnedCharacterAt(reading.layout, record.code, hold) ?? asRead;
  const isTurned =
    reading.letterCase === 'turned' ||
    (reading.letterCase === 'turned-by-capslock' && record.capsLock);
  return {
    kind: 'character',
    byCode: isTurned ? turned : asRead,
    byKey,
    byCapsLock: isTurned || record.capsLock ? turned : asRead,
  };
}

function sameInEverySpelling(character: string): KeyMeaning {
  return { kind: 'character', byCode: character, byKey: character, byCapsLock: character };
}

/** Scanners send control characters as Ctrl and a key: Ctrl+] = GS, Ctrl+M = CR, Ctrl+J = LF. */
function controlCharacter(code: string): KeyMeaning {
  if (code === 'KeyM' || code === 'KeyJ' || code === 'KeyI') return { kind: 'terminator' };
  const control = CONTROL_CHARACTERS[code];
  return control === undefined ? OTHER : sameInEverySpelling(control);
}

const CONTROL_CHARACTERS: Readonly<Record<string, string>> = {
  KeyB: '\u0002',
  KeyD: '\u0004',
  Backslash: '\u001c',
  BracketRight: '\u001d',
  Digit6: '\u001e',
  Minus: '\u001f',
};

/** With NumLock off the number pad moves the caret: its keys then carry names such as `Home`. */
function numpadDigit(record: WedgeKey): string | null {
  if (!/^Numpad\d$/.test(record.code)) return null;
  const hasNoName =
    record.key.length <= 1 || record.key === 'Process' || record.key === 'Unidentified';
  return hasNoName ? record.code.slice(6) : null;
}

/**
 * The character of an Alt-and-number-pad code, or null for none we know. Latin-1 above ASCII, which
 * is what scanners send with the leading zero.
 */
export function characterOfAltCode(digits: string): string | null {
  const code = Number(digits);
  if (digits === '' || digits.length > 4 || code > 255) return null;
  return code === 0 ? null : String.fromCharCode(code);
}
