import { claimReward } from '#loyalty/claim-item.ts';
import { useKey, type VoucherFact } from '#loyalty/facts.ts';
import { noonMs } from '#test/loyalty/arrange.ts';
import {
  baskets,
  known,
  type More,
  named,
  type RewardDocument,
  type RuleDocument,
  sale,
  type Scenario,
} from './shop.ts';

const fixed = (amountMinor: number) => ({ kind: 'fixed', amountMinor }) as const;
const percent = (text: string) => ({ kind: 'percent', percent: text }) as const;
const mint = (more: Partial<RuleDocument> = {}): RuleDocument =>
  ({ ...named('Mint'), effect: { kind: 'per-sale', points: '1' }, ...more }) as RuleDocument;
const reward = (more: Partial<RewardDocument> = {}): RewardDocument =>
  ({
    ...named('Off'),
    costPoints: 1,
    value: fixed(500),
    applies: 'automatic',
    ...more,
  }) as RewardDocument;
const code = (text: string) => ({ kind: 'code', code: text }) as const;
const own = (more: More): More => ({
  holder: 'sale',
  rules: [mint()],
  rewards: [reward()],
  ...more,
});
const coupon = (more: More): More => ({
  holder: 'bearer',
  rules: [],
  rewards: [reward()],
  ...more,
});
const teas: RuleDocument = mint({
  lines: { skus: ['tea'] },
  effect: { kind: 'per-unit', points: '1' },
});
const tea = { kind: 'product' as const, skus: ['tea'] };
const foodOnly = { kind: 'lines' as const, lines: { categories: ['food'] } };
const instant = (more: Partial<RuleDocument> = {}): More => ({
  rules: [mint({ effect: { kind: 'discount', reward: 'off' }, ...more })],
  rewards: [reward({ costPoints: 9, applies: 'claim' })],
});

