import { CODE_LENGTH_MAX } from '#contract/till.ts';
import type { TillState } from '#contract/till-state.ts';
import { isCardNumber, normaliseDigits } from '#loyalty/card.ts';
import { hasGs1CheckDigit } from '#loyalty/ean13.ts';
import { looksLikePhone } from '#renderer/format/phone.ts';

type Market = TillState['shop']['market'];

/** Longest number a person types into the entry line: a phone number with its country code. */
export const ENTRY_LENGTH_MAX = 16;
/** A letter anywhere makes it a code: no amount, phone, card or product has one. */
const codePattern = /^[\p{L}\d-]+$/u;
const letter = /\p{L}/u;
const amountDigitsMax = 7;

/** What Enter would do with the digits typed so far. */
export type EntryMeaning =
  | { readonly kind: 'empty' }
  | { readonly kind: 'amount'; readonly minor: number }
  | { readonly kind: 'phone'; readonly digits: string }
  | { readonly kind: 'card'; readonly number: string }
  /** GTIN normalised to 14 digits. */
  | { readonly kind: 'product'; readonly gtin: string }
  /** A promotion's code, a coupon or a gift card. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'unclear' };

/**
 * Tells amounts, phones, cards and products apart by their length and check digit alone.
 *
 * | digits | meaning |
 * |---|---|
 * | 1–7 | amount in minor units (7, because 10,000.00 has seven) |
 * | 13 from 29, check digit right | member card |
 * | the market's phone lengths | phone |
 * | 8, 12, 13, check digit right | product |
 * | any with a letter | code |
 */
export function meaningOfEntry(entry: string, market: Market): EntryMeaning {
  if (entry === '') return { kind: 'empty' };
  if (letter.test(entry)) return { kind: 'code', text: entry };
  const international = entry.startsWith('+');
  if (!international && entry.length <= amountDigitsMax)
    return { kind: 'amount', minor: Number(entry) };
  if (isCardNumber(entry)) return { kind: 'card', number: entry };
  const isProduct = /^(?:\d{8}|\d{12}|\d{13})$/.test(entry) && hasGs1CheckDigit(entry);
  const isPhone = looksLikePhone(entry, market);
  if (isPhone && !(isProduct && !entry.startsWith('0'))) return { kind: 'phone', digits: entry };
  if (isProduct) return { kind: 'product', gtin: entry.padStart(14, '0') };
  return { kind: 'unclear' };
}

/**
 * The entry after one more character: digits, a leading plus, letters of a code and its dashes.
 * Anything else is left out.
 */
export function typed(entry: string, character: string): string {
  const isCode = letter.test(character) || (character === '-' && letter.test(entry));
  if (isCode && [...character].length === 1 && codePattern.test(entry + character)) {
    return (entry + character.toUpperCase()).slice(0, CODE_LENGTH_MAX);
  }
  const latin = normaliseDigits(character);
  const longest = letter.test(entry) ? CODE_LENGTH_MAX : ENTRY_LENGTH_MAX;
  const fits = /^\d{1,2}$/.test(latin) || (latin === '+' && entry === '');
  if (!fits) return entry;
  return (entry + latin).slice(0, longest);
}
