import { type Currency, minorPerMajor } from '#loyalty/money.ts';
import { only, perMajor, pointsBase } from './catalogue-generic.ts';
import {
  bfearlessPreset,
  boutiquePreset,
  hiltonPreset,
  legoPreset,
  paneraPreset,
  primePreset,
  sephoraPreset,
  walmartPreset,
  xplrPreset,
} from './named.ts';
import {
  type CataloguePreset,
  costPoints,
  count,
  type FittedPreset,
  money,
  pointsPerMajor,
  type PresetShop,
  rewardMinor,
  type Turned,
} from './preset-knobs.ts';
import {
  amountOff,
  levelWords,
  membershipWord,
  oneFree,
  ourRegulars,
  pointsWord,
} from './preset-words.ts';

/*
 * Programmes people know, fitted to a shop. The numbers are the published ones until a knob is
 * turned; the names are the shop's own, because the famous ones belong to somebody.
 */

const fixedCost = (usual: number) => count('costPoints', 1, 10_000_000, usual);

const ours = ({ currency }: PresetShop) => ({
  name: ourRegulars,
  unitName: pointsWord,
  currencies: [currency],
});

/** The small shop's own: one rule, one reward after about eight visits. */
export const boutiqueCatalogue: CataloguePreset = {
  id: boutiquePreset.id,
  group: 'simple',
  knobs: [pointsPerMajor(), costPoints(8), rewardMinor],
  fit: (shop, knobs) =>
    only({ ...pointsBase(shop, knobs), id: boutiquePreset.id, name: ourRegulars }),
};

const panera: CataloguePreset = {
  id: paneraPreset.id,
  group: 'known',
  knobs: [pointsPerMajor(10), fixedCost(500)],
  fit: (shop, knobs) => {
    const base = perMajor(String(knobs.number('pointsPerMajor')), shop);
    return only({
      ...paneraPreset,
      ...ours(shop),
      rules: [
        {
          ...base,
          effect: {
            kind: 'per-money',
            points: String(knobs.number('pointsPerMajor')),
            perMinor: minorPerMajor(shop.currency),
            steps: 'whole',
          },
        },
      ],
      rewards: [
        {
          id: 'pick',
          name: oneFree,
          costPoints: knobs.number('costPoints'),
          value: { kind: 'product', skus: [shop.item.sku] },
        },
      ],
    });
  },
};

function fee(
  preset: typeof primePreset | typeof walmartPreset,
  shop: PresetShop,
  knobs: Turned,
): FittedPreset {
  return {
    documents: [{ ...preset, ...ours(shop) }],
    products: [
      {
        sku: preset.membership.sku,
        name: membershipWord,
        priceMinor: knobs.number('feeMinor'),
        kind: 'membership',
      },
    ],
  };
}

const prime: CataloguePreset = {
  id: primePreset.id,
  group: 'known',
  knobs: [money('feeMinor', 139)],
  fit: (shop, knobs) => fee(primePreset, shop, knobs),
};

const walmart: CataloguePreset = {
  id: walmartPreset.id,
  group: 'known',
  knobs: [money('feeMinor', 13)],
  fit: (shop, knobs) => fee(walmartPreset, shop, knobs),
};

const sephora: CataloguePreset = {
  id: sephoraPreset.id,
  group: 'known',
  knobs: [
    pointsPerMajor(),
    fixedCost(500),
    money('rewardMinor', 10),
    money('silverMinor', 350),
    money('goldMinor', 1000),
  ],
  fit: (shop, knobs) => {
    return only({
      ...sephoraPreset,
      ...ours(shop),
      rules: pointsBase(shop, knobs).rules,
      rewards: pointsBase(shop, knobs).rewards,
      tiers: [
        { id: 'insider', name: { ...levelWords[0] } },
        {
          id: 'vib',
          name: { ...levelWords[1] },
          criteria: { metric: 'spend-minor', atLeast: knobs.number('silverMinor') },
          multiplier: '1.25',
        },
        {
          id: 'rouge',
          name: { ...levelWords[2] },
          criteria: { metric: 'spend-minor', atLeast: knobs.number('goldMinor') },
          multiplier: '1.5',
        },
      ],
    });
  },
};

