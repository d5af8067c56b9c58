import { freshMember } from '#loyalty/member.ts';
import {
  baskets,
  known,
  type More,
  named,
  perMoney,
  regular,
  type RuleDocument,
  sale,
  type Scenario,
  uses,
} from './shop.ts';

const food = { categories: ['food'] };
const rules = (...list: RuleDocument[]): More => ({ rules: [perMoney, ...list] });
const unit = { kind: 'per-unit', points: '2.5' } as const;
const visit = { kind: 'per-sale', points: '7' } as const;
const half = { kind: 'multiply', by: '1.5' } as const;
const twice = { kind: 'multiply', by: '2' } as const;

/** Each question a shop may answer otherwise, answered otherwise. */
const programmes: Readonly<Record<string, More>> = {
  plain: {},
  'half points': { unit: { kind: 'points', scale: 1 } },
  stamps: {
    unit: { kind: 'stamps' },
    rules: [{ ...named('Stamp'), effect: { kind: 'per-unit', points: '1' } }],
  },
  cashback: {
    unit: { kind: 'money', currency: 'TRY' },
    rules: [{ ...named('Back'), effect: { kind: 'percent-back', percent: '3.5' } }],
  },
  'whole steps': {
    rules: [
      {
        ...named('Step'),
        effect: { kind: 'per-money', points: '3', perMinor: 700, steps: 'whole' },
      },
    ],
  },
  'free steps': {
    rules: [
      {
        ...named('Step'),
        effect: { kind: 'per-money', points: '3', perMinor: 100_000, steps: 'whole' },
      },
    ],
  },
  'per unit of food': { rules: [{ ...named('Food'), lines: food, effect: unit }] },
  'per visit': { rules: [{ ...named('Visit'), effect: visit }] },
  'all together': rules(
    { ...named('Food'), lines: food, effect: unit },
    { ...named('Visit'), effect: visit },
  ),
  'the best rule': {
    earning: { rules: 'best' },
    ...rules({ ...named('Food'), lines: food, effect: unit }, { ...named('Visit'), effect: visit }),
  },
  'the best rule first': {
    earning: { rules: 'best' },
    ...rules({ ...named('Visit'), effect: visit }),
  },
  'the first rule': {
    earning: { rules: 'first' },
    ...rules({ ...named('Food'), lines: food, effect: unit, priority: 5 }),
  },
  'a rule alone': rules({ ...named('Alone'), effect: visit, stackable: false }),
  'a last rule': rules({ ...named('Last'), effect: visit, priority: 3, last: true }),
  'a rule switched off': rules({ ...named('Off'), effect: visit, enabled: false }),
  'a rule for enrolling': rules({ ...named('Enrol'), effect: visit, trigger: { on: 'enrol' } }),
  'a rule of the past': rules({ ...named('Past'), effect: visit, dates: { to: '2026-11-20' } }),
  'a rule of today': rules({
    ...named('Today'),
    effect: visit,
    dates: { from: '2026-11-21', to: '2026-11-21' },
  }),
  'a rule of the future': rules({
    ...named('Future'),
    effect: visit,
    dates: { from: '2026-11-22' },
  }),
  'a multiplier': rules({ ...named('Half'), effect: half }),
  'two multipliers': rules(
    { ...named('Half'), effect: half },
    { ...named('Twice'), effect: twice },
  ),
  'the best multiplier': {
    earning: { multipliers: 'best' },
    ...rules(
      { ...named('Half'), effect: half },
      { ...named('Twice'), effect: twice },
      { ...named('Visit'), effect: visit },
    ),
  },
  'the best multiplier of each line': {
    earning: { multipliers: 'best' },
    ...rules(
      { ...named('Half'), effect: half },
      { ...named('Twice'), lines: food, effect: twice },
      { ...named('Visit'), effect: visit },
    ),
  },
  'a multiplier of some lines': rules(
    { ...named('Twice'), lines: { skus: ['tea'] }, effect: twice },
    { ...named('Visit'), effect: visit },
  ),
  'a multiplier of the rest': rules({
    ...named('Twice'),
    lines: { exceptSkus: ['tea'] },
    effect: twice,
  }),
  'a multiplier but of a shelf': rules({
    ...named('Twice'),
    lines: { exceptCategories: ['sale'] },
    effect: twice,
  }),
  'a multiplier of goods': rules(
    { ...named('Twice'), lines: { kinds: ['goods'] }, effect: twice },
    { ...named('Visit'), effect: visit },
  ),
  'a multiplier that lowers': rules({ ...named('Less'), effect: { kind: 'multiply', by: '0.5' } }),
  'a multiplier of nothing': { rules: [{ ...named('Twice'), effect: twice }] },
  'a bonus': rules(
    { ...named('Bonus'), effect: visit, stage: 'bonus' },
    { ...named('Twice'), effect: twice },
  ),
  'a bonus alone': { rules: [{ ...named('Bonus'), effect: visit, stage: 'bonus' }] },
  'a bonus by money': rules({
    ...named('Bonus'),
    lines: food,
    effect: { kind: 'per-money', points: '1', perMinor: 1000 },
    stage: 'bonus',
  }),
  'one promotion': {
    earning: { promotions: 'one' },
    ...rules(
      { ...named('Twice'), effect: twice },
      { ...named('Bonus'), effect: visit, stage: 'bonus' },
    ),
  },
  'one multiplier': {
    earning: { promotions: 'one' },
    ...rules(
      { ...named('Bonus'), effect: visit, stage: 'bonus' },
      { ...named('Twice'), effect: twice },
    ),
  },
  'one promotion without a base': {
    earning: { promotions: 'one' },
    rules: [{ ...named('Bonus'), effect: visit, stage: 'bonus' }],
  },
  'not for the tier': rules({ ...named('Extra'), effect: visit, qualifying: false }),
  'without tax': { earning: { tax: 'excluded' } },
  'rounded up': { earning: { rounding: 'ceil' } },
  rounded: { earning: { rounding: 'half-up' } },
  'every kind of line': { earning: { lineKinds: ['goods', 'gift-card', 'delivery', 'deposit'] } },
  'a rule for gift cards': rules({
    ...named('Card'),
    lines: { kinds: ['gift-card'] },
    effect: unit,
  }),
  'a rule but for bread': rules({
    ...named('But'),
    lines: { exceptSkus: ['bread'], exceptCategories: ['sale'] },
    effect: unit,
  }),
  'pending for a week': { earning: { pendingDays: 7 } },
  'ending after a year': {
    expiry: { kind: 'after', span: { count: 1, unit: 'year' } },
    accounting: { method: 'deferred', pointValueMinor: '2', expectedRedemptionPercent: '80' },
  },
  'ending with the year': { expiry: { kind: 'end-of-year', plusYears: 1 } },
  'at most 40 a sale': {
    caps: { perSale: 40 },
    ...rules(
      { ...named('Twice'), effect: twice },
      { ...named('Extra'), effect: visit, stage: 'bonus', qualifying: false },
    ),
  },
  'at most 40 or none': { caps: { perSale: 40, onCap: 'reject' } },
  'at most 260 at all': { caps: { balance: 260 } },
  'at most 45 a day': { caps: { limits: [{ most: 45, count: 'points', per: 'day' }] } },
  'at most 30 a sale by limit': {
    caps: {
      limits: [
        { most: 30, count: 'points', per: 'sale' },
        { most: 2, count: 'times', per: 'day' },
      ],
    },
  },
  'a budget': { caps: { budgetPoints: 1020 } },
  'a budget that only warns': { caps: { budgetPoints: 1020, onBudget: 'warn' } },
  'at most 9 a day by a rule': {
    rules: [{ ...perMoney, limits: [{ most: 9, count: 'points', per: 'day' }] }],
  },
  'at most 5 a sale by a rule': {
    rules: [
      {
        ...perMoney,
        limits: [
          { most: 5, count: 'points', per: 'sale' },
          { most: 8, count: 'points', per: 'week' },
        ],
      },
    ],
  },
  'at most 4 a visit by a rule': {
    rules: [
      {
        ...named('Visit'),
        effect: visit,
        limits: [
          { most: 9, count: 'points', per: 'year' },
          { most: 4, count: 'points', per: 'sale' },
        ],
      },
    ],
  },
  'rules of one group': {
    rules: [
      { ...perMoney, limitGroup: 'extras', limits: [{ most: 9, count: 'points', per: 'day' }] },
    ],
  },
  'twice a day at most': { rules: [{ ...perMoney, limits: [{ most: 2, per: 'day' }] }] },
  'three times a day at most': { rules: [{ ...perMoney, limits: [{ most: 3, per: 'day' }] }] },
  'once a programme': {
    rules: [{ ...perMoney, limits: [{ most: 1, per: 'life', of: 'programme' }] }],
  },
  'once a sale': { rules: [{ ...perMoney, limits: [{ most: 1, per: 'sale' }] }] },
  tiers: {
    tiers: [
      { id: 'basic', name: { en: 'Basic' } },
      {
        id: 'gold',
        name: { en: 'Gold' },
        multiplier: '1.25',
        criteria: { metric: 'spend-minor', atLeast: 4000 },
      },
      {
        id: 'top',
        name: { en: 'Top' },
        multiplier: '2',
        criteria: {
          allOf: [
            { metric: 'visits', atLeast: 3 },
            { metric: 'units', atLeast: 90 },
          ],
        },
      },
    ],
    ...rules({ ...named('Visit'), effect: visit }),
  },
  'the best of tier and multiplier': {
    tiers: [{ id: 'gold', name: { en: 'Gold' }, multiplier: '1.25' }],
    earning: { multipliers: 'best' },
    ...rules(
      { ...named('Twice'), lines: { skus: ['tea'] }, effect: twice },
      { ...named('Visit'), effect: visit },
    ),
  },
  'a voucher': rules({
    ...named('Voucher'),
    effect: { kind: 'voucher', template: { points: 3, validFor: '30 days' } },
  }),
  'a voucher of a share': rules({
    ...named('Voucher'),
    effect: {
      kind: 'voucher',
      template: { percentOfSale: '5', roundToMinor: 100, rounding: 'half-up', programme: 'other' },
    },
  }),
  'a voucher of nothing stated': rules({
    ...named('Voucher'),
    effect: { kind: 'voucher', template: {} },
  }),
  'a badge and a benefit': rules(
    { ...named('Badge'), effect: { kind: 'badge', badge: 'early', points: 4 } },
    { ...named('Benefit'), effect: { kind: 'unlock', benefit: { en: 'Coffee' } } },
  ),
  'come back': rules({
    ...named('Back'),
    effect: visit,
    conditions: [{ kind: 'comeback', withinDays: 7 }],
  }),
  'come back sooner': rules({
    ...named('Back'),
    effect: visit,
    conditions: [{ kind: 'comeback', withinDays: 4 }],
  }),
  'a coupon': { holder: 'bearer', ...rules({ ...named('Food'), lines: food, effect: unit }) },
  'for the sale alone': { holder: 'sale' },
  'switched off': { enabled: false },
  'in another currency': { currencies: ['EUR'] },
  'of the past': { dates: { to: '2026-11-20' } },
  'of another shop': { stores: ['izmir'] },
  'of this shop': { stores: ['izmir', 'kadikoy'], channels: ['pos'] },
  'of the web': { channels: ['web'] },
  'used up': { mostUses: 3 },
  'used nearly up': { mostUses: 4 },
  'without rules': { rules: [] },
  'of adults': { earning: { minimumAge: 31 } },
  'taken back in proportion': { refund: { earned: 'proportional' } },
  'taken back as far as it is there': { refund: { alreadySpent: 'clamp' } },
  'the best rule later': {
    earning: { rules: 'best' },
    rules: [{ ...named('Visit'), effect: visit }, perMoney],
  },
  'the best of equal rules': {
    earning: { rules: 'best' },
    rules: [
      { ...named('Visit'), effect: visit },
      { ...named('Other'), effect: visit },
    ],
  },
  'a multiplier of what is left over': rules(
    {
      ...named('Twice'),
      lines: { exceptSkus: ['soap'], exceptCategories: ['sale'] },
      effect: twice,
    },
    { ...named('Visit'), effect: visit },
  ),
  'one promotion before the base': {
    earning: { promotions: 'one' },
    rules: [
      { ...named('Bonus'), effect: visit, stage: 'bonus' },
      { ...named('Twice'), effect: twice },
      perMoney,
    ],
  },
  'at most 999 a day by a rule': {
    rules: [{ ...perMoney, limits: [{ most: 999, count: 'points', per: 'day' }] }],
  },
  'a voucher from forty': rules({
    ...named('Voucher'),
    conditions: [{ kind: 'amount', minMinor: 4000 }],
    effect: { kind: 'voucher', template: { points: 3 } },
  }),
  'come back on a Saturday': rules({
    ...named('Back'),
    effect: visit,
    conditions: [
      { kind: 'weekday', in: [6] },
      { kind: 'comeback', withinDays: 7 },
    ],
  }),
  'not claimed': { receiptClaim: { days: 0 } },
};

