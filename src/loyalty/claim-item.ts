import { z } from 'zod';
import { idField } from './fields.ts';
import type { Programme } from './programme.ts';

/** Schema of `Claim`. */
export const claimField = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reward'),
    programme: idField,
    reward: idField,
    /** How many points to spend at most; `null` is as many as possible. */
    points: z.int().min(0).nullable().default(null),
    /** For a product reward: how many units; `null` is as many as possible. */
    units: z.int().min(0).nullable().default(null),
    /** For a choice of products: which one. */
    sku: z.string().max(64).nullable().default(null),
    /** Overrides whether units come from the basket or are added beside it. */
    takes: z.enum(['basket', 'added']).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('code'), code: z.string().min(1).max(64) }),
]);

/** Something a person asked for: a reward applied, or a code entered; in the order of asking. */
export type Claim = Readonly<z.infer<typeof claimField>>;

/** A claim of a reward. */
export type RewardClaim = Extract<Claim, { kind: 'reward' }>;

/** A plain claim: as much as possible of a reward. */
export function claimReward(
  programme: string,
  reward: string,
  more: Partial<RewardClaim> = {},
): RewardClaim {
  return {
    kind: 'reward',
    programme,
    reward,
    points: null,
    units: null,
    sku: null,
    takes: null,
    ...more,
  };
}

/**
 * The claim of a reward by its name alone, as a shopper asks for it: the first programme that has it.
 *
 * Without a name it is the way to pay with points. `null` where no programme has such a reward.
 */
export function claimNamed(
  programmes: readonly Programme[],
  reward: string | null,
  more: Partial<RewardClaim> = {},
): RewardClaim | null {
  for (const { id, rewards } of programmes) {
    const found = rewards.find((of) =>
      reward === null ? of.value.kind === 'per-point' : of.id === reward,
    );
    if (found !== undefined) return claimReward(id, found.id, more);
  }
  return null;
}
