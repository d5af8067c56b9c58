import type { RewardClaim } from './claim-item.ts';
import type { Context } from './context.ts';
import type { Programme } from './programme.ts';
import type { Reward } from './reward.ts';
import type { WorkingLine } from './working.ts';

/** Goods that a reward puts beside the basket, free. */
export interface AddedGoods {
  readonly sku: string;
  readonly units: number;
  /** What they would have cost, where the price is known. */
  readonly worthMinor: number;
}

/** A reward as it was applied to the lines. */
export interface AppliedReward {
  /** In the smallest unit. */
  readonly points: number;
  /** Money it took off or paid. */
  readonly valueMinor: number;
  /** Part of `valueMinor` that cash rounding made and no line carries. */
  readonly roundingMinor: number;
  readonly units: number;
  /** Per line, in basket order. */
  readonly parts: readonly number[];
  readonly added: AddedGoods | null;
}

/** What a reward is applied to, and how far it may go. */
export interface Application {
  readonly programme: Programme;
  readonly reward: Reward;
  readonly claim: RewardClaim | null;
  /** Points that may be spent on it. */
  readonly pool: number;
  /** Points that would be there with these units free; only where the sale itself mints them. */
  readonly poolWithFree: ((lines: readonly WorkingLine[]) => number) | null;
  readonly lines: WorkingLine[];
  readonly context: Context;
  /** What was to be paid before any member spent points. */
  readonly saleMinor: number;
  /** What this programme's redemptions have taken already. */
  readonly redeemedMinor: number;
}
