import type { RewardClaim } from './claim-item.ts';
import type { Context } from './context.ts';
import { mayRedeem } from './market.ts';
import { standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import { applyPromotion } from './promotions.ts';
import { earnedNow } from './quote-earning.ts';
import { type Purse, type QuoteState, spentSoFar } from './quote-state.ts';
import { reason, type Reason } from './reason.ts';
import type { Reward } from './reward.ts';

/** Why this member may not spend points of the programme at all now; `null` is may. */
export function redeemingReason(programme: Programme, context: Context): Reason | null {
  const { member, settings, facts } = context;
  if (member === null) return reason('member-needed');
  if (!standingIn(member, programme.id).enabled) return reason('account-blocked');
  if (!mayRedeem(settings.market, member.proof)) {
    return reason('proof-needed', { needed: settings.market.redeemFrom });
  }
  const { minimumAge, onEnrolSale } = programme.redemption;
  if (minimumAge !== null && (member.age === null || member.age < minimumAge)) {
    return reason('age-needed', { min: minimumAge });
  }
  const enrolsNow = facts.visits === 0 && member.enrolledOn === context.day;
  return !onEnrolSale && enrolsNow ? reason('enrol-sale') : null;
}

function ownSalePoints(state: QuoteState, programme: Programme): number {
  if (programme.redemption.ownSalePoints === 'future') return 0;
  return earnedNow(state, programme)?.points ?? 0;
}

/** What the member may spend here now; `everywhere` ignores what this till holds offline. */
export function memberPurse(state: QuoteState, programme: Programme, everywhere = false): Purse {
  const { member } = state.context;
  if (member === null) return { holder: null, holderKind: 'member', pool: 0 };
  const standing = standingIn(member, programme.id);
  const here = everywhere
    ? standing.available
    : Math.min(standing.available, standing.spendableHere);
  const spent = spentSoFar(state, programme, member.ref);
  return {
    holder: member.ref,
    holderKind: 'member',
    pool: here + ownSalePoints(state, programme) - spent,
  };
}

/** Spends the member's points on a reward, or says why not. */
export function redeemClaim(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  claim: RewardClaim,
): Reason | null {
  const why = redeemingReason(programme, state.context);
  if (why !== null) return why;
  const refused = applyPromotion(state, programme, reward, claim, memberPurse(state, programme));
  return refused === null ? null : offlineReason(state, programme, reward, refused);
}

/** Says "offline" where the points are there but not at this till. */
export function offlineReason(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  refused: Reason,
): Reason {
  if (refused.code !== 'not-enough-points') return refused;
  const everywhere = memberPurse(state, programme, true).pool;
  const here = memberPurse(state, programme).pool;
  if (everywhere <= here || everywhere < reward.costPoints) return refused;
  return reason('offline-limit', { spendable: here, have: everywhere });
}
