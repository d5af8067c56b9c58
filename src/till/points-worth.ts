import type { Programme } from '#loyalty/programme.ts';
import { smallestPerPoint } from '#loyalty/points.ts';
import { rate } from '#loyalty/rational.ts';

/** Money of one point in its smallest unit, as a fraction of minor units. */
export interface PointWorth {
  readonly numerator: number;
  readonly denominator: number;
}

const NOTHING: PointWorth = { numerator: 0, denominator: 1 };

/**
 * What one point buys: by paying with points where that is possible, else by the shop's own valuation,
 * else by the reward that gives most for a point. Nothing where points buy no money.
 */
export function worthOfPoint(programme: Programme): PointWorth {
  const rewards = programme.rewards.filter(({ enabled, costPoints }) => enabled && costPoints > 0);
  for (const { value, costPoints } of rewards) {
    if (value.kind === 'per-point') return { numerator: value.valueMinor, denominator: costPoints };
  }
  const { pointValueMinor } = programme.accounting;
  if (pointValueMinor !== null) {
    const { numerator, denominator } = rate(pointValueMinor);
    const scaled = denominator * BigInt(smallestPerPoint(programme.unit));
    return { numerator: Number(numerator), denominator: Number(scaled) };
  }
  return rewards
    .flatMap(({ value, costPoints }) =>
      value.kind === 'fixed' ? [{ numerator: value.amountMinor, denominator: costPoints }] : [],
    )
    .reduce(
      (best, next) =>
        next.numerator * best.denominator > best.numerator * next.denominator ? next : best,
      NOTHING,
    );
}

/** What so many points are worth, rounded down; never negative. */
export function pointsWorthMinor(programme: Programme, points: number): number {
  if (points <= 0) return 0;
  const { numerator, denominator } = worthOfPoint(programme);
  return Number((BigInt(points) * BigInt(numerator)) / BigInt(denominator));
}
