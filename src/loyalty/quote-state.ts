import { applyReward } from './apply-reward.ts';
import type { AddedGoods, Application, AppliedReward } from './application.ts';
import type { RewardClaim } from './claim-item.ts';
import { circumstancesReason, type Context } from './context.ts';
import { calculateEarned } from './earn.ts';
import { basketReason } from './matching.ts';
import type { Programme } from './programme.ts';
import {
  promotionsMax,
  redemptionsMax,
  type QuotedCode,
  type QuotedRedemption,
  type RefusedClaim,
} from './quote-types.ts';
import { reason as makeReason, type Reason } from './reason.ts';
import { err, type Result } from './result.ts';
import type { Reward } from './reward.ts';
import { scopeOf } from './scope.ts';
import type { Trace } from './trace.ts';
import { copyLines, unpaid, type WorkingLine } from './working.ts';

/** Whose points a programme's reward is paid with in this sale. */
export interface Purse {
  readonly holder: string | null;
  readonly holderKind: 'member' | 'bearer' | 'sale';
  /** Points that may be spent, less what this sale has spent already. */
  readonly pool: number;
}

/** A quote while it is being computed. */
export interface QuoteState {
  readonly context: Context;
  readonly lines: WorkingLine[];
  readonly trace: Trace;
  readonly redemptions: QuotedRedemption[];
  readonly addedGoods: AddedGoods[];
  readonly codes: QuotedCode[];
  readonly refused: RefusedClaim[];
  /** The one order-wide percentage that may apply, as `programme/reward`; `null` when none asks. */
  bestPercent: string | null;
  /** What was to be paid before member points were spent. */
  saleMinor: number;
}

/** Points this sale has spent already from a purse. */
export function spentSoFar(state: QuoteState, programme: Programme, holder: string | null): number {
  return state.redemptions.reduce(
    (sum, done) =>
      done.programme === programme.id && done.holder === holder ? sum + done.points : sum,
    0,
  );
}

/** Points the sale itself mints in a promotion, on these lines. */
export function mintedBySale(
  programme: Programme,
  lines: readonly WorkingLine[],
  context: Context,
): number {
  return calculateEarned({ programme, lines, context, trace: null }).points;
}

/** Whether the reward is a percentage off the whole order: at most one of those applies. */
export function isOrderPercent(reward: Reward): boolean {
  return reward.value.kind === 'percent' && reward.scope.kind === 'order';
}

function redeemedMinor(state: QuoteState, programme: Programme): number {
  return state.redemptions.reduce(
    (sum, done) => (done.programme === programme.id ? sum + done.valueMinor : sum),
    0,
  );
}

function usedInSale(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  purse: Purse,
): boolean {
  const most = reward.mostPerSale;
  if (most === null) return false;
  const used = state.redemptions.filter(
    (done) =>
      done.programme === programme.id && done.reward === reward.id && done.holder === purse.holder,
  );
  return used.length >= most;
}

/** Whether the sale has as many promotions as it takes. */
export function hasMostPromotions({ redemptions }: QuoteState): boolean {
  return redemptions.filter(({ holderKind }) => holderKind === 'sale').length >= promotionsMax;
}

/** Why the sale takes no more rewards of this kind; `null` where it does. */
function noRoom(state: QuoteState, purse: Purse, claim: RewardClaim | null): Reason | null {
  if (state.redemptions.length >= redemptionsMax)
    return makeReason('limit-used', { per: 'sale', most: redemptionsMax });
  const isPromotion = purse.holderKind === 'sale' && claim === null;
  return isPromotion && hasMostPromotions(state)
    ? makeReason('limit-used', { per: 'sale', most: promotionsMax })
    : null;
}

/** Tries a reward on `lines` (which it changes when it succeeds). */
export function tryReward(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  purse: Purse,
  claim: RewardClaim | null,
  lines: WorkingLine[],
): Result<AppliedReward, Reason> {
  const { context } = state;
  const why =
    circumstancesReason(reward, programme, context) ??
    basketReason(reward.conditions, scopeOf(reward, lines), lines) ??
    noRoom(state, purse, claim);
  if (why !== null) return err(why);
  const usedUp = usedInSale(state, programme, reward, purse);
  if (usedUp) return err(makeReason('limit-used', { per: 'sale', most: reward.mostPerSale ?? 0 }));
  const application: Application = {
    programme,
    reward,
    claim,
    pool: purse.pool,
    poolWithFree:
      purse.holderKind === 'sale' && reward.value.kind === 'product'
        ? (tried) =>
            mintedBySale(programme, tried, context) - spentSoFar(state, programme, purse.holder)
        : null,
    lines,
    context,
    saleMinor: state.saleMinor,
    redeemedMinor: redeemedMinor(state, programme),
  };
  return applyReward(application);
}

function traceRedemption(state: QuoteState, done: QuotedRedemption): void {
  const { programme, reward, points, valueMinor } = done;
  const params = { programme, reward, points, valueMinor };
  if (done.added !== null) {
    state.trace.add('goods-added', {
      programme,
      reward,
      points,
      sku: done.added.sku,
      units: done.units,
    });
  } else if (done.value === 'product') {
    state.trace.add('free-units', { ...params, units: done.units });
  } else if (done.value === 'price') state.trace.add('price-set', params);
  else if (done.value === 'benefit') state.trace.add('benefit', params);
  else if (done.value === 'donation') state.trace.add('donated', params);
  else if (done.stage === 'payment') state.trace.add('paid-with-value', params);
  else state.trace.add(done.holderKind === 'sale' ? 'discount' : 'redeemed', params);
}

/** Applies a reward for good and writes it down, or says why not. */
export function commitReward(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  purse: Purse,
  claim: RewardClaim | null,
): Reason | null {
  const applied = tryReward(state, programme, reward, purse, claim, state.lines);
  if (!applied.ok) return applied.error;
  const { points, valueMinor, roundingMinor, units, parts, added } = applied.value;
  const done: QuotedRedemption = {
    programme: programme.id,
    version: programme.version,
    reward: reward.id,
    name: reward.name,
    value: reward.value.kind,
    stage: reward.stage,
    holder: purse.holder,
    holderKind: purse.holderKind,
    points,
    valueMinor,
    roundingMinor,
    units,
    parts: state.lines
      .map((line, index) => ({ line: line.line.id, amountMinor: parts[index] ?? 0 }))
      .filter((part) => part.amountMinor !== 0),
    added,
  };
  state.redemptions.push(done);
  if (added !== null) state.addedGoods.push(added);
  traceRedemption(state, done);
  return null;
}

/** What a reward would do now, without doing it. */
export function previewReward(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  purse: Purse,
): Result<AppliedReward, Reason> {
  return tryReward(state, programme, reward, purse, null, copyLines(state.lines));
}

/** Remembers what is to be paid, as the base of "at most so much of the sale". */
export function rememberSaleAmount(state: QuoteState): void {
  state.saleMinor = Math.max(0, unpaid(state.lines));
}
