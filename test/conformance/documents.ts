import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  decimal,
  type Fields,
  fields,
  isFields,
  list,
  minor,
  names,
  number,
  only,
  text,
} from './fields.ts';
import { tierRules, tiersOf, tierSettingsOf } from './tiers.ts';
import {
  conditions,
  holderOf,
  reward,
  roundingOf,
  rulesOf,
  scaleOfCase,
  smallest,
} from './programme.ts';

const name = (en: string): { en: string } => ({ en });

const programKeys =
  'kind earn rewards rules trigger nominative applies valid_to valid_from max_usage available_here rounding unit lot_order expiry_days expire_after_days own_redemption_reduces_basis no_earn_when_redeeming free_items_earn tax_mode tax_rounding refund clawback_policy clawback return_policy redeem max_balance global_cap max_per_transaction on_cap rules_mode base promotions basis taxes tiers levels metric metrics window valid include_current_sale percent_back point_value percent earn_percent welcome redeem_not_on_enrol_sale reward goal gives per_unit points bonus_points within_days every choose_one fee period benefits auto_renew events events_cap_per_year voucher windows max_per_window max_per_year enrol earn_by_currency channels exclude expiry transfer receipt_claim auto_redeem_at reset_points_on_recalc downgrade validity_days start keep_for grace_days grace grace_round currency_rounding cash_rounding program_currency order_currency account offline_redeem limit on min_amount min_qty max_qty from to code value_percent round id base_points promotion account milestones name scale expected_redeemed allocated point_value';

function expiryOf(program: Fields): ProgrammeDocument['expiry'] {
  const days = number(program, 'expiry_days') ?? number(program, 'expire_after_days');
  if (days !== null) return { kind: 'after', span: { count: days, unit: 'day' } };
  const expiry = fields(program, 'expiry');
  only(expiry, 'duration expire_at months round_up moment inactivity_months activity');
  const idle = number(expiry, 'inactivity_months');
  if (idle !== null) return { kind: 'inactivity', span: { count: idle, unit: 'month' } };
  if (text(expiry, 'moment') === 'end_of_year') return { kind: 'end-of-year' };
  const months =
    number(expiry, 'months') ?? Number(/^P(\d+)M$/.exec(text(expiry, 'duration') ?? '')?.[1] ?? 0);
  if (months === 0) return { kind: 'never' };
  const roundUp =
    text(expiry, 'expire_at') === 'first_of_following_month'
      ? 'first-of-next-month'
      : text(expiry, 'round_up') === 'end_of_month'
        ? 'end-of-month'
        : 'none';
  return { kind: 'after', span: { count: months, unit: 'month' }, roundUp };
}

function autoRedeemOf(program: Fields): ProgrammeDocument['autoRedeem'] {
  const atPoints = number(program, 'auto_redeem_at');
  return atPoints === null ? null : { reward: 'auto', atPoints };
}

function capsOf(program: Fields): ProgrammeDocument['caps'] {
  const whole = number(program, 'global_cap');
  return {
    balance: number(program, 'max_balance'),
    perSale: number(program, 'max_per_transaction'),
    limits: whole === null ? [] : [{ most: whole, count: 'points', per: 'life' }],
    onCap: text(program, 'on_cap') === 'reject' ? 'reject' : 'reduce',
  };
}

function refundOf(program: Fields): ProgrammeDocument['refund'] {
  const clamp =
    text(program, 'clawback_policy') === 'clamp_to_zero' ||
    text(program, 'return_policy') === 'within_balance';
  return {
    earned: text(program, 'refund') === 'proportional_to_order_value' ? 'proportional' : 'rerun',
    alreadySpent: clamp ? 'clamp' : 'negative',
  };
}

