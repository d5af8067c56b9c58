import type { Message, OfferView } from '#contract/till-state.ts';
import { mayRedeem } from '#loyalty/market.ts';
import type { Quote, QuotedOffer } from '#loyalty/quote-types.ts';
import { programmeOf, type Core } from './core.ts';
import { grantHere } from './risk.ts';
import { shopMarket } from './market.ts';
import { sameReward, type RewardId } from './session.ts';
import { inUnitOf, unitView } from './unit-view.ts';

/** Most offers that are shown. */
const OFFERS_MAX = 32;

/** A reward's name among all programmes', for lists of what the server is being asked for. */
export function rewardKey({ programme, reward }: RewardId): string {
  return `${programme}/${reward}`;
}

/** Whether the server is being asked for the points of a reward. */
export function isRequesting(core: Core, reward: RewardId): boolean {
  return core.counter.requesting.has(rewardKey(reward));
}

/** What the shopper can use now, or nearly, as the counter shows it. */
export function offerViews(core: Core, quoted: Quote): OfferView[] {
  return quoted.offers.slice(0, OFFERS_MAX).map((offer) => offerView(core, offer));
}

function offerView(core: Core, offer: QuotedOffer): OfferView {
  const { reward, programme, name, costPoints, worthMinor, remainingPoints } = offer;
  const choices = choicesOf(core, offer);
  const unit = unitView(programmeOf(core, programme));
  const view = { reward, programme, name, costPoints, unit, worthMinor, remainingPoints, choices };
  const isOnSale = core.counter.session.rewards.some((known) => sameReward(known, offer));
  if (isOnSale || offer.state === 'applied') return { ...view, state: 'applied', reason: null };
  if (isRequesting(core, offer)) return { ...view, state: 'requesting', reason: null };
  const why = offerRefusal(core, offer, choices[0]?.sku ?? null);
  return why === null
    ? { ...view, state: 'available', reason: null }
    : { ...view, state: 'unavailable', reason: why };
}

/** Products a reward leaves to choose from; empty where there is no choice. */
function choicesOf(core: Core, offer: QuotedOffer): OfferView['choices'] {
  if (offer.reason?.code !== 'choose-product') return [];
  const reward = programmeOf(core, offer.programme)?.rewards.find(({ id }) => id === offer.reward);
  if (reward?.value.kind !== 'product') return [];
  const { skus } = reward.value;
  return core.config.products
    .filter(({ sku }) => skus.includes(sku))
    .slice(0, OFFERS_MAX)
    .map(({ sku, name }) => ({ sku, name }));
}

/** Why an offer cannot be used now; null where it can. The same for the button and for the tap. */
export function offerRefusal(core: Core, offer: QuotedOffer, sku: string | null): Message | null {
  const why = refusalOf(core, offer, sku);
  return why === null ? null : inUnitOf(programmeOf(core, offer.programme), why);
}

function refusalOf(core: Core, offer: QuotedOffer, sku: string | null): Message | null {
  const isChosen = offer.reason?.code === 'choose-product' && sku !== null;
  if (offer.state === 'unavailable' && !isChosen) {
    const { code, params } = offer.reason ?? { code: 'not-enough-points', params: {} };
    // Where nothing at all is held here, a number would only puzzle.
    if (code === 'offline-limit' && params['spendable'] === 0)
      return { code: 'offline', params: {} };
    return { code, params: { ...params } };
  }
  if (isChosen && offer.remainingPoints < offer.costPoints) {
    const missing = offer.costPoints - offer.remainingPoints;
    return { code: 'not-enough-points', params: { missing } };
  }
  if (offer.costPoints === 0 || programmeOf(core, offer.programme)?.holder === 'sale') return null;
  const proof = core.counter.session.member?.proof ?? 'declared';
  if (!mayRedeem(shopMarket(core), proof)) return { code: 'proof-needed', params: {} };
  if (isProgrammeTaken(core, offer)) return { code: 'another-reward-applied', params: {} };
  return core.link.online || isHeld(core, offer) ? null : { code: 'offline', params: {} };
}

/** Whether this till holds what the offer costs, or the shop takes the risk: then it needs no server. */
function isHeld(core: Core, { programme, costPoints }: QuotedOffer): boolean {
  const member = core.counter.session.member?.member;
  if (member === undefined) return false;
  return grantHere(core, { member, programme, points: costPoints }) !== null;
}

/** The ledger takes one spending of a programme per sale, so a second reward has to wait for the first. */
function isProgrammeTaken(core: Core, offer: QuotedOffer): boolean {
  const { session, requesting } = core.counter;
  const onSale = session.rewards.some(
    (known) =>
      known.hold !== null && known.programme === offer.programme && !sameReward(known, offer),
  );
  const own = rewardKey(offer);
  return onSale || [...requesting].some(([key, of]) => of === offer.programme && key !== own);
}
