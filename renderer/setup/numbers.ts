import { currencyExponent, isCurrency } from '#loyalty/money.ts';

/** Longest number anybody means: more digits are a slip or a paste. */
const DIGITS_MAX = 12;

/**
 * A typed amount in minor units; NaN where it is none.
 *
 * Takes both decimal marks and either kind of digits: `20`, `20,5`, `20.50`, `٢٠`. No grouping, because
 * `1.234` would be read two ways, and no exponents.
 */
export function amountFrom(text: string, currency: string): number {
  return decimalFrom(text, isCurrency(currency) ? currencyExponent(currency) : 2);
}

/** The same for anything with so many decimals, in its smallest unit. */
export function decimalFrom(text: string, exponent: number): number {
  const match = /^(\d+)(?:[.,٫](\d+))?$/.exec(latinDigits(text.trim()));
  const [, whole = '', decimals = ''] = match ?? [];
  if (match === null || whole.length > DIGITS_MAX || decimals.length > exponent) return Number.NaN;
  return Number(whole + decimals.padEnd(exponent, '0'));
}

/** A typed whole number; NaN where it is none. */
export function countFrom(text: string): number {
  const digits = latinDigits(text.trim());
  return /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** An amount as it is typed, in the language's own decimal mark. */
export function amountText(minor: number, currency: string, comma: boolean): string {
  return decimalText(minor, isCurrency(currency) ? currencyExponent(currency) : 2, comma);
}

/** The same for anything with so many decimals. */
export function decimalText(minor: number, exponent: number, comma: boolean): string {
  const digits = String(minor).padStart(exponent + 1, '0');
  const decimals = digits.slice(digits.length - exponent);
  const whole = digits.slice(0, digits.length - exponent);
  return exponent === 0 || /^0*$/.test(decimals)
    ? whole || digits
    : `${whole}${comma ? ',' : '.'}${decimals}`;
}

/** One notch of a knob that stands at `value`: about a tenth of it, a round number. */
export function notch(value: number, min: number): number {
  if (!Number.isFinite(value) || value < 20) return 1;
  const step = 10 ** (String(Math.floor(value)).length - 2);
  return Math.max(1, Math.min(step, value - min || step));
}

/** Arabic and Persian digits as Latin ones; nothing else is touched, a minus sign least of all. */
function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) =>
    String((digit.codePointAt(0) ?? 0) & 0x0f),
  );
}
