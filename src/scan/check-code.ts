/** Crockford's base 32: digits and letters without I, L, O, U. A character's value is its index. */
export const CROCKFORD_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const DATA_LENGTH = 8;
const CHECK_MODULUS = 31;

/**
 * The check character of eight data characters: each value times its place (1 to 8), summed, mod 31.
 *
 * 31 is prime and larger than every weight, so each wrong character and each swap of two neighbours
 * changes the result, except between `0` and `Z` (values 0 and 31): generators draw no `Z`.
 * The till's generator holds the same rule; a test compares the two.
 *
 * | data | sum | check |
 * |---|---|---|
 * | 00000001 | 8·1 = 8 | 8 |
 * | 7K3QXB2M | 1·7+2·19+3·3+4·23+5·29+6·11+7·2+8·20 = 531 | 531 mod 31 = 4 |
 */
export function checkCharacterOf(data: string): string {
  let sum = 0;
  for (let index = 0; index < data.length; index += 1) {
    sum += (index + 1) * CROCKFORD_ALPHABET.indexOf(data.charAt(index));
  }
  return CROCKFORD_ALPHABET.charAt(sum % CHECK_MODULUS);
}

/**
 * A receipt token or voucher code in its stored form (letter and nine characters), or null.
 *
 * Read as people write: any case, `O` as `0`, `I` and `L` as `1`, hyphens and spaces ignored, and
 * the colon of the QR form optional.
 */
export function readCheckedCode(letter: 'R' | 'V', text: string): string | null {
  if (text.length > 4 * DATA_LENGTH) return null;
  const upper = text.toUpperCase().replaceAll(/[-\s]/g, '');
  if (!upper.startsWith(letter)) return null;
  const rest = upper.slice(upper.startsWith(`${letter}:`) ? 2 : 1);
  const code = rest.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (code.length !== DATA_LENGTH + 1) return null;
  for (const character of code) if (!CROCKFORD_ALPHABET.includes(character)) return null;
  return checkCharacterOf(code.slice(0, DATA_LENGTH)) === code.slice(DATA_LENGTH) ? letter + code : null;
}
