import { calculateEarned, type Earned } from './earn.ts';
import { mayEarn } from './market.ts';
import { standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import type { QuoteState } from './quote-state.ts';
import { Trace } from './trace.ts';

/** Whether the sale gives nothing in a programme: a blocked or too young member, or a redemption. */
export function earnsNothing(state: QuoteState, programme: Programme): boolean {
  const { member } = state.context;
  if (member !== null) {
    if (!standingIn(member, programme.id).enabled) return true;
    const { minimumAge } = programme.earning;
    if (minimumAge !== null && member.age !== null && member.age < minimumAge) return true;
  }
  if (programme.earning.earnsWhenRedeeming) return false;
  return state.redemptions.some((done) => done.programme === programme.id);
}

/**
 * What the member is given for the sale as it stands, caps included; `null` is nothing.
 *
 * For what counts on those points before they are written: a tier, points spent in their own sale.
 */
export function earnedNow(
  state: QuoteState,
  programme: Programme,
): Pick<Earned, 'points' | 'qualifyingPoints'> | null {
  const { lines, context } = state;
  const { member, settings } = context;
  if (member === null || !mayEarn(settings.market, member.proof)) return null;
  if (earnsNothing(state, programme)) return null;
  return calculateEarned({ programme, lines, context, trace: new Trace() });
}
