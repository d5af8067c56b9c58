import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { multiply, rate, rational, roundToInteger } from '#loyalty/rational.ts';
import {
  decimal,
  type Fields,
  fields,
  isFields,
  list,
  minor,
  names,
  NotTranslated,
  number,
  only,
  text,
} from './fields.ts';

type RuleDocument = NonNullable<ProgrammeDocument['rules']>[number];
type RewardDocument = NonNullable<ProgrammeDocument['rewards']>[number];
type ConditionDocument = NonNullable<RuleDocument['conditions']>[number];

const name = (en: string): { en: string } => ({ en });
const day = (value: string | null): string | null => value?.slice(0, 10) ?? null;
const roundingNames: Readonly<Record<string, 'floor' | 'toward-zero' | 'half-up'>> = {
  floor: 'floor',
  trunc: 'toward-zero',
  round: 'half-up',
};

/** Points of a case as whole smallest units. */
export function smallest(points: number, scale: number): number {
  return roundToInteger(multiply(rate(decimal(points)), rational(10 ** scale)), 'half-up');
}

function lines(of: Fields): RuleDocument['lines'] {
  const categories = [
    ...(names(of, 'category') ?? []),
    ...(names(of, 'tag') ?? []).map((tag) => `tag:${tag}`),
  ];
  return {
    skus: names(of, 'products') ?? names(of, 'product') ?? names(of, 'on'),
    categories: categories.length > 0 ? categories : null,
    exceptSkus: names(of, 'exclude_products') ?? [],
    exceptCategories: names(of, 'exclude_categories') ?? [],
  };
}

/** The conditions a rule or coupon of a case states. */
export function conditions(of: Fields): ConditionDocument[] {
  const found: ConditionDocument[] = [];
  const minAmount = number(of, 'min_amount');
  const maxAmount = number(of, 'max_amount');
  if (minAmount !== null || maxAmount !== null) {
    found.push({
      kind: 'amount',
      minMinor: minAmount === null ? null : minor(minAmount),
      maxMinor: maxAmount === null ? null : minor(maxAmount),
      tax: text(of, 'min_amount_tax') === 'excluded' ? 'excluded' : 'included',
    });
  }
  const minQty = number(of, 'min_qty');
  const maxQty = number(of, 'max_qty');
  if (minQty !== null || maxQty !== null) {
    found.push({
      kind: 'quantity',
      minMilli: minQty === null ? null : smallest(minQty, 3),
      maxMilli: maxQty === null ? null : smallest(maxQty, 3),
    });
  }
  const code = text(of, 'code');
  if (code !== null) found.push({ kind: 'code', code });
  const segment = text(of, 'segment');
  if (segment !== null) found.push({ kind: 'segment', anyOf: [segment] });
  const tier = text(of, 'tier');
  if (tier !== null) found.push({ kind: 'tier', in: [tier] });
  const withinDays = number(of, 'within_days');
  if (withinDays !== null) found.push({ kind: 'comeback', withinDays });
  const weekdays = of['iso_weekdays'];
  if (Array.isArray(weekdays)) found.push({ kind: 'weekday', in: weekdays });
  return found;
}

const perMoney = (
  points: number,
  per: number,
  steps: 'exact' | 'whole',
): RuleDocument['effect'] => ({
  kind: 'per-money',
  points: decimal(points),
  perMinor: minor(per),
  steps,
});

