import { claimReward } from '#loyalty/claim-item.ts';
import type { Claim } from '#loyalty/claim-item.ts';
import { freshMember } from '#loyalty/member.ts';
import { line, settings } from '#test/loyalty/arrange.ts';
import {
  baskets,
  known,
  type More,
  named,
  regular,
  type RewardDocument,
  sale,
  type Scenario,
} from './shop.ts';

const fixed = (amountMinor: number) => ({ kind: 'fixed', amountMinor }) as const;
const percent = (text: string) => ({ kind: 'percent', percent: text }) as const;
const perPoint = { kind: 'per-point', valueMinor: 7 } as const;
const food = { kind: 'lines' as const, lines: { categories: ['food'] } };
const product = (more = {}) => ({ kind: 'product' as const, skus: ['tea'], ...more });
const off = (more: Partial<RewardDocument>): More => ({
  rewards: [{ ...named('Off'), costPoints: 20, value: fixed(500), ...more } as RewardDocument],
});

/** Each kind of reward and each of its bounds. */
const rewards: Readonly<Record<string, More>> = {
  'five off': off({}),
  'five off as often as it goes': off({ mostPerSale: null }),
  'five off three times': off({ mostPerSale: 3 }),
  'too dear': off({ costPoints: 251 }),
  'just affordable': off({ costPoints: 250 }),
  'more than the sale': off({ value: fixed(99_999) }),
  'off food': off({ scope: food, value: fixed(2000), mostPerSale: null }),
  'off nothing here': off({ scope: { kind: 'lines', lines: { skus: ['none'] } } }),
  'with a cap': off({ value: percent('50'), capMinor: 700 }),
  'a tenth': off({ value: percent('10') }),
  'a tenth of food': off({ value: percent('10'), scope: food }),
  'half the cheapest': off({ value: percent('50'), scope: { kind: 'cheapest' } }),
  'half the cheapest food': off({
    value: percent('50'),
    scope: { kind: 'cheapest', lines: { categories: ['food'] } },
  }),
  everything: off({ value: percent('100') }),
  'at most a fifth of the sale': off({ value: fixed(3000), maxPercentOfSale: '20' }),
  'at most a fifth by the programme': {
    ...off({ value: fixed(300), mostPerSale: null }),
    redemption: { maxPercentOfSale: '20' },
  },
  'from forty': off({ minSaleMinor: 4000 }),
  'from fifty': off({ minSaleMinor: 5000 }),
  'from three hundred points': off({ minPoints: 300 }),
  'from three hundred points by the programme': { ...off({}), redemption: { minPoints: 300 } },
  'by the point': off({ value: perPoint, costPoints: 3, mostPerSale: null }),
  'by the point, at most ten': off({ value: perPoint, costPoints: 3, mostPerSale: 10 }),
  'by the point, lowered': {
    ...off({ value: perPoint, costPoints: 3, mostPerSale: null }),
    redemption: { onOver: 'clamp', minPoints: 30 },
  },
  'by the point, half the sale': {
    ...off({ value: perPoint, costPoints: 1, mostPerSale: null }),
    redemption: { maxPercentOfSale: '25' },
  },
  'by the point, from 30': off({
    value: perPoint,
    costPoints: 3,
    mostPerSale: null,
    minPoints: 30,
  }),
  'by the point off food': off({
    value: { kind: 'per-point', valueMinor: 70 },
    scope: food,
    costPoints: 3,
    mostPerSale: null,
  }),
  'off food by amounts, all of it': off({
    value: fixed(1),
    scope: food,
    mostPerSale: null,
    costPoints: 1,
  }),
  'amounts, all of it by the sale': off({ value: fixed(4), mostPerSale: null, costPoints: 1 }),
  'by the point off food, all of it by the sale': off({
    value: { kind: 'per-point', valueMinor: 1 },
    scope: food,
    costPoints: 1,
    mostPerSale: null,
  }),
  'paid with points': off({ value: perPoint, costPoints: 1, mostPerSale: null, stage: 'payment' }),
  'by the point off food, in steps of cash': off({
    value: { kind: 'per-point', valueMinor: 1 },
    scope: { kind: 'lines', lines: { exceptCategories: ['none'] } },
    costPoints: 1,
    mostPerSale: null,
  }),
  'by the point off goods, from 40 points': off({
    value: perPoint,
    costPoints: 3,
    mostPerSale: null,
    minPoints: 39,
  }),
  'by the point off goods, from 42 points': off({
    value: perPoint,
    costPoints: 3,
    mostPerSale: null,
    minPoints: 42,
  }),
  'from points that are exactly there': off({ costPoints: 250, minPoints: 251 }),
  'cheapest of equals': off({ value: percent('50'), scope: { kind: 'cheapest' }, costPoints: 0 }),
  'fixed for nothing': off({ costPoints: 0, mostPerSale: 3 }),
  'paid dearly with points': off({
    value: { kind: 'per-point', valueMinor: 100 },
    costPoints: 1,
    mostPerSale: null,
    stage: 'payment',
  }),
  'paid by value that does not earn': {
    ...off({ value: perPoint, costPoints: 1, mostPerSale: null, stage: 'payment' }),
    earning: { storedValueEarns: false },
  },
  'tea for nothing': off({ value: product() }),
  'two teas for nothing': off({ value: product({ units: 2 }) }),
  'teas as often as it goes': off({ value: product({ units: 2 }), mostPerSale: null }),
  'tea or bread for nothing': off({ value: product({ skus: ['tea', 'bread'] }), mostPerSale: 2 }),
  'free goods that earn': {
    ...off({ value: product(), mostPerSale: 2 }),
    earning: { freeUnitsEarn: true },
    rules: [
      { ...named('Unit'), effect: { kind: 'per-unit', points: '1' } },
      { ...named('Money'), effect: { kind: 'per-money', points: '1', perMinor: 100 } },
    ],
  },
  'free goods that do not': {
    ...off({ value: product(), mostPerSale: 2 }),
    rules: [
      { ...named('Unit'), effect: { kind: 'per-unit', points: '1' } },
      { ...named('Money'), effect: { kind: 'per-money', points: '1', perMinor: 100 } },
    ],
  },
  'a mug beside it': off({ value: product({ skus: ['mug'], takes: 'added', units: 2 }) }),
  'a tea beside it': off({ value: product({ takes: 'added' }), mostPerSale: 3 }),
  'a mug or tea beside it': off({ value: product({ skus: ['mug', 'tea'], takes: 'added' }) }),
  'a mug too dear': off({ value: product({ skus: ['mug'], takes: 'added' }), costPoints: 300 }),
  'free of points': off({ value: product(), costPoints: 0 }),
  'a price': off({ value: { kind: 'price', unitPriceMinor: 450 }, scope: food }),
  'a price above': off({ value: { kind: 'price', unitPriceMinor: 45_000 } }),
  'a benefit': off({ value: { kind: 'benefit', text: { en: 'Table' } }, minSaleMinor: 99_999 }),
  'a donation': off({ value: { kind: 'donation', amountMinor: 100, cause: { en: 'Trees' } } }),
  'switched off': off({ enabled: false }),
  'on condition': off({ conditions: [{ kind: 'amount', minMinor: 4700 }] }),
  'on a condition that fails': off({ conditions: [{ kind: 'weekday', in: [1] }] }),
  'once a day': off({ limits: [{ most: 1, per: 'day' }] }),
  'which lowers what earns': { ...off({}), earning: { ownRedemptionReduces: true } },
  'which earns nothing then': { ...off({}), earning: { earnsWhenRedeeming: false } },
  'of adults': { ...off({}), redemption: { minimumAge: 31 } },
  'with the points of the sale': {
    ...off({ costPoints: 280 }),
    redemption: { ownSalePoints: 'current' },
  },
  'each point a minor unit': off({
    value: { kind: 'per-point', valueMinor: 1 },
    costPoints: 1,
    mostPerSale: null,
  }),
  'one off as often as the points go': off({ value: fixed(10), mostPerSale: null }),
  'a price between': off({ value: { kind: 'price', unitPriceMinor: 600 }, scope: food }),
  'soap or tea, the dearer': off({ value: product({ skus: ['tea', 'soap'] }) }),
  'a donation from much': off({
    value: { kind: 'donation', amountMinor: 100, cause: { en: 'Trees' } },
    minSaleMinor: 99_999,
  }),
  'two of equal worth': {
    rewards: [
      { ...named('Dear'), costPoints: 30, value: fixed(500) },
      { ...named('Cheap'), costPoints: 20, value: fixed(500) },
    ],
  },
  'a visit for tea that is paid for': {
    ...off({ value: product(), mostPerSale: null, costPoints: 1 }),
    rules: [
      {
        ...named('Visit'),
        lines: { skus: ['tea'] },
        effect: { kind: 'per-sale', points: '7' },
      },
    ],
  },
  'two rewards': {
    rewards: [
      { ...named('Off'), costPoints: 20, value: fixed(500) },
      { ...named('Tenth'), costPoints: 30, value: percent('10') },
      { ...named('Fifth'), costPoints: 30, value: percent('20') },
      { ...named('Pay'), costPoints: 1, value: perPoint, stage: 'payment', mostPerSale: null },
    ],
  },
};

