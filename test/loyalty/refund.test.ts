import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '#loyalty/quote.ts';
import type { QuoteInput } from '#loyalty/quote-types.ts';
import { claimReward } from '#loyalty/claim-item.ts';
import {
  afterRefund,
  noRefunds,
  type Refund,
  refund,
  type RefundsBefore,
  type Returning,
} from '#loyalty/refund.ts';
import { freezeSale, saleSnapshot } from '#loyalty/sale.ts';
import {
  anySale,
  inputOf,
  line,
  memberWith,
  points,
  programmeOf,
  runs,
  settings,
} from './arrange.ts';

function sell(input: QuoteInput) {
  const quoted = quote(input);
  return saleSnapshot.parse(JSON.parse(JSON.stringify(freezeSale(input, quoted))));
}

function bringBack(
  input: QuoteInput,
  returning: Returning,
  before: RefundsBefore = noRefunds,
  sale = sell(input),
): Refund {
  const done = refund({
    sale,
    programmes: input.programmes,
    returning,
    before,
    settings,
    available: {},
  });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('a refund', () => {
  it('of everything gives back every coin and every point, and takes back every earned one', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const sold = quote(input);
        const back = bringBack(input, { kind: 'everything' });
        expect(back.complete).toBe(true);
        expect(back.refundMinor + sum(back.returns.map(({ valueMinor }) => valueMinor))).toBe(
          sold.totalMinor,
        );
        expect(sum(back.reversals.map((item) => item.points))).toBe(
          sum(sold.earnings.map((item) => item.points)),
        );
        expect(sum(back.returns.map((item) => item.points))).toBe(
          sum(sold.redemptions.map((item) => item.points)),
        );
      }),
      runs,
    );
  });

  it('in several parts comes to the same as one of everything', () => {
    fc.assert(
      fc.property(
        anySale,
        fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 8 }),
        (input, steps) => {
          const sale = sell(input);
          const once = bringBack(input, { kind: 'everything' }, noRefunds, sale);
          let before = noRefunds;
          const done: Refund[] = [];
          const make = (returning: Returning): void => {
            const back = bringBack(input, returning, before, sale);
            done.push(back);
            before = afterRefund(before, back);
          };
          for (const [index, milli] of steps.entries()) {
            const sold = sale.lines[index % sale.lines.length];
            if (sold === undefined) continue;
            const left = sold.quantityMilli - (before.returned.milliByLine[sold.id] ?? 0);
            const quantityMilli = Math.min(left, milli);
            if (quantityMilli > 0)
              make({ kind: 'lines', lines: [{ line: sold.id, quantityMilli }] });
          }
          const complete = done.at(-1)?.complete ?? false;
          const anyLeft = sale.lines.some(
            (sold) => sold.quantityMilli > (before.returned.milliByLine[sold.id] ?? 0),
          );
          if (!complete && anyLeft) make({ kind: 'everything' });
          expect(sum(done.map((item) => item.refundMinor))).toBe(once.refundMinor);
          const points = (of: Refund[], side: 'reversals' | 'returns'): number =>
            sum(of.flatMap((item) => item[side].map((part) => part.points)));
          expect(points(done, 'reversals')).toBe(points([once], 'reversals'));
          expect(points(done, 'returns')).toBe(points([once], 'returns'));
          let taken = 0;
          for (const item of done) {
            expect(item.refundMinor).toBeGreaterThanOrEqual(0);
            for (const part of item.returns) expect(part.points).toBeGreaterThanOrEqual(0);
            taken += sum(item.reversals.map((part) => part.points));
            expect(taken).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      runs,
    );
  });

  it('of one of three pieces leaves what the kept two earn', () => {
    const input = inputOf([line(1100, { quantityMilli: 3000 })], {
      programmes: [
        programmeOf({
          rules: [
            {
              id: 'base',
              name: { en: '1 per 10' },
              effect: { kind: 'per-money', points: '1', perMinor: 1000, steps: 'whole' },
            },
          ],
        }),
      ],
    });
    const back = bringBack(input, {
      kind: 'lines',
      lines: [{ line: 'l1100', quantityMilli: 1000 }],
    });
    expect(back.reversals).toEqual([
      { programme: 'club', version: 1, points: 1, owed: 1, qualifyingPoints: 1 },
    ]);
    expect(back.refundMinor).toBe(1100);
  });

  it('gives spent points back in proportion to what they took off the returned goods', () => {
    const input = inputOf([line(6000), line(2000)], {
      programmes: [points],
      member: memberWith({ available: 500 }),
      claims: [claimReward('points', 'fifty-off')],
    });
    const back = bringBack(input, {
      kind: 'lines',
      lines: [{ line: 'l2000', quantityMilli: 1000 }],
    });
    expect(back.returns).toMatchObject([{ reward: 'fifty-off', points: 125, valueMinor: 0 }]);
    expect(back.refundMinor).toBe(750);
  });

  it('computes with the programme version of the sale, whatever the rule says today', () => {
    const input = inputOf([line(5000)]);
    const doubled = programmeOf({
      version: 2,
      rules: [
        {
          id: 'base',
          name: { en: 'Two per lira' },
          effect: { kind: 'per-money', points: '2', perMinor: 100 },
        },
      ],
    });
    const sale = sell(input);
    const ask = (programmes: QuoteInput['programmes']) =>
      refund({
        sale,
        programmes,
        returning: { kind: 'everything' },
        before: noRefunds,
        settings,
        available: {},
      });
    expect(ask([doubled, ...input.programmes])).toMatchObject({
      ok: true,
      value: { reversals: [{ points: 50 }] },
    });
    expect(ask([doubled])).toEqual({
      ok: false,
      error: { code: 'programme-version-missing', programme: 'club', version: 1 },
    });
  });

  it('takes no more than what is left where the programme clamps', () => {
    const input = inputOf([line(15_000)], {
      programmes: [programmeOf({ refund: { alreadySpent: 'clamp' } })],
    });
    const done = refund({
      sale: sell(input),
      programmes: input.programmes,
      returning: { kind: 'everything' },
      before: noRefunds,
      settings,
      available: { club: 50 },
    });
    expect(done).toMatchObject({ ok: true, value: { reversals: [{ points: 50, owed: 150 }] } });
  });

  it('refuses a line it does not know, more than was sold, and nothing at all', () => {
    const input = inputOf([line(500)]);
    const sale = sell(input);
    const ask = (returning: Returning) =>
      refund({
        sale,
        programmes: input.programmes,
        returning,
        before: noRefunds,
        settings,
        available: {},
      });
    expect(ask({ kind: 'lines', lines: [{ line: 'x', quantityMilli: 1 }] })).toMatchObject({
      error: { code: 'unknown-line', line: 'x' },
    });
    expect(ask({ kind: 'lines', lines: [{ line: 'l500', quantityMilli: 1001 }] })).toMatchObject({
      error: { code: 'more-than-sold', leftMilli: 1000 },
    });
    expect(ask({ kind: 'lines', lines: [] })).toMatchObject({ error: { code: 'nothing-chosen' } });
    expect(ask({ kind: 'amount', amountMinor: 501 })).toMatchObject({
      error: { code: 'more-than-paid', leftMinor: 500 },
    });
  });
});
