import type { Basket, Tax } from './basket.ts';
import type { QuoteSettings } from './context.ts';
import { currentProgrammes, emptyLedger, type Ledger } from './ledger.ts';
import { previewSale, settleSale } from './ledger-sale.ts';
import type { Programme } from './programme.ts';
import type { Quote, QuotedOffer } from './quote-types.ts';
import { assert } from './result.ts';
import type { SaleRequest } from './sale-request.ts';

/** One thing that is bought again and again, and where. */
export interface ExampleShop {
  readonly programmes: readonly Programme[];
  readonly settings: QuoteSettings;
  readonly currency: string;
  readonly taxes: readonly Tax[];
  readonly item: { readonly sku: string; readonly priceMinor: number };
  /** First visit; each of the next is a week later. */
  readonly startMs: number;
}

/** The first reward a shopper reaches who buys one item a week. */
export interface ExampleReward {
  /** Sales that were settled before it can be had. */
  readonly visits: number;
  readonly programme: string;
  readonly reward: string;
  readonly kind: QuotedOffer['value'];
  readonly costPoints: number;
  readonly worthMinor: number;
  readonly spentMinor: number;
}

/** What a programme does to one item, in numbers; every one of them is a quote's. */
export interface LiveExample {
  readonly priceMinor: number;
  readonly dueMinor: number;
  /** What the first item earns. */
  readonly earns: readonly { readonly programme: string; readonly points: number }[];
  /** Null: not within `EXAMPLE_VISITS_MAX` visits. */
  readonly reward: ExampleReward | null;
  /** The first voucher that a sale gives, with the sale that gives it. */
  readonly voucher: { readonly visits: number; readonly points: number } | null;
  /** The fewest units in one basket for which something comes off by itself. */
  readonly together: { readonly units: number; readonly discountMinor: number } | null;
  /** What the first code in the rules takes off. */
  readonly code: { readonly code: string; readonly discountMinor: number } | null;
  readonly warnings: readonly ExampleWarning[];
}

/** What an owner should know before opening. */
export type ExampleWarning =
  | { readonly code: 'many-visits'; readonly visits: number; readonly most: number }
  | { readonly code: 'no-reward'; readonly most: number }
  | { readonly code: 'dear'; readonly costPercent: number; readonly most: number }
  | { readonly code: 'at-once' };

/** How far the example looks. */
export const EXAMPLE_VISITS_MAX = 60;
/** A first reward further away than this is not aimed at. */
export const VISITS_WARN = 10;
/** A reward that costs more of what was sold than this is told to the owner. */
export const COST_WARN_PERCENT = 20;
const TOGETHER_MAX = 60;
const WEEK_MS = 604_800_000;
const SHOPPER = 'example';

/** Plays a shopper through the shop's own programmes: what the screen says is what a sale will do. */
export function liveExample(shop: ExampleShop): LiveExample {
  const start = emptyLedger(shop.settings, shop.programmes);
  const first = previewSale(start, visit(shop, 0));
  const walked = walk(shop, start);
  const example = {
    priceMinor: shop.item.priceMinor,
    dueMinor: first.dueMinor,
    earns: first.earnings.map(({ programme, points }) => ({ programme, points })),
    reward: walked.reward,
    voucher: walked.voucher,
    together: together(shop, start),
    code: codeOff(shop, start),
  };
  return { ...example, warnings: warningsOf(shop, example) };
}

function basket(shop: ExampleShop, units: number): Basket {
  const line = {
    id: 'item',
    sku: shop.item.sku,
    name: null,
    categories: [],
    kind: 'goods' as const,
    quantityMilli: units * 1000,
    unitPriceMinor: shop.item.priceMinor,
    taxes: [...shop.taxes],
  };
  return { currency: shop.currency, lines: [line] };
}

function visit(shop: ExampleShop, number: number, more: Partial<SaleRequest> = {}): SaleRequest {
  return {
    id: `visit-${number}`,
    basket: basket(shop, 1),
    member: SHOPPER,
    proof: 'verified',
    claims: [],
    nowMs: shop.startMs + number * WEEK_MS,
    channel: shop.settings.channel,
    ...more,
  };
}

