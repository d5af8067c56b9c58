import { minorPerMajor } from '#loyalty/money.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  buyTwoGetOnePreset,
  cashbackPreset,
  couponBatchPreset,
  giftCardPreset,
  nextOrderPreset,
  paidMembershipPreset,
  promoCodePreset,
  subscriptionPreset,
  walletPreset,
} from './generic.ts';
import {} from './points.ts';
import {
  type CataloguePreset,
  count,
  endsAfter,
  type Knob,
  KNOB_MONEY_MAX,
  money,
  percent,
  type PresetShop,
  rewardMinor,
  twoDigits,
} from './preset-knobs.ts';
import {
  amountOff,
  membershipWord,
  oneFree,
  payFromWallet,
  percentOff,
  subscriptionWord,
} from './preset-words.ts';

import { only } from './catalogue-generic.ts';

type Rule = NonNullable<ProgrammeDocument['rules']>[number];

function moneyUnit({ currency }: PresetShop) {
  return {
    currencies: [currency],
    unit: { kind: 'money' as const, currency },
    rewards: cashbackPreset.rewards.map((reward) => ({ ...reward, name: payFromWallet })),
  };
}

const cashback: CataloguePreset = {
  id: 'cashback',
  group: 'simple',
  knobs: [percent('percent', 1, 50, 3)],
  fit: (shop, knobs) =>
    only({
      ...cashbackPreset,
      ...moneyUnit(shop),
      rules: [
        {
          id: 'back',
          name: cashbackPreset.name,
          effect: { kind: 'percent-back', percent: String(knobs.number('percent')) },
        },
      ],
    }),
};

/** Money for each unit loaded or paid, with a bonus in percent. */
function loaded(
  id: string,
  name: ProgrammeDocument['name'],
  kind: 'top-up' | 'gift-card',
  bonus: number,
  shop: PresetShop,
): Rule {
  return {
    id,
    name,
    lines: { kinds: [kind] },
    effect: {
      kind: 'per-money',
      points: `${100 + bonus}/100`,
      perMinor: minorPerMajor(shop.currency),
    },
  };
}

/** What one card or one top-up is sold for: usually ten of what most customers buy. */
const soldAmount: Knob = {
  ...rewardMinor,
  id: 'amountMinor',
  usual: ({ item }) => Math.min(KNOB_MONEY_MAX, twoDigits(item.priceMinor * 10)),
};

const wallet: CataloguePreset = {
  id: 'wallet',
  group: 'paid',
  knobs: [soldAmount, percent('bonusPercent', 0, 50, 5)],
  fit: (shop, knobs) => ({
    documents: [
      {
        ...walletPreset,
        ...moneyUnit(shop),
        rules: [loaded('load', walletPreset.name, 'top-up', knobs.number('bonusPercent'), shop)],
      },
    ],
    products: [
      {
        sku: 'top-up',
        name: walletPreset.name,
        priceMinor: knobs.number('amountMinor'),
        kind: 'top-up',
      },
    ],
  }),
};

const giftCardDocument = (shop: PresetShop, months: number): ProgrammeDocument => ({
  ...giftCardPreset,
  ...moneyUnit(shop),
  rules: [loaded('sold', giftCardPreset.name, 'gift-card', 0, shop)],
  expiry: endsAfter(months),
});

const giftCard: CataloguePreset = {
  id: 'gift-card',
  group: 'paid',
  knobs: [soldAmount, count('expiryMonths', 0, 120, 36)],
  fit: (shop, knobs) => ({
    documents: [giftCardDocument(shop, knobs.number('expiryMonths'))],
    products: [
      {
        sku: giftCardPreset.id,
        name: giftCardPreset.name,
        priceMinor: knobs.number('amountMinor'),
        kind: 'gift-card',
      },
    ],
  }),
};

const promoCode: CataloguePreset = {
  id: 'promo-code',
  group: 'offers',
  knobs: [
    { id: 'code', unit: 'code', min: 4, max: 12, usual: () => 'WE1C0ME5' },
    percent('percent', 1, 100, 10),
  ],
  fit: (shop, knobs) =>
    only({
      ...promoCodePreset,
      currencies: [shop.currency],
      rules: [
        {
          id: 'code',
          name: promoCodePreset.name,
          conditions: [{ kind: 'code', code: knobs.text('code') }],
          effect: { kind: 'per-sale', points: '1' },
        },
      ],
      rewards: promoCodePreset.rewards.map((reward) => ({
        ...reward,
        name: percentOff(knobs.number('percent')),
        value: { kind: 'percent' as const, percent: String(knobs.number('percent')) },
      })),
    }),
};

