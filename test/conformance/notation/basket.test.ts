import { describe, expect, it } from 'vitest';
import { basketFromNotation, linesFromSums, repriced } from './basket.ts';
import { claimsFromNotation, statedRewards } from './claims.ts';
import { programmeFromNotation } from './programme.ts';
import { quote } from '#loyalty/quote.ts';
import { inputOf, load } from '#test/loyalty/arrange.ts';
import { got } from '#test/loyalty/arrange-ledger.ts';

const club = (program: object) => load(got(programmeFromNotation(program, 'club')));

describe('a basket in short notation', () => {
  it('says goods, taxes and kinds, and leaves voided lines out', () => {
    const { basket, promotions } = got(
      basketFromNotation(
        [
          { sku: 'A', price: 2.5, qty: 3, taxes: [{ rate: 20, included: true }, { fixed: 0.1 }] },
          { sku: 'B', price: 9, voided: true },
          { price: 4.95, type: 'delivery', taxes: [{ amount: 0.8, included: true }] },
        ],
        'EUR',
      ),
    );
    expect(basket.lines).toMatchObject([
      { id: 'l0', sku: 'A', kind: 'goods', quantityMilli: 3000, unitPriceMinor: 250 },
      { id: 'l2', kind: 'delivery', unitPriceMinor: 495 },
    ]);
    expect(basket.lines.map(({ taxes }) => taxes)).toEqual([
      [
        { kind: 'rate', percent: '20', included: true },
        { kind: 'per-unit', amountMinor: 10 },
      ],
      [{ kind: 'contained', amountMinor: 80 }],
    ]);
    expect(promotions).toEqual([]);
  });

  it('takes the cashier’s discounts off as promotions of their own', () => {
    const lines = [
      { sku: 'A', price: 10, line_discount_percent: 50 },
      { sku: 'B', price: 10 },
    ];
    const { basket, promotions } = got(basketFromNotation(lines, 'EUR', 3));
    const programmes = promotions.map(load);
    const quoted = quote({ ...inputOf(basket.lines), basket, programmes });
    expect(quoted.totalMinor).toBe(1200);
  });

  it('is refused with the place of a word nobody knows', () => {
    expect(basketFromNotation([{ price: 1, colour: 'red' }], 'EUR')).toMatchObject({
      error: [{ path: '0', message: 'Unrecognized key: "colour"' }],
    });
    expect(basketFromNotation([{ price: 'free' }], 'EUR')).toMatchObject({
      error: [{ path: '0.price' }],
    });
  });

  it('known by its sums is goods, then what the order has beyond them', () => {
    const sums = { items_total: 50, items_tax: 8, order_total: 60.3, order_tax: 10.1 };
    expect(linesFromSums(sums)).toEqual([
      { sku: 'A', price: 50, qty: 1, taxes: [{ amount: 8, included: true }] },
      { price: 10.3, type: 'delivery', taxes: [{ amount: 2.1, included: true }] },
    ]);
    expect(linesFromSums({ basis: 7, units: 3 })).toEqual([
      { sku: 'A', price: 7, qty: 3, taxes: [] },
    ]);
    expect(repriced([{ sku: 'A', price: 0.7 }], 3)).toEqual([{ sku: 'A', price: 2.1 }]);
  });
});

describe('a claim in short notation', () => {
  const programme = club({
    rewards: [
      { id: 'ten off', type: 'discount', discount: 'fixed', value: 10, cost_points: 100 },
      { id: 'pay', type: 'discount', discount: 'per_point', value: 0.1, cost_points: 1 },
    ],
  });

  it('is a name, or a reward with how much of it', () => {
    const asked = ['ten off', { reward: 'ten off', qty: 2 }, { points: 40 }, { amount: 1.5 }];
    expect(got(claimsFromNotation(asked, [programme], 'EUR'))).toMatchObject([
      { programme: 'club', reward: 'ten-off', points: null },
      { reward: 'ten-off', units: 2 },
      { reward: 'pay', points: 40 },
      { reward: 'pay', points: 150 },
    ]);
  });

  it('of a reward that no programme has is refused by its name', () => {
    expect(claimsFromNotation(['gold'], [programme], 'EUR')).toMatchObject({
      error: [{ path: '0', message: 'no programme has a reward gold' }],
    });
  });

  it('may state points for money where no programme has a way to pay', () => {
    const stated = [{ points: 100, value: 10 }];
    expect(statedRewards(stated, [programme])).toEqual([]);
    const rewards = statedRewards(stated, [club({ rewards: [] })]);
    const honours = club({ rewards });
    expect(got(claimsFromNotation(stated, [honours], 'EUR'))).toMatchObject([
      { reward: 'stated', points: 100 },
    ]);
    expect(honours.rewards).toMatchObject([
      { costPoints: 100, value: { kind: 'fixed', amountMinor: 1000 } },
    ]);
  });
});
