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

/** A sale's price split between goods and points. */
export interface DeferredSplit {
  /** Stand-alone selling price of the points. */
  readonly pointsPriceMinor: number;
  readonly goodsMinor: number;
  readonly pointsMinor: number;
}

/** Splits sales between goods and points by relative selling price; the parts sum to the sales. */
export function splitSales(salesMinor: number, pointsPrice: Rational): DeferredSplit {
  const whole = add(rational(salesMinor), pointsPrice);
  const pointsMinor =
    salesMinor <= 0
      ? 0
      : roundToInteger(multiply(rational(salesMinor), divide(pointsPrice, whole)), 'half-up');
  return {
    pointsPriceMinor: roundToInteger(pointsPrice, 'half-up'),
    goodsMinor: salesMinor - pointsMinor,
    pointsMinor,
  };
}

/**
 * Revenue recognised so far and what stays a liability.
 *
 * Allocated × redeemed so far ÷ expected to be redeemed in all: breakage is recognised in the same
 * proportion (ASC 606-10-55-48); a new expectation changes only this step.
 */
export function recogniseRevenue(
  allocatedMinor: number,
  redeemed: number,
  expected: number,
): { readonly revenueMinor: number; readonly liabilityMinor: number } {
  const share = expected <= 0 || redeemed >= expected ? rational(1) : rational(redeemed, expected);
  const revenueMinor = roundToInteger(multiply(rational(allocatedMinor), share), 'half-up');
  return { revenueMinor, liabilityMinor: allocatedMinor - revenueMinor };
}

/** A day's movements, each signed as it stands in the ledger's own columns. */
export interface DayMovements {
  readonly earned: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly adjusted: number;
  readonly reversed: number;
}

/** Opening + earned − redeemed − expired + adjusted + reversed = closing. */
export function closingBalance(opening: number, day: DayMovements): number {
  return opening + day.earned - day.redeemed - day.expired + day.adjusted + day.reversed;
}
