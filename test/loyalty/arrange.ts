import fc from 'fast-check';
import type { BasketLine } from '#loyalty/basket.ts';
import { noFacts } from '#loyalty/facts.ts';
import { markets } from '#loyalty/market.ts';
import { freshMember, type Member, type MemberStanding, newStanding } from '#loyalty/member.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import type { Programme, ProgrammeDocument } from '#loyalty/programme.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';

/** Runs of each property: 1,000, or as many as `PROPERTY_RUNS` says (10,000 in a deep run). */
export const runs = { numRuns: propertyRuns(process.env['PROPERTY_RUNS']) };

function propertyRuns(wanted = '1000'): number {
  if (/^[1-9]\d{0,6}$/.test(wanted)) return Number(wanted);
  throw new Error(`PROPERTY_RUNS is a count such as 10000, not ${wanted}`);
}

/** Loads a document that must be right. */
export function load(document: unknown): Programme {
  const loaded = parseProgramme(document);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.programme;
}

/** A member programme with one base rule, changed by `more`. */
export function programmeOf(more: Partial<ProgrammeDocument> = {}): Programme {
  return load({
    id: 'club',
    version: 1,
    name: { en: 'Club' },
    currencies: ['TRY'],
    rules: [
      {
        id: 'base',
        name: { en: 'One per lira' },
        effect: { kind: 'per-money', points: '1', perMinor: 100 },
      },
    ],
    ...more,
  } satisfies ProgrammeDocument);
}

/** The demo shop's programme. */
export const points = load(pointsPreset);

/** An Istanbul shop whose day begins at four. */
export const settings: QuoteInput['settings'] = {
  timeZone: 'Europe/Istanbul',
  cutOverHour: 4,
  store: 'kadikoy',
  channel: 'pos',
  market: markets.TR,
  cashRoundingMinor: 1,
};

/** Noon in Istanbul on Saturday 21 November 2026. */
export const noonMs = Date.UTC(2026, 10, 21, 9);

/** A line of one piece of goods with 20 % tax inside, changed by `more`. */
export function line(unitPriceMinor: number, more: Partial<BasketLine> = {}): BasketLine {
  return {
    id: `l${unitPriceMinor}`,
    sku: null,
    name: null,
    categories: [],
    kind: 'goods',
    quantityMilli: 1000,
    unitPriceMinor,
    taxes: [{ kind: 'rate', percent: '20', included: true }],
    ...more,
  };
}

/** A verified member with this standing in each named programme. */
export function memberWith(
  standing: Partial<MemberStanding>,
  programmes: readonly string[] = ['club', 'points'],
): Member {
  const complete = {
    ...newStanding,
    ...standing,
    spendableHere: standing.spendableHere ?? standing.available ?? 0,
  };
  return {
    ...freshMember('member-1', 'verified'),
    standings: Object.fromEntries(programmes.map((id) => [id, complete])),
  };
}

/** A quote's input for these lines. */
export function inputOf(lines: readonly BasketLine[], more: Partial<QuoteInput> = {}): QuoteInput {
  return {
    basket: { currency: 'TRY', lines: [...lines] },
    member: memberWith({}),
    programmes: [programmeOf()],
    claims: [],
    nowMs: noonMs,
    facts: noFacts,
    settings,
    ...more,
  };
}

const taxes = fc.constantFrom<BasketLine['taxes']>(
  [],
  [{ kind: 'rate', percent: '20', included: true }],
  [{ kind: 'rate', percent: '8.5', included: false }],
  [
    { kind: 'rate', percent: '10', included: true },
    { kind: 'per-unit', amountMinor: 25 },
  ],
);

