import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFacts, useKey } from '#loyalty/facts.ts';
import { spendable, stateOf } from '#loyalty/ledger.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { settleSale } from '#loyalty/ledger-sale.ts';
import type { Programme } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import type { Quote, QuoteInput } from '#loyalty/quote-types.ts';
import { keptMinor } from '#loyalty/kept.ts';
import { afterRefund, noRefunds, refund, type RefundsBefore } from '#loyalty/refund.ts';
import { freezeSale, type SaleSnapshot, saleSnapshot } from '#loyalty/sale.ts';
import { anySale, inputOf, line, load, noonMs, programmeOf, runs, settings } from './arrange.ts';
import { balance, dayMs, everything, got, ledgerOf, request } from './arrange-ledger.ts';
import { anyOrder, anyPlainSale } from './arrange-limits.ts';

const nothing = { points: 0, qualifyingPoints: 0 };
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
  parts: readonly (string | number)[],
): RefundsBefore {
  const counts = new Map<string, number>();
  let amountMinor = 0;
  for (const part of parts) {
    if (typeof part === 'string') counts.set(part, (counts.get(part) ?? 0) + 1000);
    else amountMinor += part;
  }
  const lines = [...counts].map(([id, quantityMilli]) => ({ line: id, quantityMilli }));
  const done = refund({
    sale,
    programmes: input.programmes,
    returning: amountMinor > 0 ? { kind: 'amount', amountMinor } : { kind: 'lines', lines },
    before,
    // Another shop, another day: nothing of that may count.
    settings: { ...settings, store: 'izmir', channel: 'web' },
    available: { club: 7 },
  });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return afterRefund(before, done.value);
}

/** What the engine gives for what is kept, had it been bought alone, on that day, by that member. */
function quotedOnKept(input: QuoteInput, before: RefundsBefore): Quote | null {
  const lines = input.basket.lines.flatMap((one) => {
    const quantityMilli = one.quantityMilli - (before.returned.milliByLine[one.id] ?? 0);
    return quantityMilli === 0 ? [] : [{ ...one, quantityMilli }];
  });
  return lines.length === 0 ? null : quote({ ...input, basket: { ...input.basket, lines } });
}

