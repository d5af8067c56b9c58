import type { ProgrammeDocument } from '#loyalty/programme.ts';

/** Programmes people know, as data. Rules as published; sources are named where they are unsure. */
type Preset = ProgrammeDocument;
type Rule = NonNullable<Preset['rules']>[number];
type Reward = NonNullable<Preset['rewards']>[number];

const onePerMoney: Rule = {
  id: 'base',
  name: { en: '1 point per 1.00' },
  effect: { kind: 'per-money', points: '1', perMinor: 100 },
};

/** Panera (2026 pilot): 10 points per whole dollar; a missed visit is claimed within 30 days. */
export const paneraPreset = {
  id: 'panera',
  version: 1,
  name: { en: 'MyPanera' },
  currencies: ['USD'],
  rules: [
    {
      id: 'base',
      name: { en: '10 points per whole dollar' },
      effect: { kind: 'per-money', points: '10', perMinor: 100, steps: 'whole' },
    },
  ],
  rewards: [
    {
      id: 'pick',
      name: { en: 'Pastry or coffee, your choice' },
      costPoints: 500,
      value: { kind: 'product', skus: ['pastry', 'coffee'] },
    },
  ],
  receiptClaim: { days: 30 },
} satisfies Preset;

/** Amazon Prime: 139.00 a year; free delivery; the fee earns nothing. */
export const primePreset = {
  id: 'prime',
  version: 1,
  name: { en: 'Prime' },
  currencies: ['USD'],
  membership: {
    sku: 'prime-year',
    term: { count: 1, unit: 'year' },
    benefits: [{ en: 'Free delivery' }, { en: 'Member prices' }],
  },
} satisfies Preset;

/** Walmart+: monthly term (98.00 a year or 12.95 a month); a third party's benefit is text. */
export const walmartPreset = {
  id: 'walmart-plus',
  version: 1,
  name: { en: 'Walmart+' },
  currencies: ['USD'],
  membership: {
    sku: 'plus-month',
    term: { count: 1, unit: 'month' },
    autoRenew: true,
    benefits: [{ en: 'Free delivery' }, { en: 'Fuel discount' }, { en: 'Paramount+' }],
  },
} satisfies Preset;

/**
 * Sephora Beauty Insider: Insider, VIB from 350 and Rouge from 1,000 spent in a calendar year,
 * valid for its rest and the whole next one; 500 points are 10.00; everything ends after 12 idle
 * months. Multipliers 1 / 1.25 / 1.5 as of 2018; later reports differ.
 */
export const sephoraPreset = {
  id: 'beauty-insider',
  version: 1,
  name: { en: 'Beauty Insider' },
  currencies: ['USD'],
  rules: [onePerMoney],
  rewards: [
    {
      id: 'ten-off',
      name: { en: '$10 off' },
      costPoints: 500,
      value: { kind: 'fixed', amountMinor: 1000 },
    },
    {
      id: 'rouge-reward',
      name: { en: '$100 Rouge Reward' },
      costPoints: 2500,
      value: { kind: 'fixed', amountMinor: 10_000 },
      conditions: [{ kind: 'tier', in: ['rouge'] }],
    },
  ],
  tiers: [
    { id: 'insider', name: { en: 'Insider' } },
    {
      id: 'vib',
      name: { en: 'VIB' },
      criteria: { metric: 'spend-minor', atLeast: 35_000 },
      multiplier: '1.25',
    },
    {
      id: 'rouge',
      name: { en: 'Rouge' },
      criteria: { metric: 'spend-minor', atLeast: 100_000 },
      multiplier: '1.5',
    },
  ],
  tierSettings: { window: { kind: 'calendar-year' }, validity: { kind: 'end-of-next-period' } },
  expiry: { kind: 'inactivity', span: { count: 12, unit: 'month' } },
} satisfies Preset;

/** Bfearless At-Home: 1 point per dollar; 100 points are a discount on a future purchase. */
export const bfearlessPreset = {
  id: 'bfearless',
  version: 1,
  name: { en: 'Bfearless' },
  currencies: ['USD'],
  rules: [onePerMoney],
  rewards: [
    {
      id: 'discount',
      name: { en: '$5 off your next order' },
      costPoints: 100,
      value: { kind: 'fixed', amountMinor: 500 },
    },
  ],
} satisfies Preset;

const extra = (id: string, points: string): Rule => ({
  id,
  name: { en: id },
  trigger: { on: 'event', type: id },
  effect: { kind: 'per-sale', points },
  limits: [{ most: 100, count: 'points', per: 'year' }],
  limitGroup: 'extras',
  qualifying: false,
});

/**
 * The North Face XPLR Pass: 1 point per dollar; extras at most 100 points a year; at the close of
 * each window every full 100 points become 10.00, at most 50.00 a window and 150.00 a year.
 */
