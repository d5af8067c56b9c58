import { minorPerMajor } from '#loyalty/money.ts';
import { multiply, rate, rational, roundToInteger, toNumber } from '#loyalty/rational.ts';

/** Readers of written-down values: whole JSON objects in, exact integers out. */

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** What amounts of a notation are counted in. */
export interface NotationUnits {
  /** ISO 4217; money is written in its major units. */
  readonly currency: string;
  /** Digits after the point of the programme's points. */
  readonly scale: 0 | 2;
}

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

/** A name for people where the notation has one language. */
export function named(en: string): { readonly en: string } {
  return { en };
}

/** A decimal number as exact text, at most 12 places. */
export function decimal(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
}

/** Major units as minor units; half a minor unit is rounded up. */
export function minor(value: number, currency: string): number {
  return roundToInteger(
    multiply(rate(decimal(value)), rational(minorPerMajor(currency))),
    'half-up',
  );
}

/** An amount under a key in minor units, or `null` when it is not there. */
export function minorOrNull(of: Fields, key: string, currency: string): number | null {
  const value = number(of, key);
  return value === null ? null : minor(value, currency);
}

/** Minor units as major units. */
export function major(amountMinor: number, currency: string): number {
  return toNumber(rational(amountMinor, minorPerMajor(currency)));
}

/** Written points as whole smallest units. */
export function smallest(points: number, scale: number): number {
  return roundToInteger(multiply(rate(decimal(points)), rational(10 ** scale)), 'half-up');
}