describe('a partial return under rules with limits', () => {
  it('leaves what the engine would have given for the kept lines, then and there', () => {
    fc.assert(
      fc.property(anyPlainSale, anyOrder, (input, order) => {
        const sale = sell(input);
        const sold = sale.earnings[0] ?? nothing;
        let before = noRefunds;
        for (const piece of piecesOf(sale, order)) {
          before = bringBack(input, sale, before, [piece]);
          const alone = quotedOnKept(input, before)?.earnings[0] ?? nothing;
          const kept = sold.points - (before.reversed['club'] ?? 0);
          expect(kept).toBe(Math.min(sold.points, alone.points));
          expect(before.taken).toEqual(before.reversed);
          if (alone.points > sold.points) continue;
          const qualifying = sold.qualifyingPoints - (before.qualifying['club'] ?? 0);
          expect(qualifying).toBe(Math.min(sold.qualifyingPoints, alone.qualifyingPoints));
        }
        expect(before.reversed['club'] ?? 0).toBe(sold.points);
        expect(before.qualifying['club'] ?? 0).toBe(sold.qualifyingPoints);
      }),
      runs,
    );
  });

  it('leaves on a coupon what the kept lines would have put there', () => {
    fc.assert(
      fc.property(anyPlainSale, anyOrder, (member, order) => {
        const holder = 'bearer' as const;
        const programmes = member.programmes.map((one) => ({ ...one, holder, tiers: [] }));
        const input = { ...member, programmes };
        const sale = sell(input);
        let before = noRefunds;
        for (const piece of piecesOf(sale, order)) {
          before = bringBack(input, sale, before, [piece]);
          const alone = quotedOnKept(input, before)?.awards ?? [];
          for (const [index, { rule, points }] of sale.vouchers.entries()) {
            const given = alone.find((one) => one.kind === 'voucher' && one.rule === rule);
            const most = given?.kind === 'voucher' ? given.points : 0;
            expect(points - (before.vouchers[index] ?? 0)).toBe(Math.min(points, most));
          }
        }
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
        fc.double({ min: 0, max: 1, noNaN: true }),
        (input, order, other, count, share) => {
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
          const pieces = piecesOf(sale, order).slice(0, count);
          if (pieces.length === 0) return;
          const left = keptMinor(sale, bringBack(whole, sale, noRefunds, pieces).returned);
          const money = Math.floor(left * share);
          const some = money > 0 ? [...pieces, money] : pieces;
          const shuffled = some
            .map((piece, index) => ({ piece, key: other[index] ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ piece }) => piece);
          const one = (parts: readonly (string | number)[]): RefundsBefore =>
            parts.reduce<RefundsBefore>(
              (before, part) => bringBack(whole, sale, before, [part]),
              noRefunds,
            );
          const goods = bringBack(whole, sale, noRefunds, pieces);
          const once = money > 0 ? bringBack(whole, sale, goods, [money]) : goods;
          expect(inAll(one(some))).toEqual(inAll(once));
          expect(inAll(one(shuffled))).toEqual(inAll(once));
        },
      ),
      runs,
    );
  });
});

describe('a return after which the rest earns more than before', () => {
  const programme = programmeOf({
    rules: [
      {
        id: 'base',
        name: { en: 'One per lira' },
        effect: { kind: 'per-money', points: '1', perMinor: 100 },
      },
      {
        id: 'tea',
        name: { en: 'Tea instead' },
        effect: { kind: 'per-unit', points: '30' },
        lines: { skus: ['tea'] },
        stackable: false,
      },
    ],
  });
  const clamping = {
    ...programme,
    refund: { ...programme.refund, alreadySpent: 'clamp' },
  } as const;
  const input = inputOf([
    line(100, { id: 'tea', sku: 'tea', quantityMilli: 2000 }),
    line(5000, { id: 'soap' }),
  ]);

  /** What is taken of the 60 points by one tea, the other tea, and the soap. */
  function taken(sold: Programme, there: readonly number[]) {
    const sale = sell({ ...input, programmes: [sold] });
    let before = noRefunds;
    return ['tea', 'tea', 'soap'].map((id, index) => {
      const done = refund({
        sale,
        programmes: [sold],
        returning: { kind: 'lines', lines: [{ line: id, quantityMilli: 1000 }] },
        before,
        settings,
        available: { club: there[index] ?? 0 },
      });
      if (!done.ok) throw new Error(done.error.code);
      before = afterRefund(before, done.value);
      const codes = done.value.trace.map(({ code, params }) => [code, params['points']]);
      return [done.value.reversals[0]?.points ?? 0, codes.slice(1)];
    });
  }

  it('puts back what an earlier one took', () => {
    expect(taken(programme, [0, 0, 0])).toEqual([
      [30, [['taken-back', 30]]],
      [-20, [['given-back', 20]]],
      [50, [['taken-back', 50]]],
    ]);
  });

  it('puts back no more than was there to be taken', () => {
    expect(taken(clamping, [25, 0, 7])).toEqual([
      [25, [['taken-back', 25]]],
      [-15, [['given-back', 15]]],
      [7, [['taken-back', 7]]],
    ]);
    expect(taken(clamping, [10, 500, 500])).toEqual([
      [10, [['taken-back', 10]]],
      [0, []],
      [50, [['taken-back', 50]]],
    ]);
    expect(taken(clamping, [4, 500, 500]).map(([points]) => points)).toEqual([4, 0, 50]);
  });

  it('is in the ledger a lot that ends with the points of the sale', () => {
    const yearly = load({ ...programme, tiers: [], expiry: { kind: 'after', span: '1 year' } });
    let ledger = got(
      settleSale(ledgerOf(yearly), request('s1', 0, { basket: input.basket })),
    ).ledger;
    const end = stateOf(ledger, spendable('anna', 'club'), noonMs).lots[0]?.expiresAtMs;
    for (const [index, id] of ['tea', 'tea'].entries()) {
      const returning = { kind: 'lines', lines: [{ line: id, quantityMilli: 1000 }] } as const;
      const asked = { saleId: 's1', source: `r${index}`, returning, nowMs: noonMs + dayMs };
      ledger = got(returnSale(ledger, asked)).ledger;
    }
    const state = stateOf(ledger, spendable('anna', 'club'), noonMs + dayMs);
    expect(state.lots.map(({ open, expiresAtMs }) => [open, expiresAtMs])).toEqual([
      [30, end],
      [20, end],
    ]);
    const qualifying = { ...spendable('anna', 'club'), purpose: 'qualifying' } as const;
    expect(stateOf(ledger, qualifying, noonMs + dayMs).balance).toBe(50);
    const all = { saleId: 's1', source: 'all', returning: everything, nowMs: noonMs + 2 * dayMs };
    const back = got(returnSale(ledger, all)).ledger;
    expect(balance(back, 'anna', 'club', noonMs + 2 * dayMs)).toBe(0);
    expect(stateOf(back, qualifying, noonMs + 2 * dayMs).balance).toBe(0);
  });
});

describe('a sale under limits', () => {
  const group = (more: object = {}) =>
    load({
      id: 'club',
      version: 1,
      name: { en: 'Club' },
      currencies: ['TRY'],
      rules: ['a', 'b', 'c'].map((id) => ({
        id,
        name: { en: id },
        effect: { kind: 'per-sale', points: '80' },
        limits: id === 'c' ? [] : [{ most: 100, count: 'points', per: 'year' }],
        limitGroup: 'extras',
        stage: id === 'c' ? 'base' : 'bonus',
        ...more,
      })),
    });
  const earned = (programme: Programme, used: number) => {
    const uses = { [useKey('club', 'extras', 'member', 'year')]: { times: 1, points: used } };
    const told = quote(
      inputOf([line(100)], { programmes: [programme], facts: { ...noFacts, uses } }),
    );
    return told.earnings[0]?.breakdown ?? {};
  };

  it('gives the rules of a group together no more than their limit leaves', () => {
    expect(earned(group(), 0)).toEqual({ a: 20, c: 80 });
    expect(earned(group(), 10)).toEqual({ a: 10, c: 80 });
    expect(earned(group(), 90)).toEqual({ c: 80 });
    expect(earned(group({ stage: 'base' }), 0)).toEqual({ a: 80, b: 20, c: 80 });
    expect(earned(group({ limitGroup: null }), 0)).toEqual({ a: 80, b: 80, c: 80 });
  });

  it('compares rules of which one counts as if each stood alone', () => {
    const best = group({ stage: 'base' });
    const rules = best.rules.map((rule) => ({ ...rule, stackable: rule.id !== 'b' }));
    expect(earned({ ...best, rules }, 70)).toEqual({ b: 30 });
    for (const mode of ['best', 'first'] as const) {
      const one = { ...best, earning: { ...best.earning, rules: mode } };
      expect(earned(one, 70)).toEqual(mode === 'best' ? { c: 80 } : { a: 30 });
    }
  });

  it('is frozen with the counters its limits looked at, and no others', () => {
    const key = (id: string, per: string) => useKey('club', id, 'member', per);
    const counters = [
      key('extras', 'year'),
      key('extras', 'day'),
      key('extras', 'sale'),
      key('extras', 'week'),
      key('a', 'year'),
      key('', 'year'),
    ];
    const uses = Object.fromEntries(counters.map((one) => [one, { times: 3, points: 9 }]));
    const limits = [
      { most: 100, count: 'points', per: 'year' },
      { most: 100, count: 'points', per: 'sale' },
      { most: 5, count: 'times', per: 'day' },
    ];
    const [a, b, c] = group({ limits }).rules;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three rules');
    const rules = [a, { ...b, enabled: false }, { ...c, trigger: { on: 'enrol' } as const }];
    const programmes = [{ ...group(), rules: [...rules, { ...a, id: 'd' }] }];
    const input = inputOf([line(100)], { programmes, facts: { ...noFacts, uses } });
    expect(sell(input).held).toEqual(['club/a', 'club/d']);
    expect(sell(input).used).toEqual({ [key('extras', 'year')]: 9 });
    expect(sell({ ...input, facts: noFacts }).used).toEqual({});
  });
});
