import { assert } from './result.ts';

/**
 * Short codes for people: Crockford base 32 without I, L, O, U, and one check character.
 *
 * The check character is a sum over the field of 32 elements with a different weight per place, so
 * it finds every single wrong character and every swap of two. Source of the alphabet: D. Crockford,
 * Base 32; of the field: x⁵ + x² + 1.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function multiplyInField(left: number, right: number): number {
  let product = 0;
  let factor = left;
  for (let bits = right; bits > 0; bits >>= 1) {
    if ((bits & 1) === 1) product ^= factor;
    factor <<= 1;
    if ((factor & 32) !== 0) factor ^= 0b100101;
  }
  return product;
}

function checkValue(values: readonly number[]): number {
  let weight = 2;
  let sum = 0;
  for (const value of values) {
    sum ^= multiplyInField(value, weight);
    weight = multiplyInField(weight, 2);
  }
  return sum;
}

/** Data characters from random bytes (at least 5 bits each are used), with the check appended. */
export function code32FromBytes(bytes: Uint8Array, dataLength: number): string {
  assert(bytes.length * 8 >= dataLength * 5, 'there are enough random bytes for the code');
  assert(dataLength >= 1 && dataLength <= 28, 'every place of a code has a weight of its own');
  const values: number[] = [];
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && values.length < dataLength) {
      bits -= 5;
      values.push((held >> bits) & 31);
      held &= (1 << bits) - 1;
    }
  }
  return [...values, checkValue(values)].map((value) => alphabet.charAt(value)).join('');
}

/** What a person may have typed or read: upper case, no separators, look-alikes replaced. */
export function normaliseCode32(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/[\s\-–—._]/g, '')
    .replaceAll('O', '0')
    .replace(/[IİL]/g, '1')
    .replaceAll('U', 'V');
}

/** Whether a normalised code has this many data characters and its right check character. */
export function isCode32(code: string, dataLength: number): boolean {
  if (code.length !== dataLength + 1) return false;
  const values = [...code].map((character) => alphabet.indexOf(character));
  if (values.includes(-1)) return false;
  return checkValue(values.slice(0, -1)) === values.at(-1);
}