function earningOf(program: Fields): ProgrammeDocument['earning'] {
  const mode = text(program, 'rules_mode');
  const excluded =
    text(program, 'tax_mode') === 'before_tax' ||
    names(program, 'exclude')?.includes('tax') === true;
  return {
    tax: excluded || text(program, 'taxes') === 'excluded' ? 'excluded' : 'included',
    discounts: text(program, 'basis') === 'before_discounts' ? 'before' : 'after',
    ownRedemptionReduces: program['own_redemption_reduces_basis'] === true,
    earnsWhenRedeeming: program['no_earn_when_redeeming'] !== true,
    freeUnitsEarn: program['free_items_earn'] === true,
    rounding: roundingOf(program),
    rules: mode === 'best' ? 'best' : mode === 'first_match' ? 'first' : 'sum',
    promotions: list(program, 'promotions').length > 0 ? 'one' : 'all',
    lineKinds: text(program, 'basis') === 'order' ? ['goods', 'delivery'] : ['goods'],
  };
}

/** Rules and rewards that a kind of programme says in one word. */
function shorthand(program: Fields): { rules: Fields[]; rewards: Fields[] } {
  const rules: Fields[] = [];
  const rewards: Fields[] = [];
  const back = number(program, 'percent_back');
  if (back !== null) rules.push({ per_money: { points: back, per: 100 }, rounding: 'floor' });
  const unit = fields(program, 'per_unit');
  if (program['per_unit'] !== undefined) rules.push({ per_unit: { points: 1, ...unit } });
  rules.push(...tierRules(program));
  const multiplied = list(program, 'tiers').some((of) => of['multiplier'] !== undefined);
  if (multiplied && program['earn'] === undefined) rules.push({ mode: 'per_money', points: 1 });
  if (text(program, 'kind') === 'coupon') {
    rules.push({
      id: 'coupon',
      fixed: 1,
      code: program['code'],
      products: program['on'],
      min_qty: program['min_qty'],
      max_qty: program['max_qty'],
    });
  }
  if (text(program, 'on') !== null && program['points'] !== undefined) {
    rules.push({ on: program['on'], points: program['points'], limit: program['limit'] });
  }
  const welcome = number(program, 'welcome');
  if (welcome !== null) rules.push({ id: 'welcome', on: 'enrol', points: welcome });
  if (text(program, 'kind') === 'birthday')
    rules.push({ on: 'birthday', points: program['points'] });
  const within = number(program, 'within_days');
  if (within !== null)
    rules.push({ id: 'comeback', fixed: program['bonus_points'], within_days: within });
  const yearly = number(program, 'events_cap_per_year');
  for (const [event, points] of Object.entries(fields(program, 'events'))) {
    rules.push({ id: event, on: event, points, limit: { points: yearly, per: 'year' } });
  }
  const promotion = fields(program, 'promotion');
  const base = number(program, 'base_points');
  if (base !== null) rules.push({ id: 'base', fixed: base }, { id: 'promotion', ...promotion });
  if (program['basis'] !== undefined && program['rules'] === undefined)
    rules.push({ mode: 'per_money', points: 1 });
  const value = number(program, 'point_value');
  if (value !== null)
    rewards.push({ type: 'discount', discount: 'per_point', value, cost_points: 1, id: 'points' });
  const redeem = fields(program, 'redeem');
  if (program['redeem'] !== undefined) rewards.push({ type: 'pay', id: 'points', ...redeem });
  const gives = fields(program, 'gives');
  if (text(gives, 'free') !== null) {
    rewards.push({
      type: 'product',
      product: text(gives, 'free'),
      cost_points: number(program, 'goal'),
      id: `free ${text(gives, 'free')}`,
    });
  }
  const auto = number(program, 'auto_redeem_at');
  if (auto !== null) rewards.push({ id: 'auto', cost_points: auto });
  if (text(program, 'kind') === 'wallet' && list(program, 'rewards').length === 0) {
    rewards.push({ type: 'pay', id: 'points', points: 1, value: 1 });
  }
  const single = fields(program, 'reward');
  if (program['reward'] !== undefined)
    rewards.push({ id: 'reward', cost_points: number(single, 'points') });
  return { rules, rewards };
}

