import { describe, expect, it } from 'vitest';
import { returnSale } from '#loyalty/ledger-return.ts';
import { settleSale } from '#loyalty/ledger-sale.ts';
import { noRefunds } from '#loyalty/refund.ts';
import { returningGoods } from '#loyalty/returning.ts';
import { got, ledgerOf, request } from './arrange-ledger.ts';
import { line, noonMs, programmeOf } from './arrange.ts';

describe('goods brought back by their product code', () => {
  const lines = [
    line(300, { id: 'a', sku: 'tea', quantityMilli: 2000 }),
    line(500, { id: 'b', sku: 'cake' }),
    line(200, { id: 'c', sku: 'tea', quantityMilli: 1000 }),
  ];
  const basket = { currency: 'TRY', lines };
  const sold = got(settleSale(ledgerOf(programmeOf()), request('s1', 0, { basket })));
  const { snapshot } = sold.sale;

  it('come from the lines of that product in their order', () => {
    const goods = [
      { sku: 'tea', quantityMilli: 2500 },
      { sku: 'cake', quantityMilli: 1000 },
    ];
    expect(returningGoods(snapshot, noRefunds, goods)).toEqual({
      kind: 'lines',
      lines: [
        { line: 'a', quantityMilli: 2000 },
        { line: 'c', quantityMilli: 500 },
        { line: 'b', quantityMilli: 1000 },
      ],
    });
  });

  it('come from what earlier returns left', () => {
    const one = returningGoods(snapshot, noRefunds, [{ sku: 'tea', quantityMilli: 2000 }]);
    const back = { saleId: 's1', source: 'r1', returning: one, nowMs: noonMs };
    const { ledger } = got(returnSale(sold.ledger, back));
    const refunds = ledger.sales.get('s1')?.refunds ?? noRefunds;
    expect(returningGoods(snapshot, refunds, [{ sku: 'tea', quantityMilli: 1000 }])).toEqual({
      kind: 'lines',
      lines: [{ line: 'c', quantityMilli: 1000 }],
    });
  });

  it('are refused where they are more than were sold, or were never sold', () => {
    for (const [sku, code] of [
      ['tea', 'more-than-sold'],
      ['pie', 'unknown-line'],
    ] as const) {
      const returning = returningGoods(snapshot, noRefunds, [{ sku, quantityMilli: 4000 }]);
      const back = { saleId: 's1', source: 'r1', returning, nowMs: noonMs };
      expect(returnSale(sold.ledger, back)).toMatchObject({ ok: false, error: { code } });
    }
  });
});
