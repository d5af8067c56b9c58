import { minorPerMajor } from '#loyalty/money.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  badgePreset,
  birthdayPreset,
  comebackPreset,
  donationPreset,
  referralPreset,
  stampsPreset,
  visitsPreset,
} from './generic.ts';
import { pointsPreset } from './points.ts';
import {
  type CataloguePreset,
  costPoints,
  count,
  endsAfter,
  expiryMonths,
  type FittedPreset,
  majorPrice,
  pointsPerMajor,
  type PresetShop,
  rewardMinor,
  twoDigits,
  type Turned,
} from './preset-knobs.ts';
import {
  amountOff,
  bonusPoints,
  levelWords,
  oneFree,
  pointsForMoney,
  pointsWord,
} from './preset-words.ts';

type Rule = NonNullable<ProgrammeDocument['rules']>[number];

/** Documents without products of their own. */
export function only(...documents: readonly ProgrammeDocument[]): FittedPreset {
  return { documents, products: [] };
}

/** So many points for one whole unit of money. */
export function perMajor(points: string, { currency }: PresetShop): Rule {
  return {
    id: 'base',
    name: pointsForMoney(points),
    effect: { kind: 'per-money', points, perMinor: minorPerMajor(currency) },
  };
}

/** Points on money, and one reward for them: what most presets stand on. */
export function pointsBase(shop: PresetShop, knobs: Turned) {
  const amountMinor = knobs.number('rewardMinor');
  return {
    version: 1,
    unitName: pointsWord,
    currencies: [shop.currency],
    rules: [perMajor(String(knobs.number('pointsPerMajor')), shop)],
    rewards: [
      {
        id: 'reward',
        name: amountOff(amountMinor, shop.currency),
        costPoints: knobs.number('costPoints'),
        value: { kind: 'fixed' as const, amountMinor },
      },
    ],
  };
}

const baseKnobs = [pointsPerMajor(), costPoints(5), rewardMinor];

/** Points on money with one rule more. */
function withRule(
  from: Pick<ProgrammeDocument, 'id' | 'name'>,
  shop: PresetShop,
  knobs: Turned,
  rule: Rule,
): FittedPreset {
  const base = pointsBase(shop, knobs);
  return only({ ...base, id: from.id, name: from.name, rules: [...base.rules, rule] });
}

const points: CataloguePreset = {
  id: 'points',
  group: 'simple',
  knobs: [...baseKnobs, expiryMonths],
  fit: (shop, knobs) =>
    only({
      ...pointsBase(shop, knobs),
      id: 'points',
      name: pointsPreset.name,
      expiry: endsAfter(knobs.number('expiryMonths')),
    }),
};

const tiers: CataloguePreset = {
  id: 'tiers',
  group: 'levels',
  knobs: [
    ...baseKnobs,
    {
      ...count('silverPoints', 1, 100_000_000, 1),
      usual: (shop) => twoDigits(20 * majorPrice(shop)),
    },
    {
      ...count('goldPoints', 1, 100_000_000, 1),
      usual: (shop) => twoDigits(60 * majorPrice(shop)),
    },
  ],
  fit: (shop, knobs) =>
    only({
      ...pointsBase(shop, knobs),
      id: 'tiers',
      name: pointsPreset.name,
      tiers: [
        { id: 'basic', name: { ...levelWords[0] } },
        {
          id: 'silver',
          name: { ...levelWords[1] },
          criteria: { metric: 'earned-points', atLeast: knobs.number('silverPoints') },
          multiplier: '1.25',
        },
        {
          id: 'gold',
          name: { ...levelWords[2] },
          criteria: { metric: 'earned-points', atLeast: knobs.number('goldPoints') },
          multiplier: '1.5',
        },
      ],
      tierSettings: pointsPreset.tierSettings,
    }),
};

const stamps: CataloguePreset = {
  id: 'stamps',
  group: 'simple',
  knobs: [count('stamps', 2, 100, 10)],
  fit: (shop, knobs) =>
    only({
      ...stampsPreset,
      currencies: [shop.currency],
      rules: stampsPreset.rules.map((rule) => ({
        ...rule,
        name: stampsPreset.unitName,
        lines: { skus: [shop.item.sku] },
      })),
      rewards: stampsPreset.rewards.map((reward) => ({
        ...reward,
        name: oneFree,
        costPoints: knobs.number('stamps'),
        value: { ...reward.value, skus: [shop.item.sku] },
      })),
    }),
};

