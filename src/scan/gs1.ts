import { hasGs1Check } from './ean.ts';
import { isDigits } from './digits.ts';

/** The separator (FNC1 inside a symbol) that ends an element of variable length. */
export const GROUP_SEPARATOR = '\u001d';

const ELEMENTS_MAX = 64;
const VALUE_LENGTH_MAX = 90;

/** One application identifier and its value, e.g. `01` and a GTIN-14. */
export interface Gs1Element {
  readonly identifier: string;
  readonly value: string;
}

/**
 * Takes a GS1 element string apart, or answers null when it is not one.
 *
 * Elements of a predefined length run on without a separator; all others end at GS or at the end.
 * Source: GS1 General Specifications, 7.8 (lengths in table 7.8.5-2).
 */
export function parseElementString(text: string): readonly Gs1Element[] | null {
  if (text.startsWith('(')) return parseBracketed(text);
  const elements: Gs1Element[] = [];
  let position = text.startsWith(GROUP_SEPARATOR) ? 1 : 0;
  while (position < text.length) {
    if (elements.length >= ELEMENTS_MAX) return null;
    const identifier = identifierAt(text, position);
    if (identifier === null) return null;
    const start = position + identifier.length;
    const separator = text.indexOf(GROUP_SEPARATOR, start);
    const limit = separator === -1 ? text.length : separator;
    const fixed = fixedLengthOf(identifier);
    const end = fixed === null ? limit : start + fixed;
    const value = text.slice(start, end);
    if (end > limit || !isElementValue(identifier, value)) return null;
    elements.push({ identifier, value });
    position = end === separator ? end + 1 : end;
  }
  return elements.length > 0 ? elements : null;
}

/** The human-readable form, which some encoders put into the symbol as it is: `(01)0869…(10)A1`. */
function parseBracketed(text: string): readonly Gs1Element[] | null {
  const elements: Gs1Element[] = [];
  let position = 0;
  while (position < text.length) {
    if (elements.length >= ELEMENTS_MAX || text[position] !== '(') return null;
    const close = text.indexOf(')', position);
    const identifier = text.slice(position + 1, close);
    if (close === -1 || identifierAt(identifier, 0) !== identifier) return null;
    const next = text.indexOf('(', close);
    const end = next === -1 ? text.length : next;
    const value = text.slice(close + 1, end).replaceAll(GROUP_SEPARATOR, '');
    const fixed = fixedLengthOf(identifier);
    if ((fixed !== null && value.length !== fixed) || !isElementValue(identifier, value))
      return null;
    elements.push({ identifier, value });
    position = end;
  }
  return elements.length > 0 ? elements : null;
}

function isElementValue(identifier: string, value: string): boolean {
  if (value.length === 0 || value.length > VALUE_LENGTH_MAX) return false;
  if (fixedLengthOf(identifier) !== null && !isDigits(value)) return false;
  return identifier === '01' || identifier === '02' ? hasGs1Check(value) : true;
}

/** How long an identifier is follows from its first two digits. Source: GS1 table 3.2-1. */
function identifierAt(text: string, position: number): string | null {
  const two = text.slice(position, position + 2);
  if (two.length < 2 || !isDigits(two)) return null;
  const length = identifierLengthOf(Number(two));
  const identifier = text.slice(position, position + length);
  return identifier.length === length && isDigits(identifier) ? identifier : null;
}

function identifierLengthOf(two: number): number {
  if (two >= 23 && two <= 25) return 3;
  if (two >= 31 && two <= 36) return 4;
  if (two >= 40 && two <= 42) return 3;
  if (two === 71) return 3;
  if (two === 39 || two === 43 || two === 70 || two === 72) return 4;
  if (two >= 80 && two <= 82) return 4;
  return 2;
}

/** Length of the value where it is predefined (no separator follows), else null. */
function fixedLengthOf(identifier: string): number | null {
  const two = Number(identifier.slice(0, 2));
  if (two === 0) return 18;
  if (two >= 1 && two <= 3) return 14;
  if (two === 4) return 16;
  if (two >= 11 && two <= 19) return 6;
  if (two === 20) return 2;
  if (two >= 31 && two <= 36) return 6;
  if (two === 41) return 13;
  return null;
}

/** The GTIN-14 in an element string, or null when it holds none. */
export function gtinOfElementString(text: string): string | null {
  return parseElementString(text)?.find((element) => element.identifier === '01')?.value ?? null;
}

/**
 * The GTIN-14 in a GS1 Digital Link, or null.
 *
 * Any host may carry it: `https://shop.example/x/01/08690504000013/10/LOT?17=271231`.
 * Source: GS1 Digital Link URI Syntax 1.4 (path component `01`, older convenience name `gtin`).
 */
export function gtinOfDigitalLink(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return null;
  const path = text.split(/[?#]/, 1)[0] ?? '';
  const segments = path.split('/').slice(3, 3 + ELEMENTS_MAX);
  for (const [index, segment] of segments.entries()) {
    if (segment !== '01' && segment !== 'gtin') continue;
    const digits = segments[index + 1] ?? '';
    if ([8, 12, 13, 14].includes(digits.length) && hasGs1Check(digits))
      return digits.padStart(14, '0');
  }
  return null;
}
