import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptGoods, keptLines, type Returned } from '#loyalty/kept.ts';
import { paidMilli } from '#loyalty/matching.ts';
import { quote } from '#loyalty/quote.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { amountLeft, isReducible } from '#loyalty/working.ts';
import { anySale, runs } from './arrange.ts';

test('the goods that are kept are those among the lines that are kept', () => {
  fc.assert(
    fc.property(
      anySale,
      fc.array(fc.nat(), { minLength: 1 }),
      fc.oneof(fc.constant(0), fc.nat(20_000)),
      (input, shares, amountMinor) => {
        const sale = freezeSale(input, quote(input));
        const milliByLine = Object.fromEntries(
          sale.lines.map(({ id, quantityMilli }, index) => [
            id,
            (shares[index % shares.length] ?? 0) % (Math.max(0, quantityMilli) + 1),
          ]),
        );
        const returned: Returned = { milliByLine, amountMinor };
        const goods = keptLines(sale, returned).filter(isReducible);
        expect(keptGoods(sale, returned)).toEqual({
          spendMinor: amountLeft(goods),
          units: Math.floor(paidMilli(goods) / 1000),
        });
      },
    ),
    runs,
  );
});