/** What a shop gives by itself, for a code, or at a person's word. */
const programmes: Readonly<Record<string, readonly More[]>> = {
  'five off by itself': [own({})],
  'five off when asked': [own({ rewards: [reward({ applies: 'claim' })] })],
  'switched off': [own({ rewards: [reward({ enabled: false })] })],
  'two for two points': [own({ rewards: [reward({ costPoints: 2 })] })],
  'buy two teas, get one': [
    own({ rules: [teas], rewards: [reward({ costPoints: 2, value: tea, mostPerSale: null })] }),
  ],
  'buy one tea, get one': [
    own({ rules: [teas], rewards: [reward({ value: tea, mostPerSale: null })] }),
  ],
  'buy one tea, get two': [
    own({ rules: [teas], rewards: [reward({ value: { ...tea, units: 2 }, mostPerSale: null })] }),
  ],
  'a mug with it': [
    own({ rewards: [reward({ value: { kind: 'product', skus: ['mug'], takes: 'added' } })] }),
  ],
  'a mug for two points': [
    own({
      rewards: [
        reward({
          costPoints: 2,
          applies: 'claim',
          value: { kind: 'product', skus: ['mug'], takes: 'added' },
        }),
      ],
    }),
  ],
  'a tea for two points': [own({ rewards: [reward({ costPoints: 2, value: tea })] })],
  'bread or tea, the dearer': [
    own({ rewards: [reward({ value: { ...tea, skus: ['tea', 'bread'] } })] }),
  ],
  'a free tea on condition': [
    own({ rewards: [reward({ value: tea, minSaleMinor: 99_999, applies: 'claim' })] }),
  ],
  'rules of enrolment first': [
    own({
      rules: [
        mint({ ...named('Enrol'), trigger: { on: 'enrol' }, lines: { skus: ['none'] } }),
        mint({ enabled: false, ...named('Disabled'), lines: { skus: ['none'] } }),
        mint({ conditions: [{ kind: 'amount', minMinor: 99_999 }] }),
      ],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'two things to lack': [
    own({
      rules: [
        mint({ ...named('Plenty'), effect: { kind: 'multiply', by: '3' } }),
        mint({ conditions: [{ kind: 'first-sale' }, { kind: 'amount', minMinor: 99_999 }] }),
      ],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'a gift nobody pays for': [
    own({
      rules: [mint({ conditions: [{ kind: 'first-sale' }] })],
      rewards: [reward({ costPoints: 0, applies: 'claim' })],
    }),
  ],
  'one of two at once': [
    {
      rules: [mint({ effect: { kind: 'discount', reward: 'off' } })],
      rewards: [
        reward({ ...named('More'), value: fixed(700), applies: 'claim' }),
        reward({ costPoints: 9, applies: 'claim' }),
      ],
    },
  ],
  'a percentage before an amount': [
    own({
      rewards: [
        reward({ value: percent('10'), costPoints: 0 }),
        reward({ ...named('More'), value: fixed(700) }),
      ],
    }),
  ],
  'a percentage at once before an amount': [
    {
      rules: [
        mint({ effect: { kind: 'discount', reward: 'off' } }),
        mint({ ...named('Then'), effect: { kind: 'discount', reward: 'more' } }),
      ],
      rewards: [
        reward({ value: percent('10'), applies: 'claim' }),
        reward({ ...named('More'), value: fixed(700), applies: 'claim' }),
      ],
    },
  ],
  'a percentage of food and one of all': [
    own({
      rewards: [
        reward({ value: percent('10') }),
        reward({ ...named('Food'), value: percent('50'), scope: foodOnly }),
      ],
    }),
  ],
  'points for a member with a code': [
    {
      rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })],
      rewards: [reward({ costPoints: 20, applies: 'automatic' })],
    },
  ],
  'a code that two programmes wait for': [
    own({ rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })] }),
    own({
      id: 'other',
      rules: [
        mint({
          conditions: [
            { kind: 'code', code: 'AUTUMN-24' },
            { kind: 'amount', minMinor: 99_999 },
          ],
        }),
      ],
    }),
  ],
  'at most a fifth': [own({ rewards: [reward({ value: fixed(9999), maxPercentOfSale: '20' })] })],
  'at most a fifth of what is left': [
    own({ id: 'other' }),
    { rewards: [reward({ value: fixed(9999), maxPercentOfSale: '20', applies: 'claim' })] },
  ],
  'earned on the price as marked': [own({ id: 'other' }), { earning: { discounts: 'before' } }],
  'one rule that mints, one that lacks': [
    own({
      rules: [mint(), mint({ ...named('First'), conditions: [{ kind: 'first-sale' }] })],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'a free tea for forty points that the sale mints, after five off': [
    own({ id: 'other' }),
    own({
      rules: [mint({ effect: { kind: 'per-money', points: '1', perMinor: 100 } })],
      rewards: [reward({ costPoints: 40, value: tea })],
    }),
  ],
  'a tenth by itself': [own({ rewards: [reward({ value: percent('10') })] })],
  'free of cost': [own({ rules: [], rewards: [reward({ costPoints: 0, value: percent('10') })] })],
  'the better of two percentages': [
    own({ rewards: [reward({ value: percent('10') })] }),
    own({ id: 'other', rewards: [reward({ value: percent('15') })] }),
  ],
  'the first of equal percentages': [
    own({ rewards: [reward({ value: percent('10') })] }),
    own({ id: 'other', rewards: [reward({ value: percent('10') })] }),
  ],
  'a percentage and an amount': [
    own({ rewards: [reward({ value: percent('10') })] }),
    own({ id: 'other' }),
  ],
  'a percentage of the member’s club': [
    { rewards: [reward({ value: percent('20'), applies: 'claim' })] },
    own({ id: 'other', rewards: [reward({ value: percent('10') })] }),
  ],
  'food from the shelf': [
    own({ rules: [mint({ conditions: [{ kind: 'contains', lines: { categories: ['food'] } }] })] }),
  ],
  'nothing from the shelf': [
    own({ rules: [mint({ conditions: [{ kind: 'contains', lines: { categories: ['toys'] } }] })] }),
  ],
  'no such product': [
    own({ rules: [mint({ lines: { skus: ['none'] } })], rewards: [reward({ applies: 'claim' })] }),
  ],
  'too little': [
    own({
      rules: [mint({ conditions: [{ kind: 'amount', minMinor: 99_999 }] })],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'on another day': [
    own({
      rules: [mint({ dates: { from: '2026-12-01' } })],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'on another weekday': [
    own({
      rules: [mint({ conditions: [{ kind: 'weekday', in: [1] }] })],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'for a code': [own({ rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })] })],
  'a tenth for a code': [
    own({
      rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })],
      rewards: [reward({ value: percent('10') })],
    }),
  ],
  'for a code, at a person’s word': [
    own({
      rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })],
      rewards: [reward({ applies: 'claim' })],
    }),
  ],
  'for a code, too little': [
    own({
      rules: [
        mint({
          conditions: [
            { kind: 'code', code: 'AUTUMN-24' },
            { kind: 'amount', minMinor: 99_999 },
          ],
        }),
      ],
    }),
  ],
  'for a code, switched off': [
    own({ rules: [mint({ enabled: false, conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })] }),
  ],
  'points for a code': [{ rules: [mint({ conditions: [{ kind: 'code', code: 'AUTUMN-24' }] })] }],
  'points for a code of the past': [
    {
      rules: [
        mint({ dates: { to: '2026-01-01' }, conditions: [{ kind: 'code', code: 'AUTUMN-24' }] }),
      ],
    },
  ],
  'a code once a member': [
    own({
      rules: [
        mint({
          conditions: [{ kind: 'code', code: 'AUTUMN-24' }],
          limits: [{ most: 1, per: 'life' }],
        }),
      ],
    }),
  ],
  'at once': [instant()],
  'at once, a tenth': [
    { ...instant(), rewards: [reward({ value: percent('10'), applies: 'claim' })] },
  ],
  'at once, switched off': [{ ...instant(), rewards: [reward({ enabled: false })] }],
  'at once, not today': [instant({ dates: { to: '2026-01-01' } })],
  'at once, rule off': [instant({ enabled: false })],
  'at once, at enrolment': [instant({ trigger: { on: 'enrol' } })],
  'at once, not here': [instant({ lines: { skus: ['none'] } })],
  'at once, too little': [instant({ conditions: [{ kind: 'amount', minMinor: 99_999 }] })],
  'at once, on a weekday': [instant({ conditions: [{ kind: 'weekday', in: [1] }] })],
  'a coupon': [coupon({})],
  'a coupon of two': [
    coupon({ rewards: [reward({}), reward({ ...named('More'), value: fixed(700) })] }),
  ],
  'a coupon of two, one too dear': [
    coupon({ rewards: [reward({}), reward({ ...named('More'), costPoints: 99 })] }),
  ],
  'a coupon at a person’s word': [coupon({ rewards: [reward({ applies: 'claim' })] })],
  'a coupon to choose from': [
    coupon({
      rewards: [
        reward({ applies: 'claim' }),
        reward({ ...named('More'), applies: 'claim', value: fixed(700) }),
      ],
    }),
  ],
  'a coupon of a tenth': [coupon({ rewards: [reward({ value: percent('10') })] })],
  'a coupon switched off': [coupon({ rewards: [reward({ enabled: false })] })],
  'a coupon from much': [coupon({ rewards: [reward({ minSaleMinor: 99_999 })] })],
  'a gift card': [
    coupon({
      unit: { kind: 'money', currency: 'TRY' },
      rewards: [
        reward({
          value: { kind: 'per-point', valueMinor: 1 },
          stage: 'payment',
          mostPerSale: null,
        }),
      ],
    }),
  ],
};

const voucher = (more: Partial<VoucherFact> = {}): VoucherFact => ({
  code: 'AUTUMN-24',
  programme: 'club',
  holder: 'v1',
  available: 3,
  expiresAtMs: null,
  state: 'active',
  ...more,
});

const asked = {
  alone: [],
  'with the code': [code('autumn 24')],
  'with another code': [code('WINTER')],
  'at a word': [claimReward('club', 'off')],
  'at a word, with the code': [
    code('AUTUMN24'),
    claimReward('club', 'off'),
    claimReward('club', 'off'),
  ],
} as const;

const vouchers: Readonly<Record<string, readonly VoucherFact[]>> = {
  'no coupon': [],
  'a coupon there': [voucher()],
};

const states: Readonly<Record<string, Partial<VoucherFact>>> = {
  used: { state: 'used' },
  blocked: { state: 'blocked' },
  ended: { expiresAtMs: noonMs },
  'not ended': { expiresAtMs: noonMs + 1 },
  'of another programme': { programme: 'none' },
  empty: { available: 0 },
};

export const promotions: readonly Scenario[] = [
  ...Object.entries(programmes).flatMap(([name, documents]) =>
    Object.entries(asked).flatMap(([way, claims]) =>
      Object.entries(vouchers)
        .filter(([, there]) => there.length === 0 || documents[0]?.holder === 'bearer')
        .map(([there, list]) =>
          sale(`${name}, ${way}, ${there}`, documents, baskets.groceries, {
            claims: [...claims],
            facts: { ...known, vouchers: list },
          }),
        ),
    ),
  ),
  ...Object.entries(states).map(([name, more]) =>
    sale(`a coupon that is ${name}`, [coupon({})], baskets.groceries, {
      claims: [code('AUTUMN-24'), claimReward('club', 'off')],
      facts: { ...known, vouchers: [voucher(more)] },
    }),
  ),
  sale('a code used up', programmes['a code once a member'] ?? [], baskets.groceries, {
    claims: [code('AUTUMN-24')],
    facts: {
      ...known,
      uses: { [useKey('club', 'mint', 'member', 'life')]: { times: 1, points: 1 } },
    },
  }),
  sale('two cards of one shop', programmes['a gift card'] ?? [], baskets.groceries, {
    claims: [code('AUTUMN-24'), code('SPRING')],
    facts: {
      ...known,
      vouchers: [
        voucher({ available: 3000 }),
        voucher({ code: 'SPRING', holder: 'v2', available: 2500 }),
      ],
    },
  }),
];