const coupons: CataloguePreset = {
  id: 'coupons',
  group: 'offers',
  knobs: [
    rewardMinor,
    {
      ...money('minSaleMinor', 1, 0),
      usual: ({ item }) => Math.min(KNOB_MONEY_MAX, twoDigits(item.priceMinor * 2)),
    },
    count('months', 1, 120, 3),
  ],
  fit: (shop, knobs) =>
    only({
      ...couponBatchPreset,
      currencies: [shop.currency],
      rewards: couponBatchPreset.rewards.map((reward) => ({
        ...reward,
        name: amountOff(knobs.number('rewardMinor'), shop.currency),
        value: { kind: 'fixed' as const, amountMinor: knobs.number('rewardMinor') },
        minSaleMinor: knobs.number('minSaleMinor'),
      })),
      expiry: endsAfter(knobs.number('months')),
    }),
};

const freeUnit: CataloguePreset = {
  id: 'three-for-two',
  group: 'offers',
  knobs: [count('buy', 1, 50, 2)],
  fit: (shop, knobs) =>
    only({
      ...buyTwoGetOnePreset,
      currencies: [shop.currency],
      rules: [
        {
          id: 'paid',
          name: buyTwoGetOnePreset.name,
          lines: { skus: [shop.item.sku] },
          effect: { kind: 'per-unit', points: '1' },
        },
      ],
      rewards: buyTwoGetOnePreset.rewards.map((reward) => ({
        ...reward,
        name: oneFree,
        costPoints: knobs.number('buy'),
        value: { kind: 'product' as const, skus: [shop.item.sku], units: 1 },
      })),
    }),
};

const nextOrder: CataloguePreset = {
  id: 'next-order',
  group: 'offers',
  knobs: [
    { ...rewardMinor, id: 'minSaleMinor', usual: ({ item }) => item.priceMinor },
    percent('percent', 1, 50, 10),
    count('days', 1, 365, 60),
  ],
  fit: (shop, knobs) =>
    only(
      {
        ...nextOrderPreset,
        currencies: [shop.currency],
        rules: [
          {
            id: 'voucher',
            name: nextOrderPreset.name,
            conditions: [{ kind: 'amount', minMinor: knobs.number('minSaleMinor') }],
            effect: {
              kind: 'voucher',
              template: {
                programme: giftCardPreset.id,
                percentOfSale: String(knobs.number('percent')),
                validFor: { count: knobs.number('days'), unit: 'day' },
              },
            },
          },
        ],
      },
      giftCardDocument(shop, 0),
    ),
};

const paidMembership: CataloguePreset = {
  id: 'paid-membership',
  group: 'paid',
  knobs: [
    {
      ...rewardMinor,
      id: 'feeMinor',
      usual: ({ item }) => Math.min(KNOB_MONEY_MAX, twoDigits(item.priceMinor * 10)),
    },
    count('months', 1, 120, 12),
  ],
  fit: (shop, knobs) => ({
    documents: [
      {
        ...paidMembershipPreset,
        currencies: [shop.currency],
        membership: {
          ...paidMembershipPreset.membership,
          term: { count: knobs.number('months'), unit: 'month' },
        },
      },
    ],
    products: [
      {
        sku: paidMembershipPreset.membership.sku,
        name: membershipWord,
        priceMinor: knobs.number('feeMinor'),
        kind: 'membership',
      },
    ],
  }),
};

const subscription: CataloguePreset = {
  id: 'subscription',
  group: 'paid',
  knobs: [
    {
      ...rewardMinor,
      id: 'feeMinor',
      usual: ({ item }) => Math.min(KNOB_MONEY_MAX, twoDigits(item.priceMinor * 12)),
    },
    count('hours', 1, 720, 2),
  ],
  fit: (shop, knobs) => ({
    documents: [
      {
        ...subscriptionPreset,
        currencies: [shop.currency],
        rules: subscriptionPreset.rules.map((rule) => ({ ...rule, name: oneFree })),
        rewards: subscriptionPreset.rewards.map((reward) => ({
          ...reward,
          name: oneFree,
          value: { kind: 'product' as const, skus: [shop.item.sku] },
          conditions: [{ kind: 'interval' as const, minutes: knobs.number('hours') * 60 }],
        })),
      },
    ],
    products: [
      {
        sku: subscriptionPreset.membership.sku,
        name: subscriptionWord,
        priceMinor: knobs.number('feeMinor'),
        kind: 'membership',
      },
    ],
  }),
};

/** Presets about money put aside, codes and offers. */
export const offerCatalogue: readonly CataloguePreset[] = [
  cashback,
  promoCode,
  coupons,
  freeUnit,
  nextOrder,
  giftCard,
  wallet,
  paidMembership,
  subscription,
];
