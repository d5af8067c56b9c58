import type { RewardDocument } from './rewards.ts';
import type { RuleDocument } from './conditions.ts';
import {
  decimal,
  type Fields,
  fields,
  list,
  minor,
  minorOrNull,
  named,
  names,
  number,
  text,
} from './fields.ts';
import { tierRules } from './tiers.ts';

/** Rules that a kind of programme, or one of its words, says without a rule. */
export function impliedRules(program: Fields): Fields[] {
  const kind = text(program, 'kind');
  const back = number(program, 'percent_back');
  const welcome = number(program, 'welcome');
  const within = number(program, 'within_days');
  const base = number(program, 'base_points');
  const multiplied = list(program, 'tiers').some((of) => of['multiplier'] !== undefined);
  const plain =
    (multiplied && program['earn'] === undefined) ||
    (program['basis'] !== undefined && program['rules'] === undefined);
  const { code, on, min_qty, max_qty, points, limit } = program;
  const yearly = { points: number(program, 'events_cap_per_year'), per: 'year' };
  const when = (holds: boolean, rule: Fields): Fields[] => (holds ? [rule] : []);
  return [
    ...when(back !== null, { per_money: { points: back, per: 100 }, rounding: 'floor' }),
    ...when(program['per_unit'] !== undefined, {
      per_unit: { points: 1, ...fields(program, 'per_unit') },
    }),
    ...tierRules(program),
    ...when(plain, { mode: 'per_money', points: 1 }),
    ...when(kind === 'coupon', { id: 'coupon', fixed: 1, code, products: on, min_qty, max_qty }),
    ...when(typeof on === 'string' && points !== undefined, { on, points, limit }),
    ...when(welcome !== null, { id: 'welcome', on: 'enrol', points: welcome }),
    ...when(kind === 'birthday', { on: 'birthday', points }),
    ...when(within !== null, {
      id: 'comeback',
      fixed: program['bonus_points'],
      within_days: within,
    }),
    ...Object.entries(fields(program, 'events')).map(([event, worth]) => ({
      id: event,
      on: event,
      points: worth,
      limit: yearly,
    })),
    ...when(base !== null, { id: 'base', fixed: base }),
    ...when(base !== null, { id: 'promotion', ...fields(program, 'promotion') }),
  ];
}

/** Rewards that a kind of programme, or one of its words, says without a reward. */
export function impliedRewards(program: Fields): Fields[] {
  const value = number(program, 'point_value');
  const free = text(fields(program, 'gives'), 'free');
  const auto = number(program, 'auto_redeem_at');
  const pays = text(program, 'kind') === 'wallet' && list(program, 'rewards').length === 0;
  const single = fields(program, 'reward');
  const when = (holds: boolean, reward: Fields): Fields[] => (holds ? [reward] : []);
  return [
    ...when(value !== null, {
      id: 'points',
      type: 'discount',
      discount: 'per_point',
      value,
      cost_points: 1,
    }),
    ...when(program['redeem'] !== undefined, { type: 'pay', ...fields(program, 'redeem') }),
    ...when(free !== null, {
      id: `free ${free ?? ''}`,
      type: 'product',
      product: free,
      cost_points: number(program, 'goal'),
    }),
    ...when(auto !== null, { id: 'auto', cost_points: auto }),
    ...when(pays, { type: 'pay', points: 1, value: 1 }),
    ...when(program['reward'] !== undefined, {
      id: 'reward',
      cost_points: number(single, 'points'),
    }),
  ];
}

/** The rule that gives vouchers: for a sale, for every n-th visit, or when a window closes. */
export function voucherRules(program: Fields, currency: string): RuleDocument[] {
  const percent = number(program, 'value_percent');
  const every = number(program, 'every');
  const atClose = program['voucher'] !== undefined;
  if (text(program, 'kind') !== 'voucher_reward' && every === null && !atClose) return [];
  const close = fields(program, 'voucher');
  const least = minorOrNull(program, 'min_amount', currency);
  const closing = {
    perPoints: number(close, 'points'),
    points: minor(number(close, 'value') ?? 0, currency),
  };
  const template =
    percent === null
      ? atClose
        ? closing
        : { points: 1 }
      : {
          percentOfSale: decimal(percent),
          rounding: 'half-up' as const,
          roundToMinor: minor(1, currency),
        };
  return [
    {
      id: 'voucher',
      name: named('voucher'),
      trigger: { on: atClose ? 'window-close' : 'sale' },
      conditions: [
        ...(every === null ? [] : [{ kind: 'visit' as const, every }]),
        ...(least === null ? [] : [{ kind: 'amount' as const, minMinor: least }]),
      ],
      effect: { kind: 'voucher', template },
    },
  ];
}

/** Percent of the basis back, for cashback and wallets. */
export function backRules(program: Fields): RuleDocument[] {
  const percent = number(program, 'percent') ?? number(program, 'earn_percent');
  if (percent === null) return [];
  const effect = { kind: 'percent-back' as const, percent: decimal(percent) };
  return [{ id: 'back', name: named('back'), effect }];
}

/** Free goods of a membership: rewards without a price that its members get by themselves. */
export function membershipBenefits(program: Fields): {
  readonly rules: RuleDocument[];
  readonly rewards: RewardDocument[];
} {
  const benefits = list(program, 'benefits').map((of, index) => ({ of, id: `benefit${index}` }));
  return {
    rules: benefits.map(({ id }) => ({
      id: `rule-${id}`,
      name: named(id),
      conditions: [{ kind: 'membership' }],
      effect: { kind: 'discount', reward: id },
    })),
    rewards: benefits.map(({ of, id }) => {
      const minutes = number(of, 'every_minutes');
      return {
        id,
        name: named(id),
        costPoints: 0,
        value: { kind: 'product', skus: names(of, 'free_product') ?? [] },
        conditions: minutes === null ? [] : [{ kind: 'interval', minutes }],
      };
    }),
  };
}
