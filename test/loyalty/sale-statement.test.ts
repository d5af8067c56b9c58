import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { setBalance } from '#loyalty/ledger-points.ts';
import { spendable, stateOf } from '#loyalty/ledger.ts';
import { saleStatement } from '#loyalty/sale-statement.ts';
import { got, ledgerOf, request } from './arrange-ledger.ts';
import { noonMs, points, programmeOf, runs } from './arrange.ts';

describe('a sale as it is read', () => {
  it('foretells the balance that settling it gives', () => {
    const prices = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(prices, fc.integer({ min: 0, max: 400 }), fc.boolean(), (price, have, claims) => {
        const account = spendable('anna', points.id);
        const opening = { account, balance: have, source: 'opening', atMs: noonMs - 1 };
        const before = got(setBalance(ledgerOf(points), opening));
        const sale = request('s1', price, {
          claims: claims ? [claimReward(points.id, 'ten-off')] : [],
        });
        const said = saleStatement(before, previewSale(before, sale), points, 'anna', noonMs);
        const after = got(settleSale(before, sale)).ledger;
        expect(said.balanceAfter).toBe(stateOf(after, account, noonMs).balance);
      }),
      runs,
    );
  });

  it('names the tier, counts the rows of its invoice and says why something was refused', () => {
    const ledger = ledgerOf(programmeOf());
    const sale = request('s1', 995, { claims: [{ kind: 'code', code: 'NONE' }] });
    const said = saleStatement(ledger, previewSale(ledger, sale), programmeOf(), 'anna', noonMs);
    expect(said).toMatchObject({
      earned: 9,
      balanceAfter: 9,
      tier: null,
      invoiceRows: 1,
      roundedSubtotalMinor: 995,
      refusal: 'code-unknown',
    });
  });
});
