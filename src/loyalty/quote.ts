import { allocatedToPoints } from './accounting.ts';
import { awardsOf } from './awards.ts';
import { findBestPercent } from './best-percent.ts';
import { normaliseCode } from './card.ts';
import type { RewardClaim } from './claim-item.ts';
import { type Context, makeContext, programmeApplies } from './context.ts';
import { calculateEarned, nothingEarned } from './earn.ts';
import { effectiveAt, expiresAt } from './expiry.ts';
import type { VoucherFact } from './facts.ts';
import { mayEarn } from './market.ts';
import { redeemClaim } from './member-stage.ts';
import { standingIn } from './member.ts';
import { listOffers } from './offers.ts';
import type { Programme } from './programme.ts';
import {
  applyAutomatic,
  applyPromotion,
  bearerPurse,
  enteredVoucher,
  enterCode,
} from './promotions.ts';
import { earnsNothing } from './quote-earning.ts';
import { type QuoteState, rememberSaleAmount } from './quote-state.ts';
import {
  earningsMax,
  vouchersMax,
  type Quote,
  type QuotedAward,
  type QuotedEarning,
  type QuotedTier,
  type QuoteInput,
} from './quote-types.ts';
import { totalsOf } from './quote-totals.ts';
import { tiersWithSale } from './quote-tiers.ts';
import { reason, type Reason } from './reason.ts';
import { assert } from './result.ts';
import type { Reward } from './reward.ts';
import { Trace } from './trace.ts';
import { workingLines } from './working.ts';

interface Found {
  readonly programme: Programme;
  readonly reward: Reward;
}

function find(programmes: readonly Programme[], claim: RewardClaim): Found | null {
  const programme = programmes.find((candidate) => candidate.id === claim.programme);
  const reward = programme?.rewards.find(({ id, enabled }) => enabled && id === claim.reward);
  return programme === undefined || reward === undefined ? null : { programme, reward };
}

/** A reward of a coupon is paid by the coupon that was entered, never by what this sale mints. */
function claimPromotion(
  state: QuoteState,
  { programme, reward }: Found,
  claim: RewardClaim,
): Reason | null {
  if (programme.holder !== 'bearer') return applyPromotion(state, programme, reward, claim);
  const voucher = enteredVoucher(state, programme);
  if (voucher === null) return reason('code-needed');
  return applyPromotion(state, programme, reward, claim, bearerPurse(state, programme, voucher));
}

/** Promotions and codes in the order of asking; stored value is kept for the end. */
function promotions(
  state: QuoteState,
  input: QuoteInput,
  programmes: readonly Programme[],
): (() => void)[] {
  const payments: (() => void)[] = [];
  applyAutomatic(state, programmes);
  const keep = (programme: Programme, reward: Reward, voucher: VoucherFact): void => {
    payments.push(() => {
      applyPromotion(state, programme, reward, null, bearerPurse(state, programme, voucher));
    });
  };
  for (const claim of input.claims) {
    if (claim.kind === 'code') {
      enterCode(state, programmes, claim.code, keep);
      continue;
    }
    const found = find(programmes, claim);
    if (found === null) {
      state.refused.push({ claim, reason: reason('code-not-eligible') });
    } else if (found.programme.holder !== 'member') {
      const why = claimPromotion(state, found, claim);
      if (why !== null) state.refused.push({ claim, reason: why });
    }
  }
  return payments;
}

function redeem(
  state: QuoteState,
  input: QuoteInput,
  programmes: readonly Programme[],
  stage: Reward['stage'],
): void {
  for (const claim of input.claims) {
    const found = claim.kind === 'reward' ? find(programmes, claim) : null;
    if (claim.kind !== 'reward' || found === null || found.programme.holder !== 'member') continue;
    if (found.reward.stage !== stage) continue;
    const why = redeemClaim(state, found.programme, found.reward, claim);
    if (why !== null) state.refused.push({ claim, reason: why });
  }
}

function earn(
  state: QuoteState,
  programmes: readonly Programme[],
  input: QuoteInput,
  salesMinor: number,
): QuotedEarning[] {
  const earned: QuotedEarning[] = [];
  let silent: Programme | null = null;
  for (const programme of programmes) {
    if (programme.holder !== 'member' || programme.rules.length === 0) continue;
    if (earned.length === earningsMax || earnsNothing(state, programme)) {
      state.trace.add('earn-nothing', { programme: programme.id });
      continue;
    }
    const { lines, context, trace } = state;
    const result = calculateEarned({ programme, lines, context, trace });
    if (result === nothingEarned) silent ??= programme;
    if (result.points === 0) continue;
    const effectiveAtMs = effectiveAt(programme.earning.pendingDays, input.nowMs, input.settings);
    earned.push({
      programme: programme.id,
      version: programme.version,
      name: programme.name,
      points: result.points,
      qualifyingPoints: result.qualifyingPoints,
      basisMinor: result.basisMinor,
      breakdown: result.breakdown,
      effectiveAtMs,
      expiresAtMs: expiresAt(programme.expiry, effectiveAtMs, input.settings),
      allocatedMinor: allocatedToPoints(programme, result.points, salesMinor),
    });
  }
  // Campaigns for other goods explain nothing: only where nobody gave anything the first one says so.
  if (earned.length === 0 && silent !== null) {
    const { rounding } = silent.earning;
    state.trace.add('earn-total', { programme: silent.id, exact: '0', rounding, points: 0 });
  }
  return earned;
}

