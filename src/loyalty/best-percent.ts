import type { Claim } from './claim-item.ts';
import { memberPurse } from './member-stage.ts';
import type { Programme } from './programme.ts';
import { bearerPurse, enteredVoucher, salePurse, waitsForCode } from './promotions.ts';
import { isOrderPercent, previewReward, type Purse, type QuoteState } from './quote-state.ts';
import type { Reward } from './reward.ts';

function purseFor(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  claims: readonly Claim[],
): Purse | null {
  const claimed = claims.some(
    (claim) =>
      claim.kind === 'reward' && claim.programme === programme.id && claim.reward === reward.id,
  );
  if (programme.holder === 'member') return claimed ? memberPurse(state, programme) : null;
  if (programme.holder === 'bearer') {
    const voucher = enteredVoucher(state, programme);
    return voucher === null ? null : bearerPurse(state, programme, voucher);
  }
  const coded = programme.rules.some((rule) => rule.enabled && waitsForCode(rule, null));
  const entered = programme.rules.some((rule) =>
    [...state.context.codes].some((code) => waitsForCode(rule, code)),
  );
  const byItself = reward.applies === 'automatic' && (!coded || entered);
  return claimed || byItself ? salePurse(state, programme) : null;
}

/**
 * Finds the one order-wide percentage that may apply: the one that is worth most.
 *
 * Looked for on the basket as it is before any discount, ties to the earlier programme.
 */
export function findBestPercent(
  state: QuoteState,
  programmes: readonly Programme[],
  claims: readonly Claim[],
): string | null {
  let best: string | null = null;
  let bestMinor = 0;
  for (const programme of programmes) {
    for (const reward of programme.rewards) {
      if (!reward.enabled || !isOrderPercent(reward)) continue;
      const purse = purseFor(state, programme, reward, claims);
      if (purse === null) continue;
      const tried = previewReward(state, programme, reward, purse);
      if (tried.ok && tried.value.valueMinor > bestMinor) {
        best = `${programme.id}/${reward.id}`;
        bestMinor = tried.value.valueMinor;
      }
    }
  }
  return best;
}