const claimed: Readonly<Record<string, readonly Claim[]>> = {
  'not asked for': [],
  'asked for': [claimReward('club', 'off')],
  'asked for twice': [claimReward('club', 'off'), claimReward('club', 'off')],
  'with 40 points': [claimReward('club', 'off', { points: 40 })],
  'with 2000 points': [claimReward('club', 'off', { points: 2000 })],
  'with 2 points': [claimReward('club', 'off', { points: 2 })],
  'with 249 points': [claimReward('club', 'off', { points: 249 })],
  'with 251 points': [claimReward('club', 'off', { points: 251 })],
  'one unit of bread': [claimReward('club', 'off', { units: 1, sku: 'bread' })],
  'of tea': [claimReward('club', 'off', { sku: 'tea' })],
  'into the bag': [claimReward('club', 'off', { takes: 'added', sku: 'tea' })],
};

/** Ways of asking that only points or goods answer differently. */
const closely = /point|tea|mug|goods/;

/** Every reward, asked for in the ways that matter to it. */
const asked = Object.entries(rewards).flatMap(([name, more]) => [
  ...Object.entries(claimed)
    .filter(([way]) => closely.test(name) || way.startsWith('asked') || way === 'not asked for')
    .map(([way, claims]) => sale(`${name}, ${way}`, [more], baskets.groceries, { claims })),
  sale(`${name}, at the counter`, [more], baskets.counter, { claims: claimed['asked for'] ?? [] }),
  sale(`${name}, exchanging`, [more], baskets.exchange, { claims: claimed['asked for'] ?? [] }),
  ...(/point|sale|everything|product/.test(name)
    ? [
        sale(`${name}, in cash`, [more], baskets.groceries, {
          claims: claimed['asked for'] ?? [],
          settings: { ...settings, cashRoundingMinor: 25 },
        }),
        sale(`${name}, all points, in cash`, [more], baskets.groceries.slice(0, 2), {
          claims: claimed['asked for'] ?? [],
          settings: { ...settings, cashRoundingMinor: 25 },
          member: regular({ available: 9000 }),
        }),
      ]
    : []),
]);

