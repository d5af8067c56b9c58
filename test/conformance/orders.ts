import type { BasketLine } from '#loyalty/basket.ts';
import { type Claim, claimReward } from '#loyalty/claim-item.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { smallestToPoints } from '#loyalty/points.ts';
import type { Programme, ProgrammeDocument } from '#loyalty/programme.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import { formatRational } from '#loyalty/rational.ts';
import {
  decimal,
  type Fields,
  isFields,
  list,
  major,
  minor,
  names,
  NotTranslated,
  number,
  only,
  text,
} from './fields.ts';
import { smallest } from './fields.ts';

/** A basket of a case, which later steps change. */
export interface Order {
  readonly id: string;
  readonly step: Fields;
  readonly lines: readonly Fields[];
  readonly claims: readonly unknown[];
  readonly codes: readonly string[];
  readonly member: string | null;
  readonly atMs: number;
}

const lineKeys = 'sku price qty taxes type card voided category tag tags line_discount_percent';
const kinds: Readonly<Record<string, BasketLine['kind']>> = {
  gift_card: 'gift-card',
  GIFTCARD: 'gift-card',
  MEMBERSHIP: 'membership',
  delivery: 'delivery',
  fee: 'fee',
};

function taxes(line: Fields): BasketLine['taxes'] {
  return list(line, 'taxes').map((tax): BasketLine['taxes'][number] => {
    only(tax, 'rate included id fixed amount');
    const fixed = number(tax, 'fixed');
    if (fixed !== null) return { kind: 'per-unit', amountMinor: minor(fixed) };
    const amount = number(tax, 'amount');
    if (amount !== null) return { kind: 'contained', amountMinor: minor(amount) };
    return {
      kind: 'rate',
      percent: decimal(number(tax, 'rate') ?? 0),
      included: tax['included'] === true,
    };
  });
}

function basketLine(line: Fields, index: number): BasketLine {
  only(line, lineKeys);
  const sku = text(line, 'sku') ?? '';
  const off = number(line, 'line_discount_percent');
  const tags = [...(names(line, 'tag') ?? []), ...(names(line, 'tags') ?? [])].map(
    (tag) => `tag:${tag}`,
  );
  return {
    id: `l${index}`,
    sku,
    name: null,
    categories: [
      ...(names(line, 'category') ?? []),
      ...tags,
      ...(off === null ? [] : [`off:${decimal(off)}`]),
    ],
    kind: kinds[text(line, 'type') ?? sku] ?? 'goods',
    quantityMilli: smallest(number(line, 'qty') ?? 1, 3),
    unitPriceMinor: minor(number(line, 'price') ?? 0),
    taxes: taxes(line),
  };
}

/** Promotions that only this basket has: the cashier's own discounts, stored value as a tender. */
export function extrasOf(order: Order): ProgrammeDocument[] {
  const extra = (
    id: string,
    reward: Omit<
      NonNullable<ProgrammeDocument['rewards']>[number],
      'id' | 'name' | 'costPoints' | 'applies'
    >,
  ): ProgrammeDocument => ({
    id,
    version: 1,
    name: { en: id },
    currencies: ['EUR'],
    holder: 'sale',
    rewards: [{ ...reward, id, name: { en: id }, costPoints: 0, applies: 'automatic' }],
  });
  const manual = number(order.step, 'manual_discount');
  const offs = new Set(
    order.lines.map((line) => number(line, 'line_discount_percent')).filter((off) => off !== null),
  );
  return [
    ...(manual === null
      ? []
      : [extra('manual', { value: { kind: 'fixed', amountMinor: minor(manual) } })]),
    ...[...offs].map((off) =>
      extra(`off${off}`, {
        value: { kind: 'percent', percent: decimal(off) },
        scope: { kind: 'lines', lines: { categories: [`off:${decimal(off)}`] } },
      }),
    ),
  ];
}

