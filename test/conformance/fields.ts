import { minorPerMajor } from '#loyalty/money.ts';
import { formatRational, multiply, rate, rational, roundToInteger } from '#loyalty/rational.ts';

/** A JSON object of a case file. */
export type Fields = Readonly<Record<string, unknown>>;

/** A case asks for something this adapter has no translation for. */
export class NotTranslated extends Error {}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; empty when it is not there. */
export function fields(of: Fields, key: string): Fields {
  const value = of[key];
  return isFields(value) ? value : {};
}

/** The objects under a key; empty when it is not there. */
export function list(of: Fields, key: string): readonly Fields[] {
  const value = of[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A number, or `null` when it is not there. */
export function number(of: Fields, key: string): number | null {
  const value = of[key];
  return typeof value === 'number' ? value : null;
}

/** A text, or `null` when it is not there. */
export function text(of: Fields, key: string): string | null {
  const value = of[key];
  return typeof value === 'string' ? value : null;
}

/** One name or several, as a list; `null` when it is not there. */
export function names(of: Fields, key: string): string[] | null {
  const value = of[key];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

/** Fails the case for a key nobody reads. */
export function only(of: Fields, keys: string): void {
  const known = new Set(keys.split(' '));
  const unknown = Object.keys(of).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new NotTranslated(`keys ${unknown.join(', ')}`);
}

/** A case's decimal number as exact text. */
export function decimal(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
}

/** Major units of the case as minor units of the engine. */
export function minor(value: number, currency = 'EUR'): number {
  return roundToInteger(
    multiply(rate(decimal(value)), rational(minorPerMajor(currency))),
    'half-up',
  );
}

/** Minor units of the engine as the case's major units. */
export function major(amountMinor: number, currency = 'EUR'): number {
  return Number(formatRational(rational(amountMinor, minorPerMajor(currency))));
}

/** An instant of a case: a day or a local time, read as UTC. */
export function instant(value: string): number {
  const [day = '', time = '00:00:00'] = value.split('T');
  return Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
}
