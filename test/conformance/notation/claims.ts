import { z } from 'zod';
import { type Claim, claimReward } from '#loyalty/claim-item.ts';
import { scaleOf } from '#loyalty/points.ts';
import type { ProgrammeProblem } from '#loyalty/programme-check.ts';
import type { Programme } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Reward } from '#loyalty/reward.ts';
import { type Fields, minor, smallest } from './fields.ts';
import { problemsOf } from './shape.ts';

const asked = z.strictObject({
  reward: z.string().optional(),
  choose: z.string().optional(),
  qty: z.number().optional(),
  points: z.number().optional(),
  amount: z.number().optional(),
  value: z.number().optional(),
  from_basket: z.boolean().optional(),
  /** What another system believes it costs; the engine's own price counts. */
  client_sent_cost: z.number().optional(),
});

/** What was asked for: the name of a reward, or a reward with how much of it. */
const claimNotation = z.union([z.string().transform((reward) => ({ reward })), asked]);

type Asked = z.infer<typeof asked>;

const STATED = 'stated';

function rewardOf(
  claim: Asked,
  programmes: readonly Programme[],
): { readonly programme: Programme; readonly reward: Reward } | null {
  const wanted = claim.reward?.replaceAll(' ', '-');
  const means = (reward: Reward): boolean =>
    wanted === undefined
      ? reward.value.kind === 'per-point' || reward.id === STATED
      : reward.id === wanted;
  for (const programme of programmes) {
    const reward = programme.rewards.find(means);
    if (reward !== undefined) return { programme, reward };
  }
  return null;
}

/**
 * Rewards that claims state by themselves: "100 points for 10.00", where no programme has one.
 *
 * In the notation of rewards, for the programme that is to honour them.
 */
export function statedRewards(written: unknown, programmes: readonly Programme[]): Fields[] {
  const parsed = z.array(claimNotation).safeParse(written);
  if (!parsed.success) return [];
  return parsed.data.flatMap((claim: Asked): Fields[] => {
    if (claim.reward !== undefined || rewardOf(claim, programmes) !== null) return [];
    const { points, value } = claim;
    const money = value === undefined ? {} : { type: 'discount', discount: 'fixed', value };
    return [{ id: STATED, cost_points: points, scope: 'order', ...money }];
  });
}

/** Claims from the short notation; a reward that no programme has is refused by its name. */
export function claimsFromNotation(
  written: unknown,
  programmes: readonly Programme[],
  currency: string,
): Result<Claim[], readonly ProgrammeProblem[]> {
  const parsed = z.array(claimNotation).safeParse(written);
  if (!parsed.success) return err(problemsOf(parsed.error));
  const claims: Claim[] = [];
  for (const [index, claim] of parsed.data.entries()) {
    const { reward, choose, qty, points, amount, from_basket }: Asked = claim;
    const found = rewardOf(claim, programmes);
    if (found === null) {
      return err([{ path: String(index), message: `no programme has a reward ${reward ?? ''}` }]);
    }
    const whole = points === undefined ? null : smallest(points, scaleOf(found.programme.unit));
    claims.push(
      claimReward(found.programme.id, found.reward.id, {
        sku: choose ?? null,
        units: qty ?? null,
        points: amount === undefined ? whole : minor(amount, currency),
        takes: from_basket === true ? 'basket' : null,
      }),
    );
  }
  return ok(claims);
}