const visits: CataloguePreset = {
  id: 'visits',
  group: 'simple',
  knobs: [count('visits', 2, 100, 3), count('days', 1, 365, 60)],
  fit: (shop, knobs) =>
    only({
      ...visitsPreset,
      currencies: [shop.currency],
      rules: [
        {
          id: 'visit',
          name: oneFree,
          conditions: [{ kind: 'visit', every: knobs.number('visits') }],
          effect: {
            kind: 'voucher',
            template: { points: 1, validFor: { count: knobs.number('days'), unit: 'day' } },
          },
        },
      ],
      rewards: visitsPreset.rewards.map((reward) => ({
        ...reward,
        name: oneFree,
        value: { kind: 'product' as const, skus: [shop.item.sku] },
      })),
    }),
};

const bonus = (usual: number) => count('bonusPoints', 1, 1_000_000, usual);

const referral: CataloguePreset = {
  id: 'referral',
  group: 'offers',
  knobs: [...baseKnobs, bonus(50)],
  fit: (shop, knobs) =>
    withRule(referralPreset, shop, knobs, {
      id: 'friend',
      name: bonusPoints(knobs.number('bonusPoints')),
      trigger: { on: 'referral', moment: 'first', to: 'both' },
      effect: { kind: 'per-sale', points: String(knobs.number('bonusPoints')) },
      qualifying: false,
    }),
};

const birthday: CataloguePreset = {
  id: 'birthday',
  group: 'offers',
  knobs: [...baseKnobs, bonus(50)],
  fit: (shop, knobs) =>
    withRule(birthdayPreset, shop, knobs, {
      id: 'birthday',
      name: bonusPoints(knobs.number('bonusPoints')),
      trigger: { on: 'birthday' },
      effect: { kind: 'per-sale', points: String(knobs.number('bonusPoints')) },
      qualifying: false,
    }),
};

const comeback: CataloguePreset = {
  id: 'comeback',
  group: 'offers',
  knobs: [...baseKnobs, bonus(10), count('days', 1, 366, 14)],
  fit: (shop, knobs) =>
    withRule(comebackPreset, shop, knobs, {
      id: 'soon',
      name: bonusPoints(knobs.number('bonusPoints')),
      conditions: [{ kind: 'comeback', withinDays: knobs.number('days') }],
      effect: { kind: 'per-sale', points: String(knobs.number('bonusPoints')) },
      stage: 'bonus',
      qualifying: false,
    }),
};

const badges: CataloguePreset = {
  id: 'badges',
  group: 'offers',
  knobs: [...baseKnobs, count('visits', 1, 1000, 10), bonus(25)],
  fit: (shop, knobs) =>
    withRule(badgePreset, shop, knobs, {
      id: 'visits',
      name: bonusPoints(knobs.number('bonusPoints')),
      conditions: [{ kind: 'visit', at: knobs.number('visits') }],
      effect: { kind: 'badge', badge: 'regular', points: knobs.number('bonusPoints') },
    }),
};

const donation: CataloguePreset = {
  id: 'donation',
  group: 'offers',
  knobs: baseKnobs,
  fit: (shop, knobs) => {
    const base = pointsBase(shop, knobs);
    return only({
      ...base,
      id: donationPreset.id,
      name: donationPreset.name,
      rewards: [
        ...base.rewards,
        {
          id: 'give',
          name: donationPreset.name,
          costPoints: knobs.number('costPoints'),
          value: {
            kind: 'donation',
            amountMinor: knobs.number('rewardMinor'),
            cause: {
              en: 'A good cause',
              tr: 'İyi bir amaç',
              de: 'Ein guter Zweck',
              ar: 'عمل خيري',
            },
          },
        },
      ],
    });
  },
};

/** Presets whose points come from what is bought, simplest first. */
export const genericCatalogue: readonly CataloguePreset[] = [
  points,
  stamps,
  visits,
  tiers,
  birthday,
  referral,
  comeback,
  badges,
  donation,
];
