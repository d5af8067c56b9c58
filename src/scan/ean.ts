import { digitAt, isDigits } from './digits.ts';

/**
 * The GS1 check digit of the digits before it: weights 3 and 1 from the right, to the next ten.
 *
 * | body | sum | check |
 * |---|---|---|
 * | 400638133393 | 3·3+9+3·3+3+3·3+1+3·8+3+3·6+0+3·0+4 = 89 | 1 |
 *
 * Source: GS1 General Specifications, 7.9.1.
 */
export function gs1CheckDigit(body: string): string {
  let sum = 0;
  for (let fromRight = 0; fromRight < body.length; fromRight += 1) {
    sum += digitAt(body, body.length - 1 - fromRight) * (fromRight % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether the last digit is the GS1 check digit of the others. */
export function hasGs1Check(digits: string): boolean {
  if (!isDigits(digits) || digits.length < 2) return false;
  return gs1CheckDigit(digits.slice(0, -1)) === digits.slice(-1);
}

/**
 * A zero-suppressed UPC-E code (8 digits: number system, six, check) as the UPC-A it stands for,
 * or null when it stands for none. Source: GS1 General Specifications, 5.2.2.4.2.
 *
 * | last of the six | UPC-A body after the number system |
 * |---|---|
 * | 0, 1, 2 | ab + last + 0000 + cde |
 * | 3 | abc + 00000 + de |
 * | 4 | abcd + 00000 + e |
 * | 5 to 9 | abcde + 0000 + last |
 */
export function expandUpcE(digits: string): string | null {
  if (!isDigits(digits) || digits.length !== 8) return null;
  const system = digits.slice(0, 1);
  if (system !== '0' && system !== '1') return null;
  const five = digits.slice(1, 6);
  const last = digits.slice(6, 7);
  const body = system + upcABody(five, last);
  return gs1CheckDigit(body) === digits.slice(7) ? body + digits.slice(7) : null;
}

function upcABody(five: string, last: string): string {
  if (last <= '2') return `${five.slice(0, 2)}${last}0000${five.slice(2)}`;
  if (last === '3') return `${five.slice(0, 3)}00000${five.slice(3)}`;
  if (last === '4') return `${five.slice(0, 4)}00000${five.slice(4)}`;
  return `${five}0000${last}`;
}

/**
 * The product number of a plain digit code as 14 digits, or null when no check digit fits.
 *
 * Eight digits can be EAN-8 or UPC-E and sometimes pass as both. The reader's word decides where it
 * gave one (`identifier`, e.g. `]E4`); else a leading 0 is UPC-E, because the GS1-8 prefix 0 is kept
 * for in-house numbers, and everything else is EAN-8.
 */
export function gtinOfDigits(digits: string, identifier: string | null): string | null {
  if (!isDigits(digits)) return null;
  const code = identifier === ']E3' ? withoutAddOn(digits) : digits;
  switch (code.length) {
    case 8:
      return gtinOfEight(code, identifier);
    case 12:
    case 13:
      return hasGs1Check(code) ? code.padStart(14, '0') : null;
    case 14:
      return hasGs1Check(code) ? code : null;
    default:
      return null;
  }
}

/** `]E3` carries an EAN-13 followed by its two- or five-digit add-on (magazines, books). */
function withoutAddOn(digits: string): string {
  return digits.length === 15 || digits.length === 18 ? digits.slice(0, 13) : digits;
}

function gtinOfEight(digits: string, identifier: string | null): string | null {
  const asEight = hasGs1Check(digits) ? digits.padStart(14, '0') : null;
  const asUpcA = expandUpcE(digits)?.padStart(14, '0') ?? null;
  if (identifier === ']E4') return asEight;
  if (identifier !== null && identifier.startsWith(']E')) return asUpcA ?? asEight;
  return digits.startsWith('0') ? (asUpcA ?? asEight) : (asEight ?? asUpcA);
}
