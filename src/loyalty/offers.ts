import { memberPurse, offlineReason, redeemingReason } from './member-stage.ts';
import type { Programme } from './programme.ts';
import { salePurse } from './promotions.ts';
import { isOrderPercent, previewReward, type Purse, type QuoteState } from './quote-state.ts';
import type { QuotedOffer } from './quote-types.ts';
import { reason, type Reason } from './reason.ts';
import { assertNever } from './result.ts';
import type { Reward } from './reward.ts';

/** What a reward is worth on paper, when it cannot be used now. */
function paperWorth(reward: Reward, state: QuoteState): number {
  const { value } = reward;
  switch (value.kind) {
    case 'per-point':
      return value.valueMinor;
    case 'fixed':
      return value.amountMinor;
    case 'product': {
      const [sku = ''] = value.skus;
      const line = state.lines.find((candidate) => candidate.line.sku === sku);
      const priceMinor = line?.line.unitPriceMinor ?? state.context.facts.pricesMinor[sku] ?? 0;
      return priceMinor * value.units;
    }
    case 'percent':
    case 'price':
    case 'benefit':
    case 'donation':
      return 0;
    default:
      return assertNever(value, 'paperWorth');
  }
}

function describe(
  state: QuoteState,
  programme: Programme,
  reward: Reward,
  purse: Purse,
  barred: Reason | null,
): QuotedOffer {
  const common = {
    programme: programme.id,
    reward: reward.id,
    name: reward.name,
    value: reward.value.kind,
  };
  const used = state.redemptions.filter(
    (done) => done.programme === programme.id && done.reward === reward.id,
  );
  if (used.length > 0) {
    return {
      ...common,
      state: 'applied',
      costPoints: used.reduce((sum, done) => sum + done.points, 0),
      worthMinor: used.reduce(
        (sum, done) => sum + done.valueMinor + (done.added?.worthMinor ?? 0),
        0,
      ),
      remainingPoints: purse.pool,
      reason: null,
    };
  }
  const taken =
    isOrderPercent(reward) && state.bestPercent !== null ? reason('better-percent-applied') : null;
  const why = barred ?? taken;
  const tried = why === null ? previewReward(state, programme, reward, purse) : null;
  if (tried !== null && tried.ok) {
    const { points, valueMinor, added } = tried.value;
    return {
      ...common,
      state: 'available',
      costPoints: points,
      worthMinor: valueMinor + (added?.worthMinor ?? 0),
      remainingPoints: purse.pool - points,
      reason: null,
    };
  }
  return {
    ...common,
    state: 'unavailable',
    costPoints: reward.costPoints,
    worthMinor: paperWorth(reward, state),
    remainingPoints: purse.pool,
    reason: tried === null ? why : offlineReason(state, programme, reward, tried.error),
  };
}

const rank = { applied: 0, available: 1, unavailable: 2 } as const;

/**
 * What the shopper can use now or nearly, worth most first.
 *
 * Member programmes show every reward; promotions only what waits for a person's yes and is there.
 */
export function listOffers(state: QuoteState, programmes: readonly Programme[]): QuotedOffer[] {
  const offers: QuotedOffer[] = [];
  const empty = state.lines.length === 0;
  for (const programme of programmes) {
    if (programme.holder === 'bearer') continue;
    const ofMember = programme.holder === 'member';
    if (ofMember && state.context.member === null) continue;
    const barred = ofMember ? redeemingReason(programme, state.context) : null;
    const purse = ofMember ? memberPurse(state, programme) : salePurse(state, programme);
    for (const reward of programme.rewards) {
      if (!reward.enabled) continue;
      const offer = describe(state, programme, reward, purse, barred);
      const shown =
        ofMember || offer.state === 'applied' || (offer.state === 'available' && !empty);
      if (shown) offers.push(offer);
    }
  }
  return offers.toSorted(
    (a, b) =>
      rank[a.state] - rank[b.state] || b.worthMinor - a.worthMinor || a.costPoints - b.costPoints,
  );
}
