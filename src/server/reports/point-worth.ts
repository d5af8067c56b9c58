import type { Programme } from '#loyalty/programme.ts';

/** Money for points as a fraction of minor units. */
export interface PointWorth {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * What one smallest unit of a programme's points is worth when redeemed.
 *
 * The reward that pays any amount decides; without one, the fixed reward that gives most. A
 * programme that gives goods alone is worth nothing in money.
 */
export function pointWorth(programme: Programme | undefined): PointWorth {
  let best: PointWorth = { numerator: 0, denominator: 1 };
  for (const { value, costPoints, enabled } of programme?.rewards ?? []) {
    if (!enabled || costPoints === 0) continue;
    if (value.kind === 'per-point') return { numerator: value.valueMinor, denominator: costPoints };
    if (value.kind !== 'fixed') continue;
    if (value.amountMinor * best.denominator > best.numerator * costPoints) {
      best = { numerator: value.amountMinor, denominator: costPoints };
    }
  }
  return best;
}
