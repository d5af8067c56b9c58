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
      /** By place and Shift on a US keyboard, which is how scanners are delivered. */
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

/** Plain and shifted character of the keys that are neither letters nor digits, on a US keyboard. */
const SIGNS: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  Backquote: ['`', '~'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  IntlBackslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Space: [' ', ' '],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
  NumpadComma: [',', ','],
  NumpadEqual: ['=', '='],
};

const SHIFTED_DIGITS = ')!@#$%^&*(';

/** Says what a key stands for. Total: every record has a meaning. */
export function meaningOf(record: WedgeKey): KeyMeaning {
  if (MODIFIERS.has(record.code)) return { kind: 'modifier' };
  if (record.code === 'Enter' || record.code === 'NumpadEnter' || record.code === 'Tab') {
    return record.ctrl || record.alt ? OTHER : { kind: 'terminator' };
  }
  if (record.ctrl && !record.alt && !record.altGraph) return controlCharacter(record.code);
  if (record.alt && !record.ctrl && !record.altGraph && /^Numpad\d$/.test(record.code)) {
    return { kind: 'alt-digit', digit: record.code.slice(6) };
  }
  // AltGr arrives as Ctrl+Alt on Windows. Only scanners set to the PC's layout use it.
  const usesAltGraph = record.altGraph || (record.ctrl && record.alt);
  if (record.alt && !usesAltGraph) return OTHER;
  const byKey = [...record.key].length === 1 ? record.key : null;
  const byCode = usesAltGraph
    ? null
    : (numpadDigit(record) ?? usCharacter(record.code, record.shift));
  const character = byCode ?? byKey;
  if (character === null) return OTHER;
  return {
    kind: 'character',
    byCode: character,
    byKey,
    byCapsLock: record.capsLock ? withCaseTurned(character) : character,
  };
}

/** Scanners send control characters as Ctrl and a key: Ctrl+] = GS, Ctrl+M = CR, Ctrl+J = LF. */
function controlCharacter(code: string): KeyMeaning {
  if (code === 'KeyM' || code === 'KeyJ' || code === 'KeyI') return { kind: 'terminator' };
  const control = CONTROL_CHARACTERS[code];
  if (control === undefined) return OTHER;
  return { kind: 'character', byCode: control, byKey: control, byCapsLock: control };
}

const CONTROL_CHARACTERS: Readonly<Record<string, string>> = {
  KeyB: '\u0002',
  KeyD: '\u0004',
  Backslash: '\u001c',
  BracketRight: '\u001d',
  Digit6: '\u001e',
  Minus: '\u001f',
};

function usCharacter(code: string, shift: boolean): string | null {
  if (/^Key[A-Z]$/.test(code)) return shift ? code.slice(3) : code.slice(3).toLowerCase();
  if (/^Digit\d$/.test(code)) {
    return shift ? SHIFTED_DIGITS.charAt(Number(code.slice(5))) : code.slice(5);
  }
  const sign = SIGNS[code];
  return sign === undefined ? null : sign[shift ? 1 : 0];
}

/** With NumLock off the number pad moves the caret: its keys then carry names such as `Home`. */
function numpadDigit(record: WedgeKey): string | null {
  if (!/^Numpad\d$/.test(record.code)) return null;
  const hasNoName =
    record.key.length <= 1 || record.key === 'Process' || record.key === 'Unidentified';
  return hasNoName ? record.code.slice(6) : null;
}

function withCaseTurned(character: string): string {
  if (!/^[A-Za-z]$/.test(character)) return character;
  const upper = character.toUpperCase();
  return upper === character ? character.toLowerCase() : upper;
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