/** Rewards a claim states by itself: so many points for so much money. */
export function statedRewards(order: Order, programmes: readonly Programme[]): Fields[] {
  return order.claims.flatMap((claim) => {
    if (!isFields(claim) || text(claim, 'reward') !== null || rewardOf(claim, programmes) !== null)
      return [];
    const value = number(claim, 'value');
    return [
      {
        id: 'stated',
        cost_points: number(claim, 'points'),
        ...(value === null ? {} : { type: 'discount', discount: 'fixed', scope: 'order', value }),
      },
    ];
  });
}

function rewardOf(claim: unknown, programmes: readonly Programme[]) {
  const wanted = typeof claim === 'string' ? claim : isFields(claim) ? text(claim, 'reward') : null;
  for (const programme of programmes) {
    for (const reward of programme.rewards) {
      const anyPayment =
        wanted === null && (reward.value.kind === 'per-point' || reward.id === 'stated');
      if (anyPayment || reward.id === wanted?.replaceAll(' ', '-')) return { programme, reward };
    }
  }
  return null;
}

function claimOf(claim: unknown, programmes: readonly Programme[]): Claim[] {
  const found = rewardOf(claim, programmes);
  if (found === null) throw new NotTranslated(`claim ${JSON.stringify(claim)}`);
  const { programme, reward } = found;
  if (!isFields(claim)) return [claimReward(programme.id, reward.id)];
  only(claim, 'reward choose qty points amount value from_basket client_sent_cost');
  const points = number(claim, 'points');
  const amount = number(claim, 'amount');
  const scale = programme.unit.kind === 'points' ? programme.unit.scale : 0;
  return [
    claimReward(programme.id, reward.id, {
      sku: text(claim, 'choose'),
      units: number(claim, 'qty'),
      points: amount !== null ? minor(amount) : points === null ? null : smallest(points, scale),
      takes: claim['from_basket'] === true ? 'basket' : null,
    }),
  ];
}

/** The basket as the engine takes it. */
export function requestOf(order: Order, programmes: readonly Programme[]): SaleRequest {
  const { step } = order;
  const codes = order.codes.map((code): Claim => ({ kind: 'code', code }));
  const claims = order.claims.flatMap((claim) => claimOf(claim, programmes));
  const currency = text(step, 'currency') ?? programmes[0]?.currencies[0] ?? 'EUR';
  return {
    id: order.id,
    basket: {
      currency,
      lines: order.lines.filter((line) => line['voided'] !== true).map(basketLine),
    },
    member: order.member,
    proof: 'verified',
    claims: step['code_last'] === true ? [...claims, ...codes] : [...codes, ...claims],
    nowMs: order.atMs,
    channel: text(step, 'channel') ?? 'pos',
  };
}

function byTax(order: Order, quote: Quote): Record<string, number> {
  const found: Record<string, number> = {};
  order.lines.forEach((line, index) => {
    const id = list(line, 'taxes')
      .map((tax) => text(tax, 'id'))
      .find((tax) => tax !== null);
    const quoted = quote.lines.find((candidate) => candidate.line.id === `l${index}`);
    if (id !== null && id !== undefined && quoted !== undefined && quoted.discountMinor > 0) {
      found[id] = major(quoted.discountMinor);
    }
  });
  return found;
}

function freeUnits(quote: Quote): Record<string, number> {
  const free: Record<string, number> = {};
  for (const done of quote.redemptions) {
    if (done.value !== 'product') continue;
    const sku = done.added?.sku ?? quote.lines.find((line) => line.freeMilli > 0)?.line.sku ?? '';
    free[sku] = done.units;
  }
  return free;
}

