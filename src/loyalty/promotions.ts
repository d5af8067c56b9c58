import { normaliseCode } from './card.ts';
import type { RewardClaim } from './claim-item.ts';
import { circumstancesReason, datesHold } from './context.ts';
import type { VoucherFact } from './facts.ts';
import { basketReason, matchingLines } from './matching.ts';
import type { Programme } from './programme.ts';
import {
  commitReward,
  hasMostPromotions,
  isOrderPercent,
  mintedBySale,
  type Purse,
  type QuoteState,
  spentSoFar,
} from './quote-state.ts';
import { reason, type Reason } from './reason.ts';
import type { Reward } from './reward.ts';
import type { Rule } from './rule.ts';

/** Whether a rule waits for this code. */
export function waitsForCode(rule: Rule, code: string | null): boolean {
  return rule.conditions.some(
    (condition) =>
      condition.kind === 'code' && (code === null || normaliseCode(condition.code) === code),
  );
}

function isCodeDriven(programme: Programme): boolean {
  return programme.rules.some((rule) => rule.enabled && waitsForCode(rule, null));
}

/** Goods are only added after a person's yes. */
function appliesByItself(reward: Reward): boolean {
  const addsGoods = reward.value.kind === 'product' && reward.value.takes === 'added';
  return reward.enabled && reward.applies === 'automatic' && !addsGoods;
}

/** The purse of a promotion: points the sale mints and spends at once. */
export function salePurse(state: QuoteState, programme: Programme): Purse {
  const minted = mintedBySale(programme, state.lines, state.context);
  return {
    holder: null,
    holderKind: 'sale',
    pool: minted - spentSoFar(state, programme, null),
  };
}

/** The purse of a coupon or gift card that was looked up. */
export function bearerPurse(state: QuoteState, programme: Programme, voucher: VoucherFact): Purse {
  return {
    holder: voucher.holder,
    holderKind: 'bearer',
    pool: voucher.available - spentSoFar(state, programme, voucher.holder),
  };
}

/** The coupon or gift card of a programme whose code was entered and that can be used. */
export function enteredVoucher(state: QuoteState, programme: Programme): VoucherFact | null {
  const { facts, codes } = state.context;
  const voucher = facts.vouchers.find(
    (fact) => fact.programme === programme.id && codes.has(normaliseCode(fact.code)),
  );
  return voucher === undefined || voucherReason(voucher, state) !== null ? null : voucher;
}

/** What a rule of a sale lacks now; `null` is nothing. */
function whyNot(rule: Rule, programme: Programme, state: QuoteState): Reason | null {
  if (!datesHold(rule.dates, state.context.day)) return reason('dates');
  const matching = matchingLines(rule.lines, programme.earning.lineKinds, state.lines);
  if (matching.length === 0) return reason('products-missing');
  return (
    circumstancesReason(rule, programme, state.context) ??
    basketReason(rule.conditions, matching, state.lines)
  );
}

/** Why a promotion mints nothing: what its first rule lacks. */
export function whyNothingMinted(programme: Programme, state: QuoteState): Reason | null {
  for (const rule of programme.rules) {
    if (!rule.enabled || rule.trigger.on !== 'sale') continue;
    const why = whyNot(rule, programme, state);
    if (why !== null) return why;
  }
  return null;
}

