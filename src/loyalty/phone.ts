import { normaliseDigits } from './card.ts';
import type { PhoneCountry } from './market.ts';

/**
 * A typed phone number as E.164, e.g. `+905321234567`; `null` when it cannot be one.
 *
 * Takes national forms with and without the trunk 0, `+cc…`, `00cc…`, spaces, brackets and
 * Arabic-Indic digits. An unusual length is accepted here; the till warns about it.
 */
export function internationalNumber(typed: string, country: PhoneCountry): string | null {
  const plain = normaliseDigits(typed).replace(/[()/]/g, '');
  if (!/^\+?\d{4,17}$/.test(plain)) return null;
  const international = plain.startsWith('+')
    ? plain.slice(1)
    : plain.startsWith('00')
      ? plain.slice(2)
      : null;
  if (international !== null) return checked(international);
  const national = plain.replace(/^0/, '');
  const bare =
    national.startsWith(country.callingCode) &&
    country.nationalLengths.includes(national.length - country.callingCode.length) &&
    !country.nationalLengths.includes(national.length);
  return checked(bare ? national : country.callingCode + national);
}

function checked(digits: string): string | null {
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : null;
}

/** Whether a national number has the length numbers have here. */
export function hasUsualLength(e164: string, country: PhoneCountry): boolean {
  const national = e164.slice(1 + country.callingCode.length);
  return (
    e164.startsWith(`+${country.callingCode}`) && country.nationalLengths.includes(national.length)
  );
}