/** Awards of member programmes need a proven member; what a card or coupon gets does not. */
function award(
  state: QuoteState,
  programmes: readonly Programme[],
  proven: boolean,
): QuotedAward[] {
  let vouchers = 0;
  const awards = programmes
    .filter((programme) => proven || programme.holder !== 'member')
    .flatMap((programme) => awardsOf(programme, state.lines, state.context))
    .filter(({ kind, programme }) => {
      if (kind !== 'voucher' || (vouchers += 1) <= vouchersMax) return true;
      if (vouchers === vouchersMax + 1)
        state.trace.add('earn-capped', { programme, points: 0, cap: 'sale' });
      return false;
    });
  for (const given of awards) {
    if (given.kind === 'voucher') {
      state.trace.add('voucher-issued', { programme: given.programme, points: given.points });
    } else if (given.kind === 'badge') {
      state.trace.add('badge', { programme: given.programme, badge: given.badge });
    }
  }
  return awards;
}

function begin(input: QuoteInput): QuoteState {
  const codes = input.claims.flatMap((claim) =>
    claim.kind === 'code' ? [normaliseCode(claim.code)] : [],
  );
  const context: Context = makeContext({
    nowMs: input.nowMs,
    currency: input.basket.currency,
    member: input.member,
    facts: input.facts,
    settings: input.settings,
    codes: new Set(codes),
  });
  return {
    context,
    lines: workingLines(input.basket),
    trace: new Trace(),
    redemptions: [],
    addedGoods: [],
    codes: [],
    refused: [],
    bestPercent: null,
    saleMinor: 0,
  };
}

/**
 * What a basket costs, spends and earns: the one computation behind preview, till and server.
 *
 * Order: automatic promotions, then codes and promotions as asked (at most one order-wide
 * percentage, the best), then the member's redemptions, then stored value as payment; then earning:
 * base rules, multipliers, bonuses, caps, one rounding. Nothing is refused that a claim did not ask
 * for; a claim that cannot be honoured is in `refused` and changes nothing.
 */
export function quote(input: QuoteInput): Quote {
  assert(input.nowMs >= 0, 'a quote is made at an instant after 1970');
  const state = begin(input);
  const programmes = input.programmes.filter((programme) =>
    programmeApplies(programme, state.context),
  );
  rememberSaleAmount(state);
  state.bestPercent = findBestPercent(state, programmes, input.claims);
  const payments = promotions(state, input, programmes);
  rememberSaleAmount(state);
  redeem(state, input, programmes, 'discount');
  redeem(state, input, programmes, 'payment');
  for (const pay of payments) pay();
  const totals = totalsOf(state);
  state.trace.add('basket', { subtotalMinor: totals.subtotalMinor, totalMinor: totals.totalMinor });
  const proven = input.member !== null && mayEarn(input.settings.market, input.member.proof);
  const tiers = tiersWithSale(state, programmes);
  const reached: QuoteState = { ...state, context: withTiers(state.context, tiers) };
  const earned = earn(reached, programmes, input, totals.totalMinor);
  if (!proven && earned.length > 0) state.trace.add('earn-claimable', {});
  return {
    currency: input.basket.currency,
    ...totals,
    addedGoods: state.addedGoods,
    redemptions: state.redemptions,
    earnings: proven ? earned : [],
    claimable: proven ? [] : earned.filter((earning) => claimDays(programmes, earning) > 0),
    awards: award(reached, programmes, proven),
    tiers,
    offers: listOffers(state, programmes),
    codes: state.codes,
    refused: state.refused,
    trace: state.trace.steps,
  };
}

function withTiers(context: Context, tiers: readonly QuotedTier[]): Context {
  const { member } = context;
  if (member === null || tiers.length === 0) return context;
  const standings = { ...member.standings };
  for (const { programme, after } of tiers) {
    standings[programme] = { ...standingIn(member, programme), tier: after };
  }
  return { ...context, member: { ...member, standings } };
}

function claimDays(programmes: readonly Programme[], earning: QuotedEarning): number {
  const programme = programmes.find((candidate) => candidate.id === earning.programme);
  return programme?.receiptClaim.days ?? 0;
}