function effect(
  of: Fields,
  money: boolean,
): Pick<RuleDocument, 'effect' | 'trigger' | 'stage' | 'lines'> {
  const points = number(of, 'points') ?? 0;
  const on = text(of, 'on');
  const flat = (value: number): RuleDocument['effect'] => ({
    kind: 'per-sale',
    points: decimal(value),
  });
  if (on !== null && of['mode'] === undefined)
    return { effect: flat(points), trigger: trigger(on, of) };
  switch (text(of, 'mode')) {
    case 'per_order':
      return { effect: flat(points) };
    case 'per_unit':
      return { effect: { kind: 'per-unit', points: decimal(points) } };
    case 'per_money':
      return { effect: perMoney(points, 1, 'exact') };
    default:
      break;
  }
  const money_ = fields(of, 'per_money');
  if (of['per_money'] !== undefined) {
    const steps = money ? 'exact' : 'whole';
    return { effect: perMoney(number(money_, 'points') ?? 0, number(money_, 'per') ?? 1, steps) };
  }
  if (of['per_unit'] !== undefined) {
    const unit = fields(of, 'per_unit');
    return {
      effect: { kind: 'per-unit', points: decimal(number(unit, 'points') ?? 1) },
      lines: lines(unit),
    };
  }
  const fixed = number(of, 'fixed') ?? number(of, 'per_visit');
  if (fixed !== null) return { effect: flat(fixed) };
  const each = number(of, 'fixed_per_unit');
  if (each !== null) return { effect: { kind: 'per-unit', points: decimal(each) } };
  const addition = number(of, 'addition');
  if (addition !== null) return { effect: flat(addition), stage: 'bonus' };
  const by = number(of, 'multiplier');
  if (by !== null) return { effect: { kind: 'multiply', by: decimal(by) } };
  throw new NotTranslated(`earning rule ${Object.keys(of).join(', ')}`);
}

function trigger(on: string, of: Fields): RuleDocument['trigger'] {
  const to = text(of, 'reward');
  if (
    on === 'referral.first_purchase' ||
    on === 'referral.register' ||
    on === 'referral.every_purchase'
  ) {
    const moment =
      on === 'referral.register'
        ? 'register'
        : on === 'referral.first_purchase'
          ? 'first'
          : 'every';
    return { on: 'referral', moment, to: to === 'referred' || to === 'both' ? to : 'referrer' };
  }
  if (on === 'enrol' || on === 'birthday') return { on };
  return { on: 'event', type: on };
}

const ruleKeys =
  'id mode points products product category tag min_qty max_qty min_amount max_amount min_amount_tax code per_money per_unit per_visit fixed fixed_per_unit addition multiplier on from to enabled stackable priority last segment limit iso_weekdays exclude_products exclude_categories reward basis created tier within_days rounding unit_price';

/** A rule of a case; `index` names it when it has no name. */
export function rule(of: Fields, index: number): RuleDocument {
  only(of, ruleKeys);
  const id = text(of, 'id') ?? String(number(of, 'id') ?? `rule${index}`);
  const made = effect(of, false);
  const limit = fields(of, 'limit');
  const per = text(limit, 'per');
  return {
    id,
    name: name(id),
    lines: lines({ ...of, on: undefined }),
    conditions: conditions(of),
    ...made,
    enabled: of['enabled'] !== false,
    stackable: of['stackable'] !== false,
    priority: number(of, 'priority') ?? 0,
    last: of['last'] === true,
    limits:
      per === null
        ? []
        : [
            {
              most: number(limit, 'points') ?? number(limit, 'times') ?? 1,
              count: number(limit, 'points') === null ? 'times' : 'points',
              per: per === 'member' ? 'life' : perName(per),
            },
          ],
    limitGroup: number(limit, 'points') === null ? null : 'extras',
    dates: { from: day(text(of, 'from')), to: day(text(of, 'to')) },
  };
}

function perName(per: string): 'day' | 'week' | 'month' | 'year' {
  if (per === 'day' || per === 'week' || per === 'month' || per === 'year') return per;
  throw new NotTranslated(`limit per ${per}`);
}

/** Kinds whose points pay like money. */
const storedValue = new Set(['gift_card', 'wallet']);

/** Where a kind of programme keeps its points. */
export function holderOf(program: Fields): 'member' | 'bearer' | 'sale' {
  const kind = text(program, 'kind') ?? 'loyalty';
  if (['promotion', 'buy_x_get_y', 'promo_code', 'coupon'].includes(kind)) return 'sale';
  if (['coupons', 'gift_card', 'next_order_coupon'].includes(kind)) return 'bearer';
  return program['nominative'] === false ? 'sale' : 'member';
}

const rewardKeys =
  'type discount value scope cost_points id products product category tag max_amount qty choose_one points';

