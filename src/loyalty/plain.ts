import { minorPerMajor } from './money.ts';
import { type PointsUnit, smallestPerPoint } from './points.ts';
import { divide, multiply, rate, rational, roundToInteger, toNumber } from './rational.ts';

/**
 * Plain numbers, as other systems and people write amounts: 12.5 for 12.50, half a point as 0.5.
 *
 * Inside, everything is a whole number of the smallest unit; these are the two borders.
 */

/** A number as exact text, the digits that were written: 0.1 is a tenth. `null` for anything else. */
export function exactText(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
}

/** A plain number in units of which so many make one, rounded half up; `null` for anything else. */
export function inSmallest(value: unknown, perOne: number): number | null {
  const exact = exactText(value);
  if (exact === null) return null;
  return roundToInteger(multiply(rate(exact), rational(perOne)), 'half-up');
}

/** Smallest units as the plain number they make, to be shown: 1250 of 100 is 12.5. */
export function inPlain(amount: number, perOne: number): number {
  return toNumber(divide(rate(exactText(amount) ?? '0'), rational(perOne)));
}

/** What amounts are counted in. */
export interface PlainUnits {
  readonly currency: string;
  readonly points: PointsUnit;
}

/** How many of the smallest unit one of each is. */
export const perOne = ({ currency, points }: PlainUnits) => ({
  money: minorPerMajor(currency),
  points: smallestPerPoint(points),
  pieces: 1000,
});