/** Why none of the rules that wait for a code holds; `null` when one does. */
function whyCodeFails(programme: Programme, code: string, state: QuoteState): Reason | null {
  const reasons = programme.rules
    .filter((rule) => rule.enabled && waitsForCode(rule, code))
    .map((rule) => whyNot(rule, programme, state));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

/** Applies one reward of a promotion; `null` when it did. */
export function applyPromotion(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  claim: RewardClaim | null,
  purse: Purse = salePurse(state, programme),
): Reason | null {
  if (isOrderPercent(reward) && state.bestPercent !== null) {
    if (state.bestPercent !== `${programme.id}/${reward.id}`) {
      state.trace.add('percent-not-best', { programme: programme.id, reward: reward.id });
      return reason('better-percent-applied');
    }
  }
  if (purse.holderKind === 'sale' && reward.costPoints > 0 && purse.pool <= 0) {
    const why = whyNothingMinted(programme, state);
    if (why !== null) return why;
  }
  return commitReward(state, programme, reward, purse, claim);
}

/** Rewards that a rule with effect `discount` gives at once, without points. */
function instantRewards(state: QuoteState, programme: Programme): Reward[] {
  return programme.rules.flatMap((rule) => {
    if (!rule.enabled || rule.effect.kind !== 'discount' || rule.trigger.on !== 'sale') return [];
    if (!datesHold(rule.dates, state.context.day)) return [];
    const { reward: wanted } = rule.effect;
    const matching = matchingLines(rule.lines, programme.earning.lineKinds, state.lines);
    const why =
      circumstancesReason(rule, programme, state.context) ??
      (matching.length === 0
        ? reason('products-missing')
        : basketReason(rule.conditions, matching, state.lines));
    if (why !== null) return [];
    return programme.rewards
      .filter((reward) => reward.enabled && reward.id === wanted)
      .map((reward) => ({ ...reward, costPoints: 0 }));
  });
}

/** Promotions that need nobody's word: product promotions first, an order-wide percentage last. */
export function applyAutomatic(state: QuoteState, programmes: readonly Programme[]): void {
  const waiting: { programme: Programme; reward: Reward }[] = [];
  const leftOut: string[] = [];
  const apply = (programme: Programme, reward: Reward, purse?: Purse): void => {
    const why = applyPromotion(state, programme, reward, null, purse);
    if (why?.code === 'limit-used' && hasMostPromotions(state)) leftOut.push(programme.id);
  };
  for (const programme of programmes) {
    for (const reward of instantRewards(state, programme)) {
      const holder: Purse = { holder: null, holderKind: 'sale', pool: 0 };
      if (isOrderPercent(reward)) waiting.push({ programme, reward });
      else apply(programme, reward, holder);
    }
    if (programme.holder !== 'sale' || isCodeDriven(programme)) continue;
    for (const reward of programme.rewards) {
      if (!appliesByItself(reward)) continue;
      if (isOrderPercent(reward)) waiting.push({ programme, reward });
      else apply(programme, reward);
    }
  }
  for (const { programme, reward } of waiting) {
    const purse: Purse =
      reward.costPoints === 0
        ? { holder: null, holderKind: 'sale', pool: 0 }
        : salePurse(state, programme);
    apply(programme, reward, purse);
  }
  // The first speaks for all: a step for each would leave no room for what was given.
  const [first] = leftOut;
  if (first !== undefined)
    state.trace.add('earn-capped', { programme: first, points: 0, cap: 'sale' });
}

function voucherReason(voucher: VoucherFact, state: QuoteState): Reason | null {
  if (voucher.state === 'used') return reason('code-used');
  if (voucher.state === 'blocked') return reason('account-blocked');
  const ended = voucher.expiresAtMs !== null && voucher.expiresAtMs <= state.context.nowMs;
  return ended ? reason('code-expired') : null;
}

/** What a code opens: a coupon's rewards at once, stored value later, or rules that wait for it. */
export function enterCode(
  state: QuoteState,
  programmes: readonly Programme[],
  entered: string,
  later: (programme: Programme, reward: Reward, voucher: VoucherFact) => void,
): void {
  const code = normaliseCode(entered);
  const outcome = (why: Reason | null, applied: boolean): void => {
    state.codes.push({
      code: entered,
      state: why === null ? (applied ? 'applied' : 'accepted') : 'refused',
      reason: why,
    });
    if (why !== null) state.trace.add('code-refused', { code: entered, reason: why.code });
  };
  const voucher = state.context.facts.vouchers.find((fact) => normaliseCode(fact.code) === code);
  if (voucher !== undefined) {
    const programme = programmes.find((candidate) => candidate.id === voucher.programme);
    const wrong =
      voucherReason(voucher, state) ??
      (programme === undefined ? reason('code-not-eligible') : null);
    if (wrong !== null || programme === undefined) return outcome(wrong, false);
    return outcome(openVoucher(state, programme, voucher, later), true);
  }
  const driven = programmes.filter((programme) =>
    programme.rules.some((rule) => rule.enabled && waitsForCode(rule, code)),
  );
  if (driven.length === 0) return outcome(reason('code-unknown'), false);
  let applied = false;
  let why: Reason | null = null;
  for (const programme of driven) {
    why = whyCodeFails(programme, code, state);
    if (programme.holder !== 'sale') continue;
    for (const reward of programme.rewards.filter(appliesByItself)) {
      const refused = applyPromotion(state, programme, reward, null);
      if (refused === null) applied = true;
      else why = refused;
    }
  }
  outcome(applied ? null : why, applied);
}

function openVoucher(
  state: QuoteState,
  programme: Programme,
  voucher: VoucherFact,
  later: (programme: Programme, reward: Reward, voucher: VoucherFact) => void,
): Reason | null {
  let why: Reason | null = null;
  let applied = false;
  for (const reward of programme.rewards.filter((candidate) => candidate.enabled)) {
    if (reward.stage === 'payment') {
      later(programme, reward, voucher);
      applied = true;
    } else if (reward.applies === 'automatic' || programme.rewards.length === 1) {
      why = applyPromotion(state, programme, reward, null, bearerPurse(state, programme, voucher));
      applied ||= why === null;
    }
  }
  return applied ? null : why;
}
