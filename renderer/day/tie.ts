import type { PointsOfDay } from '#contract/day.ts';

/** A day's points as an equation, and whether it holds. */
export interface Tie {
  readonly opening: number;
  readonly earned: number;
  readonly redeemed: number;
  readonly expired: number;
  /** Refunds, adjustments and transfers together; signed. */
  readonly other: number;
  readonly closing: number;
  /** What the accounts hold less what the movements say; 0 when the day ties. */
  readonly difference: number;
}

/**
 * Opening + movements = closing = the sum of the balances.
 *
 * The first two are the ledger's movements, the last is read from the accounts: a difference is
 * money somebody owes and is shown, never smoothed. Redeemed and expired are shown as amounts
 * whatever sign they came with.
 */
export function tieOf(points: PointsOfDay): Tie {
  const redeemed = Math.abs(points.redeemed);
  const expired = Math.abs(points.expired);
  const other = points.reversed + points.other;
  const byMovements = points.opening + points.earned - redeemed - expired + other;
  const gap = byMovements === points.closing ? 0 : points.closing - byMovements;
  return {
    opening: points.opening,
    earned: points.earned,
    redeemed,
    expired,
    other,
    closing: points.closing,
    difference: gap === 0 ? points.sumOfBalances - points.closing : gap,
  };
}

/** What points are worth when redeemed, rounded down to whole minor units. */
export function worthMinor(points: number, worth: PointsOfDay['worth']): number {
  return Number((BigInt(points) * BigInt(worth.numerator)) / BigInt(worth.denominator));
}