const facts = { ...known, uses, givenPoints: { club: 1000 } };

/** Every programme over three baskets, and for people who are not (yet) members. */
const each = Object.entries(programmes).flatMap(([name, more]) => [
  ...Object.entries(baskets).map(([basket, lines]) =>
    sale(`${name}, ${basket}`, [more], lines, {
      facts,
      member: regular({ tier: 'gold', pending: 3 }),
    }),
  ),
  sale(`${name}, nobody`, [more], baskets.groceries, { facts, member: null }),
  sale(`${name}, not proven`, [more], baskets.groceries, {
    facts,
    member: freshMember('b', 'declared'),
  }),
]);

const other: More = { id: 'other', caps: { balance: 270 } };
const clubs = [{ ...programmes['tiers'], receiptClaim: { days: 0 } }, other];

/** Every programme alone, and two beside each other. */
export const earning: readonly Scenario[] = [
  ...each,
  sale('tiers, at the bottom', [programmes['tiers'] ?? {}], baskets.groceries.slice(0, 1), {
    facts,
    member: regular({ tier: 'basic' }),
  }),
  sale(
    'a limit nobody used yet',
    [programmes['at most 9 a day by a rule'] ?? {}],
    baskets.groceries,
  ),
  sale('a programme nobody used yet', [{ mostUses: 3 }], baskets.groceries),
  sale(
    'points of the sale that are not earned',
    [
      {
        redemption: { ownSalePoints: 'current' },
        rewards: [{ ...named('Off'), costPoints: 5, value: { kind: 'fixed', amountMinor: 100 } }],
      },
    ],
    baskets.groceries,
    { member: freshMember('b', 'declared') },
  ),
  sale('two clubs', clubs, baskets.groceries, { facts, member: regular({ tier: 'gold' }) }),
  sale('two clubs, nobody', clubs, baskets.groceries, { facts, member: null }),
];
