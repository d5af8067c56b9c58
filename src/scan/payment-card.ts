import { hasLuhnCheck, isDigitAt, isDigits } from './digits.ts';

const LENGTH_MIN = 13;
const LENGTH_MAX = 19;
/** Shorter whitelisted prefixes would let whole card networks through. */
const OWN_PREFIX_LENGTH_MIN = 4;
const DIGITS_LEFT_READABLE = 4;

/**
 * Whether digits are a bank card's number: 13 to 19 of them, right by Luhn, and of a bank's issuer
 * range (first digit 3 to 6, or 2221–2720), unless the tenant declared the range its own.
 *
 * Source: ISO/IEC 7812-1; PCI DSS 4.0, requirement 3 (what is not stored cannot leak).
 */
export function isPaymentCardNumber(digits: string, ownIssuerPrefixes: readonly string[]): boolean {
  return (
    isDigits(digits) &&
    digits.length >= LENGTH_MIN &&
    digits.length <= LENGTH_MAX &&
    isBankIssuer(digits) &&
    !isOwnIssuer(digits, ownIssuerPrefixes) &&
    hasLuhnCheck(digits)
  );
}

function isBankIssuer(digits: string): boolean {
  const first = digits.charAt(0);
  if (first >= '3' && first <= '6') return true;
  const four = Number(digits.slice(0, 4));
  return four >= 2_221 && four <= 2_720;
}

/** Whether the tenant declared this number's issuer range its own. */
export function isOwnIssuer(digits: string, ownIssuerPrefixes: readonly string[]): boolean {
  return ownIssuerPrefixes.some(
    (prefix) =>
      prefix.length >= OWN_PREFIX_LENGTH_MIN && isDigits(prefix) && digits.startsWith(prefix),
  );
}

/**
 * Whether a text holds a bank card's track anywhere: `B<number>^` (track 1, format B) or
 * `<number>=yymm` (track 2), with or without sentinels, because readers strip them.
 */
export function holdsPaymentCardTrack(text: string, ownIssuerPrefixes: readonly string[]): boolean {
  for (const run of digitRuns(text)) {
    const before = text.charAt(run.start - 1);
    const isFormatB = (before === 'B' || before === 'b') && text.charAt(run.end) === '^';
    const isTrackTwo =
      text.charAt(run.end) === '=' && isDigits(text.slice(run.end + 1, run.end + 5));
    if (!isFormatB && !isTrackTwo) continue;
    if (isPaymentCardNumber(text.slice(run.start, run.end), ownIssuerPrefixes)) return true;
  }
  return false;
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function digitRuns(text: string): readonly Run[] {
  return Array.from(text.matchAll(/\d+/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * The text with every possible bank card number made unreadable but for its last four digits.
 *
 * Meant for the one place where foreign text survives (`unknown`). It errs on the side of hiding:
 * any 13 to 19 neighbouring digits count, alone, inside a longer run, or in groups set apart by
 * single spaces, dots or hyphens. `magstripe` drops the Luhn condition, as a card was certainly swiped.
 */
export function maskPaymentCardNumbers(
  text: string,
  ownIssuerPrefixes: readonly string[],
  magstripe: boolean,
): string {
  return text.replaceAll(/\d(?:[ .-]?\d){12,}/g, (grouped) => {
    const digits = grouped.replaceAll(/[ .-]/g, '');
    return isSuspicious(digits, ownIssuerPrefixes, magstripe) ? masked(grouped) : grouped;
  });
}

function isSuspicious(
  digits: string,
  ownIssuerPrefixes: readonly string[],
  magstripe: boolean,
): boolean {
  if (isOwnIssuer(digits, ownIssuerPrefixes)) return false;
  if (magstripe && isBankIssuer(digits)) return true;
  for (let start = 0; start + LENGTH_MIN <= digits.length; start += 1) {
    for (
      let length = LENGTH_MIN;
      length <= LENGTH_MAX && start + length <= digits.length;
      length += 1
    ) {
      if (isPaymentCardNumber(digits.slice(start, start + length), ownIssuerPrefixes)) return true;
    }
  }
  return false;
}

function masked(grouped: string): string {
  let digitsAfter = grouped.replaceAll(/\D/g, '').length;
  let result = '';
  for (let index = 0; index < grouped.length; index += 1) {
    const isDigit = isDigitAt(grouped, index);
    result += isDigit && digitsAfter > DIGITS_LEFT_READABLE ? '•' : grouped.charAt(index);
    if (isDigit) digitsAfter -= 1;
  }
  return result;
}