function walk(shop: ExampleShop, start: Ledger): Pick<LiveExample, 'reward' | 'voucher'> {
  let ledger = start;
  let spentMinor = 0;
  let voucher: LiveExample['voucher'] = null;
  for (let visits = 0; visits <= EXAMPLE_VISITS_MAX; visits += 1) {
    const offer = bestOffer(previewSale(ledger, visit(shop, visits)));
    if (offer !== null) return { reward: rewardOf(offer, visits, spentMinor), voucher };
    const settled = settleSale(ledger, visit(shop, visits));
    assert(settled.ok, 'a sale of a new id is settled');
    const { quote } = settled.value;
    spentMinor += quote.dueMinor;
    const given = quote.awards.find((award) => award.kind === 'voucher');
    if (given !== undefined) {
      voucher = { visits: visits + 1, points: given.points };
      if (currentProgrammes(ledger).every(({ rewards }) => rewards.length === 0)) break;
      // What opens the voucher is a code on paper: the walk would never see an offer.
      return { reward: null, voucher };
    }
    ledger = settled.value.ledger;
  }
  return { reward: null, voucher };
}

function bestOffer(quote: Quote): QuotedOffer | null {
  const usable = quote.offers.filter(
    ({ state, costPoints }) => state === 'available' && costPoints > 0,
  );
  return usable.toSorted((a, b) => b.worthMinor - a.worthMinor)[0] ?? null;
}

function rewardOf(offer: QuotedOffer, visits: number, spentMinor: number): ExampleReward {
  const { programme, reward, value, costPoints, worthMinor } = offer;
  return { visits, programme, reward, kind: value, costPoints, worthMinor, spentMinor };
}

function together(shop: ExampleShop, start: Ledger): LiveExample['together'] {
  for (let units = 2; units <= TOGETHER_MAX; units += 1) {
    const { discountMinor } = previewSale(start, visit(shop, 0, { basket: basket(shop, units) }));
    if (discountMinor > 0) return { units, discountMinor };
  }
  return null;
}

function codeOff(shop: ExampleShop, start: Ledger): LiveExample['code'] {
  const conditions = shop.programmes.flatMap(({ rules }) =>
    rules.flatMap((rule) => rule.conditions),
  );
  const code = conditions.find((condition) => condition.kind === 'code')?.code;
  if (code === undefined) return null;
  const claims = [{ kind: 'code', code }] as const;
  return { code, discountMinor: previewSale(start, visit(shop, 0, { claims })).discountMinor };
}

function warningsOf(
  shop: ExampleShop,
  { reward, voucher, together: group, code }: Omit<LiveExample, 'warnings'>,
): ExampleWarning[] {
  if (reward === null) {
    const isMeant = shop.programmes.some(
      ({ holder, rewards }) =>
        holder === 'member' && rewards.some(({ costPoints }) => costPoints > 0),
    );
    const hasOther = voucher !== null || group !== null || code !== null;
    const isPaid = shop.programmes.some(
      ({ membership, rules }) =>
        membership !== null || rules.some(({ lines }) => lines.kinds !== null),
    );
    return isMeant && !hasOther && !isPaid ? [{ code: 'no-reward', most: EXAMPLE_VISITS_MAX }] : [];
  }
  if (reward.visits === 0) return [{ code: 'at-once' }];
  const warnings: ExampleWarning[] = [];
  if (reward.visits > VISITS_WARN) {
    warnings.push({ code: 'many-visits', visits: reward.visits, most: VISITS_WARN });
  }
  const costPercent = costOf(reward);
  if (costPercent !== null && costPercent > COST_WARN_PERCENT) {
    warnings.push({ code: 'dear', costPercent, most: COST_WARN_PERCENT });
  }
  return warnings;
}

/** What a reward costs of the sales that led to it, in whole percent; null where nothing was paid. */
export function costOf({ worthMinor, spentMinor }: ExampleReward): number | null {
  return spentMinor === 0 ? null : Math.round((worthMinor * 100) / spentMinor);
}
