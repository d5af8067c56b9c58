/** Crockford's base 32: digits and letters without I, L, O, U. A character's value is its index. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Characters of a code before its check character. */
const RECEIPT_DATA_LENGTH = 8;
const VOUCHER_DATA_LENGTH = 10;
/** Typed with generous separators a code is still shorter than this. */
const TEXT_LENGTH_MAX = 48;

/** x⁵ + x² + 1, the polynomial of the field of 32 elements. */
const FIELD_POLYNOMIAL = 0b100101;

/**
 * The check character of a receipt token or voucher code, from the characters before it.
 *
 * A sum over the field of 32 elements with the weights 2, 4, 8, … (powers of x), so that every single
 * wrong character and every swap of two is found. `src/loyalty` makes the codes by the same rule; a
 * test compares the two, as this folder imports nothing.
 */
function checkCharacterOf(data: string): string {
  let weight = 2;
  let sum = 0;
  for (const character of data) {
    sum ^= multiply(ALPHABET.indexOf(character), weight);
    weight = multiply(weight, 2);
  }
  return ALPHABET.charAt(sum);
}

function multiply(left: number, right: number): number {
  let product = 0;
  let factor = left;
  for (let bits = right; bits > 0; bits >>= 1) {
    if ((bits & 1) === 1) product ^= factor;
    factor <<= 1;
    if ((factor & 32) !== 0) factor ^= FIELD_POLYNOMIAL;
  }
  return product;
}

/** The two kinds of code that carry a check character of ours. */
export type CheckedCode =
  | { readonly kind: 'receipt'; readonly token: string }
  | { readonly kind: 'voucher'; readonly code: string };

/**
 * Reads `R:` and a receipt token, or `V:` and a voucher code; null when it is neither or mistyped.
 *
 * Read as people write: any case, look-alikes replaced (`O` 0, `I` and `L` 1, `U` V), separators
 * ignored. Typed codes may leave the announcement out, as their length tells them apart; then they
 * must hold a letter, or one phone number in 32 would be a voucher.
 */
export function readCheckedCode(text: string, typed: boolean): CheckedCode | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  const announced = /^\s*([RV])\s*:/i.exec(text);
  if (announced === null && !(typed && /\p{L}/u.test(text))) return null;
  const kind = announced?.[1]?.toUpperCase() ?? null;
  const code = normalised(text.slice(announced?.[0].length ?? 0));
  if (kind !== 'V' && isChecked(code, RECEIPT_DATA_LENGTH)) return { kind: 'receipt', token: code };
  if (kind !== 'R' && isChecked(code, VOUCHER_DATA_LENGTH)) return { kind: 'voucher', code };
  return null;
}

function normalised(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[\s\-–—._]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IİL]/g, '1')
    .replaceAll('U', 'V');
}

function isChecked(code: string, dataLength: number): boolean {
  if (code.length !== dataLength + 1) return false;
  for (const character of code) if (!ALPHABET.includes(character)) return false;
  return checkCharacterOf(code.slice(0, dataLength)) === code.slice(dataLength);
}