/** A quote in the words of expectations. */
export function showQuote(
  order: Order,
  quote: Quote,
  main: Programme,
  programmes: readonly Programme[],
): Shown {
  const own = (of: { readonly programme: string }): boolean => of.programme === main.id;
  const points = (amount: number): number =>
    Number(formatRational(smallestToPoints(amount, main.unit)));
  const earning = quote.earnings.find(own);
  const spending = quote.redemptions.filter(own);
  const spent = spending.reduce((sum, done) => sum + done.points, 0);
  const discounts = quote.redemptions.filter(
    ({ valueMinor, stage }) => valueMinor > 0 && stage === 'discount',
  );
  const bonus = Object.keys(earning?.breakdown ?? {}).includes('comeback')
    ? (earning?.points ?? 0)
    : 0;
  const comeback = quote.awards.find(({ kind }) => kind === 'comeback');
  const last = quote.redemptions.at(-1);
  const used = quote.redemptions.filter(({ valueMinor }) => valueMinor > 0);
  const refusal = [...quote.codes, ...quote.refused].find((item) => item.reason !== null)?.reason
    ?.code;
  const claimable = quote.offers
    .filter(({ state }) => state === 'available')
    .map(({ name }) => name['en'] ?? '');
  const unused = programmes
    .flatMap(({ rewards }) => rewards.map(({ id }) => id))
    .filter((id) => !quote.redemptions.some(({ reward }) => reward === id));
  const errors: Readonly<Record<string, string>> = {
    'minimum-amount': 'minimum_not_met',
    'products-missing': 'not_eligible',
  };
  const tier = quote.tiers.find(own)?.after ?? null;
  return {
    total: major(quote.dueMinor, quote.currency),
    due: major(quote.dueMinor, quote.currency),
    tax: major(quote.taxMinor, quote.currency),
    untaxed: major(quote.untaxedDueMinor, quote.currency),
    discount: major(-quote.discountMinor, quote.currency),
    earned: points(earning?.points ?? 0),
    preview_earned: points(earning?.points ?? 0),
    credited: points(earning?.points ?? 0),
    basis: major(earning?.basisMinor ?? 0, quote.currency),
    breakdown: Object.fromEntries(
      Object.entries(earning?.breakdown ?? {}).map(([rule, part]) => [rule, points(part)]),
    ),
    promotion_applied: Object.keys(earning?.breakdown ?? {}).find((rule) => rule !== 'base'),
    spent: points(spent),
    allowed_or_explained: spent > 0 || refusal !== undefined,
    points_left: points(quote.offers.find(own)?.remainingPoints ?? 0),
    applied: quote.redemptions.map(({ reward }) => reward),
    not_applied: unused,
    not_auto_applied: unused,
    free: freeUnits(quote),
    claimable,
    reward_lines: discounts.map(({ reward, valueMinor }) => ({
      reward,
      amount: major(-valueMinor),
    })),
    reward_amount: major(-(last?.valueMinor ?? 0), quote.currency),
    reward_gross: major(-(last?.valueMinor ?? 0), quote.currency),
    gift_card_used: major(quote.paidByValueMinor, quote.currency),
    discounts_by_tax: byTax(order, quote),
    discount_lines: quote.taxGroups.filter(({ discountMinor }) => discountMinor > 0).length,
    line_count: [...quote.lines, ...used].length,
    codes_kept: quote.codes.filter(({ state }) => state !== 'refused').map(({ code }) => code),
    error: errors[refusal ?? ''] ?? refusal,
    tier: main.tiers.find(({ id }) => id === tier)?.name['en'] ?? null,
    bonus: points(bonus),
    receipt_offer_until: comeback?.kind === 'comeback' ? comeback.lastDay : null,
    [`claimable_on_${order.id}`]: claimable,
    unit_price: major(quote.lines[0]?.unitPriceMinor ?? 0),
    vouchers_active: quote.awards.filter(({ kind }) => kind === 'voucher').length,
    coupons_issued: quote.awards.filter(({ kind }) => kind === 'voucher').length,
    receipt_rows: [
      ...(earning === undefined ? [] : [['Won', points(earning.points)]]),
      ...(spent === 0 ? [] : [['Spent', points(spent)]]),
    ],
  };
}

/** What a step showed, by the names expectations use. */
export type Shown = Record<string, unknown>;

/** An order as its step says. */
export function orderOf(step: Fields, atMs: number): Order {
  const claim = step['claim'];
  return {
    id: text(step, 'id') ?? '',
    step,
    lines: list(step, 'lines'),
    claims: Array.isArray(claim) ? claim : [],
    codes: names(step, 'codes') ?? [],
    member: text(step, 'member'),
    atMs,
  };
}