function paying(of: Fields, scale: number): NonNullable<ProgrammeDocument['rewards']>[number] {
  only(of, 'type id points value min_points max_percent_of_order');
  const most = number(of, 'max_percent_of_order');
  return {
    id: 'points',
    name: name('points'),
    costPoints: smallest(number(of, 'points') ?? 1, scale),
    value: { kind: 'per-point', valueMinor: minor(number(of, 'value') ?? 0) },
    minPoints: number(of, 'min_points'),
    maxPercentOfSale: most === null ? null : decimal(most),
    mostPerSale: null,
  };
}

function vouchersOf(program: Fields): NonNullable<ProgrammeDocument['rules']> {
  const percent = number(program, 'value_percent');
  const every = number(program, 'every');
  const close = fields(program, 'voucher');
  const template =
    percent !== null
      ? { percentOfSale: decimal(percent), rounding: 'half-up' as const, roundToMinor: minor(1) }
      : program['voucher'] === undefined
        ? { points: 1 }
        : { perPoints: number(close, 'points'), points: minor(number(close, 'value') ?? 0) };
  const gives =
    text(program, 'kind') === 'voucher_reward' ||
    every !== null ||
    program['voucher'] !== undefined;
  if (!gives) return [];
  const least = number(program, 'min_amount');
  return [
    {
      id: 'voucher',
      name: name('voucher'),
      trigger: { on: program['voucher'] === undefined ? 'sale' : 'window-close' },
      conditions: [
        ...(every === null ? [] : [{ kind: 'visit' as const, every }]),
        ...(least === null ? [] : [{ kind: 'amount' as const, minMinor: minor(least) }]),
      ],
      effect: { kind: 'voucher', template },
    },
  ];
}

const units: Readonly<Record<string, 'day' | 'month' | 'year'>> = {
  D: 'day',
  M: 'month',
  Y: 'year',
};

function membershipOf(program: Fields): ProgrammeDocument['membership'] {
  if (text(program, 'kind') !== 'membership') return null;
  const [, count = '1', unit = 'Y'] = /^P(\d+)([DMY])$/.exec(text(program, 'period') ?? '') ?? [];
  return {
    sku: 'MEMBERSHIP',
    term: { count: Number(count), unit: units[unit] ?? 'year' },
    autoRenew: program['auto_renew'] === true,
    benefits: (names(program, 'benefits') ?? []).map(name),
  };
}

/** Free goods of a membership: a reward without a price that its members get by themselves. */
function benefitRules(
  program: Fields,
  rewards: NonNullable<ProgrammeDocument['rewards']>,
): NonNullable<ProgrammeDocument['rules']> {
  return list(program, 'benefits').map((of, index) => {
    only(of, 'free_product every_minutes');
    const id = `benefit${index}`;
    const minutes = number(of, 'every_minutes');
    rewards.push({
      id,
      name: name(id),
      costPoints: 0,
      value: { kind: 'product', skus: names(of, 'free_product') ?? [] },
      conditions: minutes === null ? [] : [{ kind: 'interval', minutes }],
    });
    return {
      id: `rule-${id}`,
      name: name(id),
      conditions: [{ kind: 'membership' }],
      effect: { kind: 'discount', reward: id },
    };
  });
}

/** A price rule: matching goods at another unit price; "rate" states no price of its own. */
function priceOf(of: Fields, index: number): NonNullable<ProgrammeDocument['rewards']>[number] {
  only(of, 'product min_qty max_qty min_amount max_amount unit_price from to');
  const { min_amount, max_amount, unit_price, ...rest } = of;
  const filter = { skus: names(of, 'product') };
  const bound = (value: unknown): number | null =>
    typeof value === 'number' ? minor(value) : null;
  return {
    id: `price${index}`,
    name: name('price'),
    costPoints: 0,
    applies: 'automatic',
    value: { kind: 'price', unitPriceMinor: bound(unit_price) ?? 0 },
    scope: { kind: 'lines', lines: filter },
    conditions: [
      ...conditions({ min_qty: rest['min_qty'], max_qty: rest['max_qty'] }),
      { kind: 'amount', of: 'matching', minMinor: bound(min_amount), maxMinor: bound(max_amount) },
      { kind: 'dates', from: text(of, 'from'), to: text(of, 'to') },
    ],
  };
}

