import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { normaliseDigits } from '#loyalty/card.ts';
import { markets, type MarketId } from '#loyalty/market.ts';
import { err, ok, type Result } from '#loyalty/result.ts';

/** A number as it is kept and as messages may be sent to it. */
export interface PhoneNumber {
  /** `+905321234567`. */
  readonly e164: string;
  /** False for a landline, where it can be told: no message reaches it. */
  readonly takesSms: boolean;
  /** The length is not one people here usually have: warn, do not refuse. */
  readonly unusual: boolean;
}

/** Why a text is no telephone number. */
export interface PhoneRefusal {
  readonly code: 'phone-empty' | 'phone-too-short' | 'phone-too-long' | 'phone-not-a-number';
}

/** Digits a number has at the least and at the most, country code included. Source: ITU-T E.164. */
const DIGITS_MIN = 7;
const DIGITS_MAX = 15;

/**
 * Reads a number as people type it: national with or without 0, `00` or `+` and country, spaces,
 * brackets, dashes, Arabic-Indic digits.
 *
 * Deliberately not stricter than the telephone network: German numbers of unusual length exist, and
 * a refused number is a lost member.
 */
export function readPhone(text: string, market: MarketId): Result<PhoneNumber, PhoneRefusal> {
  const plain = normaliseDigits(text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
    .replace(/[()/]/g, '')
    .replace(/^00/, '+');
  if (plain === '') return err({ code: 'phone-empty' });
  if (!/^\+?\d+$/.test(plain)) return err({ code: 'phone-not-a-number' });
  const digits = plain.replace('+', '').length;
  if (digits < DIGITS_MIN) return err({ code: 'phone-too-short' });
  if (digits > DIGITS_MAX) return err({ code: 'phone-too-long' });
  const region = markets[market].phone.region as CountryCode;
  const parsed = parsePhoneNumberFromString(plain, region);
  if (parsed === undefined) return err({ code: 'phone-not-a-number' });
  if (!/^\+[1-9][0-9]{6,14}$/.test(parsed.number)) return err({ code: 'phone-not-a-number' });
  return ok({
    e164: parsed.number,
    takesSms: takesSms(parsed.countryCallingCode, parsed.nationalNumber),
    unusual:
      !parsed.isPossible() || unusualLength(parsed.countryCallingCode, parsed.nationalNumber),
  });
}

/** Country rules this project holds data for; another country's numbers get the benefit of the doubt. */
function rulesOf(callingCode: string): (typeof markets)[MarketId]['phone'] | undefined {
  return Object.values(markets).find(({ phone }) => phone.callingCode === callingCode)?.phone;
}

function takesSms(callingCode: string, national: string): boolean {
  const prefixes = rulesOf(callingCode)?.mobilePrefixes ?? [];
  return prefixes.length === 0 || prefixes.some((prefix) => national.startsWith(prefix));
}

function unusualLength(callingCode: string, national: string): boolean {
  const rules = rulesOf(callingCode);
  return rules !== undefined && !rules.nationalLengths.includes(national.length);
}

/** The last two characters of a number or card: all that is ever shown of it. */
export function masked(value: string): string {
  return `··${value.slice(-2)}`;
}
