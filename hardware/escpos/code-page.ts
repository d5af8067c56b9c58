import {
  CODE_PAGE_UPPER_HALVES,
  UNKNOWN_CHARACTER,
  type CodePageName,
} from './code-page-tables.ts';

const UPPER_HALF_START = 0x80;
const BYTES_OF_CHARACTER = new Map(
  Object.entries(CODE_PAGE_UPPER_HALVES).map(([name, upperHalf]) => [name, byteMap(upperHalf)]),
);

/** Whether the code page has this one character (a single code point). */
export function codePageHas(page: CodePageName, character: string): boolean {
  return byteOf(page, character) !== undefined;
}

/**
 * Text as bytes of a code page.
 *
 * Strict: a character the page lacks is a bug of the caller, who asks `printableText` first. Nothing
 * ever becomes a "?", and no control byte can be smuggled into the printer through a name.
 */
export function encodeText(page: CodePageName, text: string): Buffer {
  const bytes: number[] = [];
  for (const character of text.normalize('NFC')) {
    const byte = byteOf(page, character);
    if (byte === undefined) throw new UnencodableTextError(page, character);
    bytes.push(byte);
  }
  return Buffer.from(bytes);
}

/** The character a byte prints as; U+FFFD where the page defines none. Bytes below 20 are no text. */
export function decodeByte(page: CodePageName, byte: number): string {
  if (byte < 0x20 || byte === 0x7f) return UNKNOWN_CHARACTER;
  if (byte < UPPER_HALF_START) return String.fromCharCode(byte);
  return CODE_PAGE_UPPER_HALVES[page][byte - UPPER_HALF_START] ?? UNKNOWN_CHARACTER;
}

/** Thrown when text reaches the encoder unchecked: the message names the character and the page. */
export class UnencodableTextError extends Error {
  readonly character: string;
  constructor(page: CodePageName, character: string) {
    super(`${codePointName(character)} is not in ${page}: check the text with printableText first`);
    this.name = 'UnencodableTextError';
    this.character = character;
  }
}

/** A character for logs: `U+20BA`. */
export function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function byteOf(page: CodePageName, character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return code;
  return BYTES_OF_CHARACTER.get(page)?.get(character);
}

function byteMap(upperHalf: string): Map<string, number> {
  const characters = [...upperHalf];
  if (characters.length !== 128)
    throw new Error(`a code page has 128 upper characters, not ${characters.length}`);
  const map = new Map<string, number>();
  characters.forEach((character, index) => {
    if (character !== UNKNOWN_CHARACTER) map.set(character, UPPER_HALF_START + index);
  });
  return map;
}