const claims = claimed['asked for'] ?? [];
const five = off({});

/** People who may not, or not here. */
const people: readonly Scenario[] = [
  sale('nobody', [five], baskets.groceries, { claims, member: null }),
  sale('not proven', [five], baskets.groceries, { claims, member: freshMember('b', 'declared') }),
  sale('blocked', [five], baskets.groceries, { claims, member: regular({ enabled: false }) }),
  sale('few points here', [five], baskets.groceries, {
    claims,
    member: regular({ spendableHere: 12 }),
  }),
  sale('few points anywhere', [five], baskets.groceries, {
    claims,
    member: regular({ available: 15, spendableHere: 12 }),
  }),
  sale(
    'few points here for a few',
    [off({ value: perPoint, mostPerSale: null })],
    baskets.groceries,
    {
      claims: [claimReward('club', 'off', { points: 100 })],
      member: regular({ spendableHere: 40 }),
    },
  ),
  sale('just enough points anywhere', [five], baskets.groceries, {
    claims,
    member: regular({ available: 20, spendableHere: 12 }),
  }),
  sale(
    'few points here, and not today',
    [off({ conditions: [{ kind: 'weekday', in: [1] }] })],
    baskets.groceries,
    { claims, member: regular({ spendableHere: 12 }) },
  ),
  sale(
    'two clubs, at most a fifth each',
    ['club', 'other'].map((id) => ({
      id,
      ...off({ value: fixed(9999) }),
      redemption: { maxPercentOfSale: '20' },
    })),
    baskets.groceries,
    { claims: [claimReward('club', 'off'), claimReward('other', 'off')] },
  ),
  sale(
    'half the cheapest beside a free tea',
    [
      {
        rewards: [
          { ...named('Off'), costPoints: 5, value: product(), mostPerSale: 2 },
          {
            ...named('Half'),
            costPoints: 5,
            value: percent('50'),
            scope: { kind: 'cheapest', lines: { categories: ['food'] } },
          },
        ],
      },
    ],
    baskets.groceries,
    { claims: [claimReward('club', 'off'), claimReward('club', 'half')] },
  ),
  sale(
    'half the cheapest of two equal lines',
    [off({ value: percent('50'), scope: { kind: 'cheapest' } })],
    ['first', 'second'].map((id) => line(300, { id })),
    { claims },
  ),
  sale('no points', [off({ value: perPoint, mostPerSale: null })], baskets.groceries, {
    member: regular({ available: 0 }),
  }),
  sale(
    'too few points for a benefit',
    [off({ value: { kind: 'benefit', text: { en: 'Table' } } })],
    baskets.groceries,
    { member: regular({ available: 0 }) },
  ),
  sale(
    'an empty basket, a benefit of the shop',
    [
      {
        holder: 'sale',
        ...off({ value: { kind: 'benefit', text: { en: 'Table' } }, costPoints: 0 }),
      },
    ],
    [],
  ),
  sale('no age', [{ ...five, redemption: { minimumAge: 18 } }], baskets.groceries, {
    claims,
    member: { ...regular(), age: null },
  }),
  sale('old enough', [{ ...five, redemption: { minimumAge: 30 } }], baskets.groceries, { claims }),
  sale('new today', [{ ...five, redemption: { onEnrolSale: false } }], baskets.groceries, {
    claims,
    member: { ...regular(), enrolledOn: '2026-11-21' },
    facts: { ...known, visits: 0 },
  }),
  sale('new today, again', [{ ...five, redemption: { onEnrolSale: false } }], baskets.groceries, {
    claims,
    member: { ...regular(), enrolledOn: '2026-11-21' },
  }),
  sale('new yesterday', [{ ...five, redemption: { onEnrolSale: false } }], baskets.groceries, {
    claims,
    facts: { ...known, visits: 0 },
  }),
  sale('an unknown reward', [five], baskets.groceries, {
    claims: [claimReward('club', 'none'), claimReward('none', 'off')],
  }),
  sale('all at once', [rewards['two rewards'] ?? {}], baskets.groceries, {
    claims: [
      claimReward('club', 'tenth'),
      claimReward('club', 'pay'),
      claimReward('club', 'fifth'),
      claimReward('club', 'off'),
    ],
  }),
  sale('an empty basket', [five], [], { claims }),
];

export const spending: readonly Scenario[] = [...asked, ...people];