/** A reward of a case. */
export function reward(of: Fields, index: number, program: Fields, scale: number): RewardDocument {
  only(of, rewardKeys);
  const id = text(of, 'id') ?? `reward${index}`;
  const cost = number(of, 'cost_points') ?? number(of, 'points') ?? 0;
  const pays = storedValue.has(text(program, 'kind') ?? '');
  const filter = lines(of);
  const cap = number(of, 'max_amount');
  const common = {
    id: id.replaceAll(' ', '-'),
    name: name(id),
    costPoints: smallest(cost, scale),
    capMinor: cap === null ? null : minor(cap),
    applies:
      text(program, 'trigger') === 'auto' || text(program, 'trigger') === 'code'
        ? ('automatic' as const)
        : ('claim' as const),
    conditions: holderOf(program) === 'bearer' ? list(program, 'earn').flatMap(conditions) : [],
  };
  const value = number(of, 'value');
  if (text(of, 'type') === 'product') {
    const skus = names(of, 'product') ?? [];
    return {
      ...common,
      value: { kind: 'product', skus, units: number(of, 'qty') ?? 1, takes: 'added' },
      mostPerSale: null,
    };
  }
  if (value === null) return { ...common, value: { kind: 'benefit', text: name(id) } };
  const scope: RewardDocument['scope'] =
    text(of, 'scope') === 'products'
      ? { kind: 'lines', lines: filter ?? {} }
      : text(of, 'scope') === 'cheapest'
        ? { kind: 'cheapest', lines: filter ?? {} }
        : { kind: 'order' };
  switch (text(of, 'discount')) {
    case 'per_point':
      return pays
        ? {
            ...common,
            costPoints: 1,
            value: {
              kind: 'per-point',
              valueMinor: roundToInteger(rate(decimal(value)), 'half-up'),
            },
            stage: 'payment',
            mostPerSale: null,
          }
        : {
            ...common,
            value: {
              kind: 'per-point',
              valueMinor: roundToInteger(
                multiply(rational(minor(value)), rate(decimal(cost))),
                'half-up',
              ),
            },
            scope,
            mostPerSale: null,
          };
    case 'percent':
      return { ...common, scope, value: { kind: 'percent', percent: decimal(value) } };
    default:
      return { ...common, scope, value: { kind: 'fixed', amountMinor: minor(value) } };
  }
}

/** Whether a case shows points with decimals. */
export function scaleOfCase(program: Fields): 0 | 2 {
  const fractional = [...list(program, 'earn'), ...list(program, 'rewards')].some(
    (of) =>
      !Number.isInteger(number(of, 'points') ?? 0) ||
      !Number.isInteger(number(of, 'cost_points') ?? 0),
  );
  const money = ['coupons', 'gift_card', 'wallet', 'cashback'].includes(
    text(program, 'kind') ?? '',
  );
  return fractional || money ? 2 : 0;
}

/** The rules of a programme, in whichever of the ways a case writes them. */
export function rulesOf(program: Fields): RuleDocument[] {
  const earn = program['earn'];
  const written = Array.isArray(earn) ? list(program, 'earn') : isFields(earn) ? [earn] : [];
  const rules = [...written, ...list(program, 'rules')].map((of, index) => rule(of, index));
  for (const [currency, points] of Object.entries(fields(program, 'earn_by_currency'))) {
    rules.push({
      id: currency,
      name: name(currency),
      conditions: [{ kind: 'currency', in: [currency] }],
      effect: perMoney(Number(points), 1, 'exact'),
    });
  }
  const base = fields(program, 'base');
  if (base['per_visit'] !== undefined) rules.push(rule({ id: 'base', ...base }, 0));
  rules.push(
    ...list(program, 'promotions')
      .toSorted((a, b) => String(a['created']).localeCompare(String(b['created'])))
      .map(rule),
  );
  return rules;
}

/** The named rounding of a case. */
export function roundingOf(program: Fields): 'floor' | 'toward-zero' | 'half-up' {
  return roundingNames[text(program, 'rounding') ?? 'floor'] ?? 'floor';
}