const bfearless: CataloguePreset = {
  id: bfearlessPreset.id,
  group: 'known',
  knobs: [pointsPerMajor(), fixedCost(100), money('rewardMinor', 5)],
  fit: (shop, knobs) =>
    only({ ...pointsBase(shop, knobs), id: bfearlessPreset.id, name: ourRegulars }),
};

/** Published: 100 points are 10.00; at most five of them a window and fifteen a year. */
const xplr: CataloguePreset = {
  id: xplrPreset.id,
  group: 'known',
  knobs: [pointsPerMajor(), fixedCost(100), money('rewardMinor', 10)],
  fit: (shop, knobs) => {
    const each = knobs.number('rewardMinor');
    const [, ...others] = xplrPreset.rules;
    return only({
      ...xplrPreset,
      ...ours(shop),
      rules: [
        ...pointsBase(shop, knobs).rules,
        ...others.map((rule) =>
          rule.id === 'window'
            ? {
                ...rule,
                name: amountOff(each, shop.currency),
                effect: {
                  kind: 'voucher' as const,
                  template: {
                    perPoints: knobs.number('costPoints'),
                    points: each,
                    validFor: { count: 11, unit: 'month' as const },
                  },
                },
              }
            : rule,
        ),
      ],
      windows: {
        ...xplrPreset.windows,
        maxPerWindowMinor: 5 * each,
        maxPerYearMinor: 15 * each,
      },
    });
  },
};

/** Nights and stays are counted by the hotel; a shop's own measure is what was spent. */
const hilton: CataloguePreset = {
  id: hiltonPreset.id,
  group: 'known',
  knobs: [
    pointsPerMajor(10),
    fixedCost(5000),
    money('rewardMinor', 25),
    money('silverMinor', 2500),
    money('goldMinor', 6000),
    money('platinumMinor', 11_500),
  ],
  fit: (shop, knobs) => {
    const levels = ['silverMinor', 'goldMinor', 'platinumMinor'].map((id) => knobs.number(id));
    const [member, ...others] = hiltonPreset.tiers.slice(0, 4);
    return only({
      ...hiltonPreset,
      version: 1,
      ...ours(shop),
      rules: pointsBase(shop, knobs).rules,
      rewards: pointsBase(shop, knobs).rewards,
      tiers: [
        { id: member?.id ?? 'member', name: { ...levelWords[0] } },
        ...others.map((tier, index) => ({
          ...tier,
          name: { ...levelWords[index + 1] },
          criteria: {
            anyOf: [
              { metric: 'visits', atLeast: [4, 15, 25][index] ?? 25 },
              { metric: 'spend-minor', atLeast: levels[index] ?? 0 },
            ],
          },
        })),
      ],
    });
  },
};

const perTen: Readonly<Record<Currency, number>> = { USD: 65, CAD: 50, GBP: 80, EUR: 75, AUD: 45 };

/** Published: 650 points are 5.00, and 4, 10 and 20 times that. */
const lego: CataloguePreset = {
  id: legoPreset.id,
  group: 'known',
  knobs: [
    { ...count('pointsPerTen', 1, 10_000, 65), usual: ({ currency }) => perTen[currency] ?? 65 },
    fixedCost(650),
    money('rewardMinor', 5),
  ],
  fit: (shop, knobs) =>
    only({
      ...legoPreset,
      ...ours(shop),
      channels: null,
      rules: [perMajor(`${knobs.number('pointsPerTen')}/10`, shop)],
      rewards: [1, 4, 10, 20].map((times) => ({
        id: `off-${times}`,
        name: amountOff(times * knobs.number('rewardMinor'), shop.currency),
        costPoints: times * knobs.number('costPoints'),
        value: { kind: 'fixed' as const, amountMinor: times * knobs.number('rewardMinor') },
      })),
    }),
};

/** The presets after programmes people know. */
export const namedCatalogue: readonly CataloguePreset[] = [
  panera,
  prime,
  walmart,
  sephora,
  bfearless,
  xplr,
  hilton,
  lego,
];
