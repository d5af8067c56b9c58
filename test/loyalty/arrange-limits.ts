import fc from 'fast-check';
import { noFacts, useKey } from '#loyalty/facts.ts';
import { limitPeriods } from '#loyalty/fields.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';
import { inputOf, line, load, memberWith, noonMs } from './arrange.ts';
import { dayMs } from './arrange-ledger.ts';

const rates = fc.constantFrom('0.5', '1', '1.25', '3', '1/3');

const anyLimit = fc.record({
  most: fc.integer({ min: 1, max: 150 }),
  count: fc.constantFrom('points', 'points', 'times'),
  per: fc.constantFrom(...limitPeriods),
  of: fc.constantFrom('member', 'programme'),
});

const anyCondition = fc.oneof(
  fc.record({
    kind: fc.constant('amount'),
    minMinor: fc.constantFrom(null, 2000, 6000),
    maxMinor: fc.constantFrom(null, 9000),
    of: fc.constantFrom('matching', 'sale'),
  }),
  fc.record({ kind: fc.constant('quantity'), minMilli: fc.constantFrom(1000, 3000) }),
  fc.constantFrom(
    { kind: 'contains', lines: { skus: ['tea'] } },
    { kind: 'visit', every: 2 },
    { kind: 'first-sale' },
    { kind: 'interval', minutes: 600 },
    { kind: 'comeback', withinDays: 3 },
    { kind: 'tier', in: ['gold'] },
    { kind: 'segment', anyOf: ['staff'] },
    { kind: 'age', min: 18 },
    { kind: 'birthday', daysAround: 1 },
    { kind: 'membership', active: true },
    { kind: 'code', code: 'AUTUMN' },
    { kind: 'hours', from: 9, to: 17 },
  ),
);

const anyEffect = fc.oneof(
  fc.record({
    kind: fc.constant('per-money'),
    points: rates,
    perMinor: fc.constantFrom(100, 250),
    steps: fc.constantFrom('exact', 'whole'),
  }),
  fc.record({ kind: fc.constantFrom('per-unit', 'per-sale'), points: rates }),
  fc.record({ kind: fc.constant('percent-back'), percent: fc.constantFrom('2', '7.5') }),
  fc.record({ kind: fc.constant('multiply'), by: rates }),
);

const anyRule = fc.record({
  effect: anyEffect,
  stage: fc.constantFrom('base', 'base', 'bonus'),
  lines: fc.constantFrom({}, {}, { skus: ['tea'] }, { categories: ['food'] }),
  conditions: fc.array(anyCondition, { maxLength: 1 }),
  limits: fc.array(anyLimit, { maxLength: 2 }),
  limitGroup: fc.constantFrom(null, null, 'extras'),
  priority: fc.integer({ min: 0, max: 2 }),
  stackable: fc.constantFrom(true, true, true, false),
  last: fc.constantFrom(false, false, false, true),
  qualifying: fc.boolean(),
});

const anyProgramme = fc
  .record({
    rules: fc.array(anyRule, { minLength: 1, maxLength: 5 }),
    unit: fc.constantFrom({ kind: 'points', scale: 0 }, { kind: 'points', scale: 2 }),
    earning: fc.record({
      tax: fc.constantFrom('included', 'excluded'),
      rounding: fc.constantFrom('floor', 'half-up', 'ceil'),
      rules: fc.constantFrom('sum', 'best', 'first'),
      multipliers: fc.constantFrom('compound', 'best'),
      promotions: fc.constantFrom('all', 'one'),
    }),
    caps: fc.record({
      perSale: fc.constantFrom(null, 200),
      limits: fc.array(anyLimit, { maxLength: 1 }),
      balance: fc.constantFrom(null, 300),
      budgetPoints: fc.constantFrom(null, 1000),
    }),
  })
  .map(({ rules, unit, ...more }) =>
    load({
      id: 'club',
      version: 1,
      name: { en: 'Club' },
      currencies: ['TRY'],
      ...more,
      unit: rules.some(({ effect }) => effect.kind === 'percent-back')
        ? { kind: 'money', currency: 'TRY' }
        : unit,
      rules: rules.map((rule, index) => ({ id: `r${index}`, name: { en: 'Rule' }, ...rule })),
      tiers: [
        { id: 'basic', name: { en: 'Basic' } },
        {
          id: 'gold',
          name: { en: 'Gold' },
          criteria: { metric: 'visits', atLeast: 1000 },
          multiplier: '1.5',
        },
      ],
    }),
  );

/** Counters as they may stand before a sale, for every limit there can be. */
const anyUses = fc
  .array(fc.record({ times: fc.integer({ min: 0, max: 3 }), points: fc.nat({ max: 160 }) }), {
    minLength: 84,
    maxLength: 84,
  })
  .map((counts) => {
    const ids = ['', 'extras', 'r0', 'r1', 'r2', 'r3', 'r4'];
    const keys = ids.flatMap((id) =>
      (['member', 'programme'] as const).flatMap((of) =>
        limitPeriods.map((per) => useKey('club', id, of, per)),
      ),
    );
    return Object.fromEntries(
      keys.map((key, index) => [key, counts[index] ?? { times: 0, points: 0 }]),
    );
  });

const anyFacts = fc.record({
  ...Object.fromEntries(Object.entries(noFacts).map(([key, value]) => [key, fc.constant(value)])),
  visits: fc.nat({ max: 3 }),
  lastSaleAtMs: fc.constantFrom(null, noonMs - dayMs, noonMs - 9 * dayMs),
  uses: anyUses,
  lastUsedAtMs: fc.constantFrom({}, { 'club/r0': noonMs - 60_000, 'club/r1': noonMs - dayMs }),
  givenPoints: fc.constantFrom({}, { club: 950 }),
});

const anyMember = fc
  .record({
    tier: fc.constantFrom('basic', 'gold'),
    available: fc.nat({ max: 250 }),
    pending: fc.nat({ max: 80 }),
    age: fc.constantFrom(null, 17, 40),
    segments: fc.subarray(['staff']),
    birthday: fc.constantFrom(null, '11-21', '03-01'),
    membershipUntilMs: fc.constantFrom(null, noonMs + dayMs),
  })
  .map(({ age, segments, birthday, ...standing }) => ({
    ...memberWith({ ...standing, measures: { visits: standing.tier === 'gold' ? 1000 : 0 } }),
    age,
    segments,
    birthday,
  }));

/** Sales of whole pieces at their price: what is kept can be rung up as a basket of its own. */
export const anyPlainSale = fc
  .record({
    programme: anyProgramme,
    lines: fc.array(
      fc.record({
        unitPriceMinor: fc.integer({ min: 0, max: 4000 }),
        pieces: fc.integer({ min: 1, max: 4 }),
        sku: fc.constantFrom('tea', 'soap', null),
        categories: fc.subarray(['food']),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    facts: anyFacts,
    member: anyMember,
    codes: fc.subarray(['autumn']),
  })
  .map(({ programme, lines, facts, member, codes }) =>
    inputOf(
      lines.map(({ pieces, ...one }, index) =>
        line(one.unitPriceMinor, { ...one, id: `l${index}`, quantityMilli: pieces * 1000 }),
      ),
      {
        programmes: [programme],
        facts: facts as QuoteInput['facts'],
        member,
        claims: codes.map((code) => ({ kind: 'code' as const, code })),
      },
    ),
  );

/** Pieces that come back one after the other, as places in the list of all pieces sold. */
export const anyOrder = fc.array(fc.nat({ max: 1000 }), { minLength: 16, maxLength: 16 });
