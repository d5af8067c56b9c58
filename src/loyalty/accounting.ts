import type { Programme } from './programme.ts';
import {
  add,
  compare,
  divide,
  multiply,
  rate,
  type Rational,
  rational,
  roundToInteger,
  zero,
} from './rational.ts';
import { smallestToPoints } from './points.ts';

/** Stand-alone selling price of points: points × value × expected redemption, exactly. */
export function pointsSellingPrice(programme: Programme, points: number): Rational {
  const { pointValueMinor, expectedRedemptionPercent } = programme.accounting;
  if (pointValueMinor === null) return zero;
  const worth = multiply(smallestToPoints(points, programme.unit), rate(pointValueMinor));
  return multiply(worth, divide(rate(expectedRedemptionPercent), rational(100)));
}

/**
 * Part of a sale deferred for the points it gave, in minor units.
 *
 * IFRS 15 B39–B43, ASC 606-10-55-41..45: the price is split between goods and points by relative
 * stand-alone selling price. 0 with the simple method.
 */
export function allocatedToPoints(
  programme: Programme,
  points: number,
  salesMinor: number,
): number {
  if (programme.accounting.method === 'simple' || salesMinor <= 0) return 0;
  const price = pointsSellingPrice(programme, points);
  if (compare(price, zero) <= 0) return 0;
  const share = divide(price, add(rational(salesMinor), price));
  return roundToInteger(multiply(rational(salesMinor), share), 'half-up');
}
