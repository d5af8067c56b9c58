import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { multiply, rate, rational, roundToInteger } from '#loyalty/rational.ts';
import { conditionsOf, linesOf } from './conditions.ts';
import {
  decimal,
  type Fields,
  list,
  minor,
  minorOrNull,
  named,
  names,
  type NotationUnits,
  number,
  smallest,
  text,
} from './fields.ts';

/** A reward of a programme document. */
export type RewardDocument = NonNullable<ProgrammeDocument['rewards']>[number];

/** Kinds whose points pay like money. */
const storedValue = new Set(['gift_card', 'wallet']);
const forTheSale = new Set(['promotion', 'buy_x_get_y', 'promo_code', 'coupon']);
const forTheBearer = new Set(['coupons', 'gift_card', 'next_order_coupon']);

/** Where a kind of programme keeps its points. */
export function holderOf(program: Fields): 'member' | 'bearer' | 'sale' {
  const kind = text(program, 'kind') ?? 'loyalty';
  if (forTheSale.has(kind)) return 'sale';
  if (forTheBearer.has(kind)) return 'bearer';
  return program['nominative'] === false ? 'sale' : 'member';
}

function scopeOf(of: Fields): RewardDocument['scope'] {
  const scope = text(of, 'scope');
  if (scope === 'products') return { kind: 'lines', lines: linesOf(of) };
  return scope === 'cheapest' ? { kind: 'cheapest', lines: linesOf(of) } : { kind: 'order' };
}

function valueOf(
  of: Fields,
  cost: number,
  pays: boolean,
  units: NotationUnits,
): Partial<RewardDocument> & Pick<RewardDocument, 'value'> {
  const value = number(of, 'value');
  if (text(of, 'type') === 'product') {
    const skus = names(of, 'product') ?? [];
    const each = number(of, 'qty') ?? 1;
    return { value: { kind: 'product', skus, units: each, takes: 'added' }, mostPerSale: null };
  }
  if (value === null)
    return { value: { kind: 'benefit', text: named(text(of, 'id') ?? 'reward') } };
  const scope = scopeOf(of);
  if (text(of, 'discount') === 'percent') {
    return { scope, value: { kind: 'percent', percent: decimal(value) } };
  }
  if (text(of, 'discount') !== 'per_point') {
    return { scope, value: { kind: 'fixed', amountMinor: minor(value, units.currency) } };
  }
  if (pays) {
    const valueMinor = roundToInteger(rate(decimal(value)), 'half-up');
    const paid = { kind: 'per-point' as const, valueMinor };
    return { costPoints: 1, value: paid, stage: 'payment', mostPerSale: null };
  }
  const exact = multiply(rational(minor(value, units.currency)), rate(decimal(cost)));
  const valueMinor = roundToInteger(exact, 'half-up');
  return { value: { kind: 'per-point', valueMinor }, scope, mostPerSale: null };
}

/** One written reward; `index` names it when it has no name. */
export function rewardOf(
  of: Fields,
  index: number,
  program: Fields,
  units: NotationUnits,
): RewardDocument {
  const id = text(of, 'id') ?? `reward${index}`;
  const cost = number(of, 'cost_points') ?? number(of, 'points') ?? 0;
  const trigger = text(program, 'trigger');
  return {
    id: id.replaceAll(' ', '-'),
    name: named(id),
    costPoints: smallest(cost, units.scale),
    capMinor: minorOrNull(of, 'max_amount', units.currency),
    applies: trigger === 'auto' || trigger === 'code' ? 'automatic' : 'claim',
    conditions:
      holderOf(program) === 'bearer'
        ? list(program, 'earn').flatMap((rule) => conditionsOf(rule, units))
        : [],
    ...valueOf({ ...of, id }, cost, storedValue.has(text(program, 'kind') ?? ''), units),
  };
}

/** Points that pay for goods: so much money for so many points. */
export function payingReward(of: Fields, units: NotationUnits): RewardDocument {
  const most = number(of, 'max_percent_of_order');
  return {
    id: 'points',
    name: named('points'),
    costPoints: smallest(number(of, 'points') ?? 1, units.scale),
    value: { kind: 'per-point', valueMinor: minor(number(of, 'value') ?? 0, units.currency) },
    minPoints: number(of, 'min_points'),
    maxPercentOfSale: most === null ? null : decimal(most),
    mostPerSale: null,
  };
}

/** A price rule: matching goods at another unit price; `rate` states no price of its own. */
export function priceReward(of: Fields, index: number, units: NotationUnits): RewardDocument {
  const { currency } = units;
  const quantities = { min_qty: of['min_qty'], max_qty: of['max_qty'] };
  const amount = {
    minMinor: minorOrNull(of, 'min_amount', currency),
    maxMinor: minorOrNull(of, 'max_amount', currency),
  };
  return {
    id: `price${index}`,
    name: named('price'),
    costPoints: 0,
    applies: 'automatic',
    value: { kind: 'price', unitPriceMinor: minorOrNull(of, 'unit_price', currency) ?? 0 },
    scope: { kind: 'lines', lines: { skus: names(of, 'product') } },
    conditions: [
      ...conditionsOf(quantities, units),
      { kind: 'amount', of: 'matching', ...amount },
      { kind: 'dates', from: text(of, 'from'), to: text(of, 'to') },
    ],
  };
}
