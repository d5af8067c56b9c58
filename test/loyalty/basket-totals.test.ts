import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basketOfTotals, repriceBasket } from '#loyalty/basket-totals.ts';
import { quote } from '#loyalty/quote.ts';
import { inputOf, line, memberWith, programmeOf, runs } from './arrange.ts';

describe('an order known by its sums', () => {
  it('sums to its goods whatever its pieces, and to its whole with delivery', () => {
    const amount = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 50 }), amount, (goodsMinor, units, more) => {
        const orderMinor = goodsMinor + more;
        const { lines } = basketOfTotals({ currency: 'EUR', goodsMinor, units, orderMinor });
        const sum = (kind: string): number =>
          lines.filter((of) => of.kind === kind).reduce((all, of) => all + of.unitPriceMinor, 0);
        expect([sum('goods'), sum('delivery')]).toEqual([goodsMinor, more]);
        expect(lines.filter(({ kind }) => kind === 'goods')).toHaveLength(units);
      }),
      runs,
    );
  });

  it('earns without its tax and delivery where the programme says so', () => {
    const totals = { goodsMinor: 5000, goodsTaxMinor: 800, orderMinor: 6000, orderTaxMinor: 1000 };
    const { lines } = basketOfTotals({ currency: 'TRY', ...totals });
    const basisOf = (earning: object): number | undefined =>
      quote(inputOf(lines, { programmes: [programmeOf({ earning })], member: memberWith({}) }))
        .earnings[0]?.basisMinor;
    expect(basisOf({})).toBe(5000);
    expect(basisOf({ tax: 'excluded' })).toBe(4200);
    expect(basisOf({ lineKinds: ['goods', 'delivery'] })).toBe(6000);
    expect(basisOf({ tax: 'excluded', lineKinds: ['goods', 'delivery'] })).toBe(5000);
  });

  it('may say its delivery and the tax on top', () => {
    const totals = { goodsMinor: 1999, addedTaxMinor: 160, deliveryMinor: 495 };
    const { lines } = basketOfTotals({ currency: 'USD', ...totals });
    expect(lines.map(({ kind, taxes }) => [kind, taxes])).toEqual([
      ['goods', [{ kind: 'per-unit', amountMinor: 160 }]],
      ['delivery', [{ kind: 'contained', amountMinor: 0 }]],
    ]);
  });
});

describe('another price list', () => {
  it('multiplies every price, rounded half up', () => {
    const basket = { currency: 'EUR', lines: [line(2500), line(25), line(-25)] };
    const prices = repriceBasket(basket, '0.5').lines.map(({ unitPriceMinor }) => unitPriceMinor);
    expect(prices.slice(0, 2)).toEqual([1250, 13]);
    expect(repriceBasket(basket, '1')).toEqual(basket);
  });
});
