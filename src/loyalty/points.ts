import { assert } from './result.ts';
import { currencyExponent, type Currency } from './money.ts';
import { type Rational, type Rounding, rational, multiply, roundToInteger } from './rational.ts';

/**
 * What a programme counts.
 *
 * Every amount of points in the engine is an integer in the smallest unit: with `scale` 1 the
 * number 265 means 26.5 points. `money` is a wallet and has the scale of its currency.
 */
export type PointsUnit =
  | { readonly kind: 'points'; readonly scale: 0 | 1 | 2 | 3 }
  | { readonly kind: 'stamps' }
  | { readonly kind: 'money'; readonly currency: Currency };

/** Digits after the point of an amount in this unit, 0–3. */
export function scaleOf(unit: PointsUnit): number {
  if (unit.kind === 'points') return unit.scale;
  return unit.kind === 'money' ? currencyExponent(unit.currency) : 0;
}

/** How many smallest units make one whole point: 1, 10, 100 or 1000. */
export function smallestPerPoint(unit: PointsUnit): number {
  return 10 ** scaleOf(unit);
}

/** Rounds exact points to the smallest unit; called once per earning, at its end. */
export function pointsToSmallest(points: Rational, unit: PointsUnit, rounding: Rounding): number {
  return roundToInteger(multiply(points, rational(smallestPerPoint(unit))), rounding);
}

/** Exact points of an amount in the smallest unit. */
export function smallestToPoints(amount: number, unit: PointsUnit): Rational {
  assert(Number.isSafeInteger(amount), 'points are a whole number of the smallest unit');
  return rational(amount, smallestPerPoint(unit));
}