/** Baskets of one to six lines, some of them stored value, some by weight. */
export const anyLines = fc
  .array(
    fc.record({
      unitPriceMinor: fc.integer({ min: 0, max: 20_000 }),
      quantityMilli: fc.oneof(
        fc.integer({ min: 1, max: 5 }).map((pieces) => pieces * 1000),
        fc.integer({ min: 1, max: 4999 }),
      ),
      kind: fc.constantFrom<BasketLine['kind']>('goods', 'goods', 'goods', 'gift-card', 'fee'),
      sku: fc.constantFrom('bread', 'tea', 'soap', null),
      categories: fc.subarray(['food', 'sale']),
      taxes,
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => lines.map((one, index) => ({ ...one, id: `l${index}`, name: null })));

const rates = fc.constantFrom('0', '1', '0.5', '1.25', '3', '1/3');

const anyRule = fc.oneof(
  fc.record({
    effect: fc.record({
      kind: fc.constant('per-money'),
      points: rates,
      perMinor: fc.constantFrom(1, 100, 250),
      steps: fc.constantFrom('exact', 'whole'),
    }),
    stage: fc.constantFrom('base', 'bonus'),
  }),
  fc.record({
    effect: fc.record({ kind: fc.constantFrom('per-unit', 'per-sale'), points: rates }),
    stage: fc.constantFrom('base', 'bonus'),
    lines: fc.constantFrom({}, { categories: ['food'] }, { skus: ['tea'] }),
  }),
  fc.record({
    effect: fc.record({ kind: fc.constant('multiply'), by: rates }),
    lines: fc.constantFrom({}, { categories: ['sale'] }),
    conditions: fc.constantFrom([], [{ kind: 'amount', minMinor: 3000 }]),
  }),
);

const anyReward = fc.oneof(
  fc.record({
    costPoints: fc.integer({ min: 1, max: 300 }),
    value: fc.record({
      kind: fc.constant('fixed'),
      amountMinor: fc.integer({ min: 1, max: 9000 }),
    }),
    scope: fc.constantFrom({ kind: 'order' }, { kind: 'lines', lines: { skus: ['tea'] } }),
  }),
  fc.record({
    costPoints: fc.integer({ min: 1, max: 300 }),
    value: fc.record({
      kind: fc.constant('percent'),
      percent: fc.constantFrom('5', '33.3', '100'),
    }),
    scope: fc.constantFrom({ kind: 'order' }, { kind: 'cheapest' }),
    capMinor: fc.constantFrom(null, 700),
  }),
  fc.record({
    costPoints: fc.integer({ min: 1, max: 7 }),
    value: fc.record({
      kind: fc.constant('per-point'),
      valueMinor: fc.integer({ min: 1, max: 90 }),
    }),
    mostPerSale: fc.constant(null),
    stage: fc.constantFrom('discount', 'payment'),
  }),
  fc.record({
    costPoints: fc.integer({ min: 1, max: 50 }),
    value: fc.record({
      kind: fc.constant('product'),
      skus: fc.constantFrom(['tea'], ['tea', 'soap']),
    }),
    mostPerSale: fc.constantFrom(1, null),
  }),
);

/** Programmes with a few rules, rewards and settings; all of them load. */
export const anyProgramme = fc
  .record({
    rules: fc.array(anyRule, { minLength: 1, maxLength: 4 }),
    rewards: fc.array(anyReward, { minLength: 1, maxLength: 4 }),
    unit: fc.constantFrom({ kind: 'points', scale: 0 }, { kind: 'points', scale: 2 }),
    earning: fc.record({
      tax: fc.constantFrom('included', 'excluded'),
      discounts: fc.constantFrom('after', 'before'),
      ownRedemptionReduces: fc.boolean(),
      freeUnitsEarn: fc.boolean(),
      storedValueEarns: fc.boolean(),
      rounding: fc.constantFrom('floor', 'half-up', 'ceil'),
      rules: fc.constantFrom('sum', 'best', 'first'),
      multipliers: fc.constantFrom('compound', 'best'),
    }),
    caps: fc.record({ perSale: fc.constantFrom(null, 40) }),
    refund: fc.record({ earned: fc.constantFrom('rerun', 'proportional') }),
  })
  .map(({ rules, rewards, ...more }) =>
    load({
      id: 'club',
      version: 1,
      name: { en: 'Club' },
      currencies: ['TRY'],
      ...more,
      rules: rules.map((rule, index) => ({ id: `r${index}`, name: { en: 'Rule' }, ...rule })),
      rewards: rewards.map((reward, index) => ({
        id: `w${index}`,
        name: { en: 'Reward' },
        ...reward,
      })),
    }),
  );

/** A sale: any programme, basket, balance and claims of its rewards. */
export const anySale = fc
  .record({
    programme: anyProgramme,
    lines: anyLines,
    available: fc.integer({ min: 0, max: 2000 }),
    claimed: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  })
  .map(({ programme, lines, available, claimed }) =>
    inputOf(lines, {
      programmes: [programme],
      member: memberWith({ available }),
      claims: claimed
        .filter((place) => place < programme.rewards.length)
        .map((place) => ({
          kind: 'reward',
          programme: 'club',
          reward: `w${place}`,
          points: null,
          units: null,
          sku: null,
          takes: null,
        })),
    }),
  );

/** Baskets as a shop may ring them up at its worst: goods taken back, free goods, odd prices. */
export const hostileSale = fc
  .record({
    sale: anySale,
    holder: fc.constantFrom('member', 'sale'),
    signs: fc.array(fc.constantFrom(1, 1, -1, 0), { minLength: 6, maxLength: 6 }),
    cashRoundingMinor: fc.constantFrom(1, 5, 100),
    applies: fc.constantFrom('automatic', 'claim'),
  })
  .map(({ sale, holder, signs, cashRoundingMinor, applies }): QuoteInput => {
    const lines = sale.basket.lines.map((one, index) => ({
      ...one,
      quantityMilli: one.quantityMilli * (index % 2 === 0 ? (signs[index] ?? 1) : 1),
      unitPriceMinor: one.unitPriceMinor * (index % 2 === 1 ? (signs[index] ?? 1) : 1),
    }));
    const programmes = sale.programmes.map((programme): Programme => {
      const rewards = programme.rewards.map((reward) => ({ ...reward, applies }));
      return { ...programme, rewards, holder } as Programme;
    });
    return {
      ...sale,
      basket: { ...sale.basket, lines },
      programmes,
      settings: { ...sale.settings, cashRoundingMinor },
    };
  });