/** One programme document of a case's programme. */
export function documentOf(program: Fields, id: string): ProgrammeDocument {
  only(program, programKeys);
  const kind = text(program, 'kind') ?? 'loyalty';
  const scale = scaleOfCase(program);
  const short = shorthand(program);
  const money = kind === 'wallet' || kind === 'gift_card' || kind === 'cashback';
  const rewards = [...list(program, 'rewards'), ...short.rewards].map((of, index) =>
    of['type'] === 'pay' ? paying(of, scale) : reward(of, index, program, scale),
  );
  const perCurrency = Object.keys(fields(program, 'earn_by_currency'));
  const currency = text(program, 'order_currency') ?? perCurrency[0] ?? 'EUR';
  const transfer = fields(program, 'transfer');
  const percent = number(program, 'percent') ?? number(program, 'earn_percent');
  const priced = list(program, 'rules').filter((of) => of['unit_price'] !== undefined);
  const earning = list(program, 'rules').filter((of) => of['unit_price'] === undefined);
  const rules = rulesOf({ ...program, rules: [...earning, ...short.rules] });
  rewards.push(...priced.map(priceOf));
  rules.push(...vouchersOf(program), ...benefitRules(program, rewards));
  if (percent !== null) {
    rules.push({
      id: 'back',
      name: name('back'),
      effect: { kind: 'percent-back', percent: decimal(percent) },
    });
  }
  return {
    id,
    version: 1,
    name: name(kind),
    unit: money ? { kind: 'money', currency } : { kind: 'points', scale },
    currencies: [currency, ...perCurrency.filter((other) => other !== currency)],
    holder: holderOf(program),
    enabled: program['available_here'] !== false,
    dates: {
      from: text(program, 'valid_from') ?? text(program, 'from'),
      to: text(program, 'valid_to') ?? text(program, 'to'),
    },
    mostUses: number(program, 'max_usage'),
    rules,
    tiers: tiersOf(program),
    tierSettings: tierSettingsOf(program),
    membership: membershipOf(program),
    autoRedeem: autoRedeemOf(program),
    rewards,
    earning: earningOf(program),
    caps: capsOf(program),
    expiry: expiryOf(program),
    refund: refundOf(program),
    redemption: {
      ownSalePoints:
        text(program, 'applies') === 'future' || kind === 'points' ? 'future' : 'current',
      onEnrolSale: program['redeem_not_on_enrol_sale'] !== true,
      onOver: program['redeem'] === undefined ? 'refuse' : 'clamp',
    },
    transfer: { allowed: true, keepsExpiry: transfer['resets_expiry'] !== true },
    receiptClaim: { days: number(fields(program, 'receipt_claim'), 'days') ?? 30 },
  };
}

/** All programme documents of a case, with a step's own changes. */
export function documentsOf(
  program: Fields,
  variant: string | null,
  changes: Fields,
): ProgrammeDocument[] {
  const repeat = number(program, 'programs_repeat');
  if (repeat !== null) {
    return Array.from({ length: repeat }, (_, index) =>
      documentOf(fields(program, 'each'), `p${index}`),
    );
  }
  const several = list(program, 'programs');
  if (several.length > 0) return several.map((each, index) => documentOf(each, `p${index}`));
  const { variants: _, base, ...rest } = program;
  const whole =
    isFields(base) && Array.isArray(base['rewards'])
      ? base
      : isFields(base)
        ? { ...rest, base }
        : rest;
  const chosen = variant === null ? {} : fields(fields(program, 'variants'), variant);
  const onRules =
    chosen['min_amount'] === undefined
      ? {}
      : { earn: list(whole, 'earn').map((of) => ({ ...of, ...chosen })) };
  const merged =
    chosen['min_amount'] === undefined ? { ...whole, ...chosen } : { ...whole, ...onRules };
  return [documentOf({ ...merged, ...changes }, 'p0')];
}
