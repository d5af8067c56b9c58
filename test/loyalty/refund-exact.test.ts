import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFacts, useKey } from '#loyalty/facts.ts';
import { limitPeriods } from '#loyalty/fields.ts';
import { quote } from '#loyalty/quote.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';
import { afterRefund, noRefunds, refund, type RefundsBefore } from '#loyalty/refund.ts';
import { freezeSale, type SaleSnapshot, saleSnapshot } from '#loyalty/sale.ts';
import { anySale, inputOf, line, load, memberWith, noonMs, runs, settings } from './arrange.ts';

const dayMs = 86_400_000;
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
const anyPlainSale = fc
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
const anyOrder = fc.array(fc.nat({ max: 1000 }), { minLength: 16, maxLength: 16 });

function sell(input: QuoteInput): SaleSnapshot {
  return saleSnapshot.parse(JSON.parse(JSON.stringify(freezeSale(input, quote(input)))));
}

/** Each piece of the sale as the line it is of, in an order given by chance. */
function piecesOf(sale: SaleSnapshot, order: readonly number[]): readonly string[] {
  return sale.lines
    .flatMap(({ id, quantityMilli }) => Array.from({ length: quantityMilli / 1000 }, () => id))
    .map((id, index) => ({ id, key: order[index % order.length] ?? 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ id }) => id);
}

/** What returns did in all, without what came to nothing. */
function inAll(before: RefundsBefore): object {
  return JSON.parse(
    JSON.stringify(before, (_, value: unknown) => (value === 0 ? undefined : value)),
  );
}

function bringBack(
  input: QuoteInput,
  sale: SaleSnapshot,
  before: RefundsBefore,
  lines: readonly string[],
): RefundsBefore {
  const counts = new Map<string, number>();
  for (const id of lines) counts.set(id, (counts.get(id) ?? 0) + 1000);
  const done = refund({
    sale,
    programmes: input.programmes,
    returning: {
      kind: 'lines',
      lines: [...counts].map(([id, quantityMilli]) => ({ line: id, quantityMilli })),
    },
    before,
    // Another shop, another day: nothing of that may count.
    settings: { ...settings, store: 'izmir', channel: 'web' },
    available: { club: 7 },
  });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return afterRefund(before, done.value);
}

/** What the engine gives for what is kept, had it been bought alone, on that day, by that member. */
function earnedOnKept(input: QuoteInput, before: RefundsBefore): number {
  const lines = input.basket.lines.flatMap((one) => {
    const quantityMilli = one.quantityMilli - (before.returned.milliByLine[one.id] ?? 0);
    return quantityMilli === 0 ? [] : [{ ...one, quantityMilli }];
  });
  if (lines.length === 0) return 0;
  const told = quote({ ...input, basket: { ...input.basket, lines } });
  return told.earnings[0]?.points ?? 0;
}

describe('a partial return under rules with limits', () => {
  it('leaves what the engine would have given for the kept lines, then and there', () => {
    fc.assert(
      fc.property(anyPlainSale, anyOrder, (input, order) => {
        const sale = sell(input);
        const sold = sale.earnings[0]?.points ?? 0;
        let before = noRefunds;
        for (const piece of piecesOf(sale, order)) {
          before = bringBack(input, sale, before, [piece]);
          const kept = sold - (before.reversed['club'] ?? 0);
          expect(kept).toBe(Math.min(sold, earnedOnKept(input, before)));
        }
        expect(before.reversed['club'] ?? 0).toBe(sold);
        expect(before.qualifying['club'] ?? 0).toBe(sale.earnings[0]?.qualifyingPoints ?? 0);
      }),
      runs,
    );
  });

  it('comes to the same in any order and in any parts', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyPlainSale, anySale),
        anyOrder,
        anyOrder,
        fc.nat({ max: 12 }),
        (input, order, other, count) => {
          const whole = {
            ...input,
            basket: {
              ...input.basket,
              lines: input.basket.lines.map((one) => ({
                ...one,
                quantityMilli: Math.ceil(one.quantityMilli / 1000) * 1000,
              })),
            },
          };
          const sale = sell(whole);
          const some = piecesOf(sale, order).slice(0, count);
          if (some.length === 0) return;
          const shuffled = some
            .map((piece, index) => ({ piece, key: other[index] ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ piece }) => piece);
          const once = bringBack(whole, sale, noRefunds, some);
          const one = (pieces: readonly string[]): RefundsBefore =>
            pieces.reduce((before, piece) => bringBack(whole, sale, before, [piece]), noRefunds);
          expect(inAll(one(some))).toEqual(inAll(once));
          expect(inAll(one(shuffled))).toEqual(inAll(once));
        },
      ),
      runs,
    );
  });
});