export const xplrPreset = {
  id: 'xplr-pass',
  version: 1,
  name: { en: 'XPLR Pass' },
  currencies: ['USD'],
  rules: [
    onePerMoney,
    extra('referral', '25'),
    extra('app-download', '10'),
    extra('reusable-bag', '10'),
    extra('check-in', '5'),
    extra('renewed-item', '25'),
    {
      id: 'window',
      name: { en: '$10 for every 100 points' },
      trigger: { on: 'window-close' },
      effect: {
        kind: 'voucher',
        template: { perPoints: 100, points: 1000, validFor: { count: 11, unit: 'month' } },
      },
    },
  ],
  windows: {
    windows: [
      { from: '02-01', to: '05-31' },
      { from: '06-01', to: '09-30' },
      { from: '10-01', to: '01-31' },
    ],
    maxPerWindowMinor: 5000,
    maxPerYearMinor: 15_000,
  },
} satisfies Preset;

const anyOf = (nights: number, stays: number, spendMinor: number) => ({
  anyOf: [
    { metric: 'custom:nights', atLeast: nights },
    { metric: 'custom:stays', atLeast: stays },
    { metric: 'spend-minor', atLeast: spendMinor },
  ],
});

/**
 * Hilton Honors from 1 January 2026: any of nights, stays and spend; Diamond Reserve needs 80
 * nights or 40 stays, and 18,000 spent. 10 base points per dollar; bonus points do not qualify.
 */
export const hiltonPreset = {
  id: 'honors',
  version: 2026,
  name: { en: 'Honors' },
  currencies: ['USD'],
  rules: [
    {
      id: 'base',
      name: { en: '10 points per dollar' },
      effect: { kind: 'per-money', points: '10', perMinor: 100 },
    },
  ],
  tiers: [
    { id: 'member', name: { en: 'Member' } },
    { id: 'silver', name: { en: 'Silver' }, criteria: anyOf(10, 4, 250_000), multiplier: '1.2' },
    { id: 'gold', name: { en: 'Gold' }, criteria: anyOf(25, 15, 600_000), multiplier: '1.8' },
    { id: 'diamond', name: { en: 'Diamond' }, criteria: anyOf(50, 25, 1_150_000), multiplier: '2' },
    {
      id: 'diamond-reserve',
      name: { en: 'Diamond Reserve' },
      criteria: {
        allOf: [
          {
            anyOf: [
              { metric: 'custom:nights', atLeast: 80 },
              { metric: 'custom:stays', atLeast: 40 },
            ],
          },
          { metric: 'spend-minor', atLeast: 1_800_000 },
        ],
      },
      multiplier: '2.2',
    },
  ],
  tierSettings: { window: { kind: 'calendar-year' }, validity: { kind: 'end-of-next-period' } },
} satisfies Preset;

const rateOf = (currency: string, points: string): Rule => ({
  id: currency.toLowerCase(),
  name: { en: `${points} points per ${currency}` },
  conditions: [{ kind: 'currency', in: [currency] }],
  effect: { kind: 'per-money', points, perMinor: 100 },
});

const step = (costPoints: number, amountMinor: number): Reward => ({
  id: `off-${costPoints}`,
  name: { en: `${costPoints} points` },
  costPoints,
  value: { kind: 'fixed', amountMinor },
});

/**
 * LEGO Insiders: a rate per currency, tax and shipping excluded, rounded down; buying a gift card
 * earns nothing, paying with one earns in full; own channels only; from 18.
 */
export const legoPreset = {
  id: 'insiders',
  version: 1,
  name: { en: 'Insiders' },
  currencies: ['USD', 'CAD', 'GBP', 'EUR', 'AUD'],
  channels: ['lego.com', 'phone', 'official_store'],
  rules: [
    rateOf('USD', '6.5'),
    rateOf('CAD', '5'),
    rateOf('GBP', '8'),
    rateOf('EUR', '7.5'),
    rateOf('AUD', '4.5'),
  ],
  rewards: [step(650, 500), step(2600, 2000), step(6500, 5000), step(13_000, 10_000)],
  earning: { tax: 'excluded', minimumAge: 18 },
} satisfies Preset;

/** A small boutique: one rule, one reward after about eight visits, nothing else to decide. */
export const boutiquePreset = {
  id: 'boutique',
  version: 1,
  name: { en: 'Our regulars', tr: 'Müdavimlerimiz', de: 'Unsere Stammkunden' },
  currencies: ['EUR'],
  rules: [onePerMoney],
  rewards: [
    {
      id: 'thank-you',
      name: { en: '10.00 as a thank-you', tr: '10,00 teşekkür indirimi', de: '10,00 als Dank' },
      costPoints: 200,
      value: { kind: 'fixed', amountMinor: 1000 },
    },
  ],
} satisfies Preset;

/** Every named preset, for set-up. */
export const namedPresets: readonly Preset[] = [
  paneraPreset,
  primePreset,
  walmartPreset,
  sephoraPreset,
  bfearlessPreset,
  xplrPreset,
  hiltonPreset,
  legoPreset,
  boutiquePreset,
];
