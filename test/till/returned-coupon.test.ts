import { afterAll, expect, test } from 'vitest';
import { nextOrderPreset } from '#loyalty/presets/generic.ts';
import { chooseBack, soldTo } from './support/a-sale.ts';
import { aConfig, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { giftCards, here } from './support/gift-card.ts';

afterAll(removeFolders);

const config = aConfig({ programmes: [here(nextOrderPreset), giftCards] });

/** Sells coffee; the receipt, and the coupon that came with it on the next sale. */
async function withItsCoupon(till: TestTill): Promise<string> {
  const { receipt } = await soldTo(till, 10_000);
  const issued = till.bodies().find((body) => body.kind === 'issue');
  if (issued?.kind !== 'issue') throw new Error('no coupon');
  const { member: holder, programme, points } = issued;
  till.server.vouchers.push({
    code: 'NEXT111',
    programme,
    holder,
    name: { en: 'Next time' },
    available: points,
    expiresAtMs: null,
    state: 'active',
  });
  till.server.available = points;
  await till.time.advance(2000);
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 10_000 });
  expect(await till.call['code.enter']({ text: 'NEXT111' })).toEqual({ outcome: 'done' });
  expect(till.state().basket.codes).toHaveLength(1);
  return receipt;
}

test('a coupon on the open sale is off it once the goods it came with are back', async () => {
  const till = await aTill({ config });
  const receipt = await withItsCoupon(till);
  const { totalMinor, dueMinor, saleId } = till.state().basket;
  expect(dueMinor).toBeLessThan(totalMinor);
  const returnId = await chooseBack(till, receipt, 10_000);
  expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
  expect(till.state().basket).toMatchObject({ saleId, codes: [], dueMinor: totalMinor });
  expect(till.state().notice).toMatchObject({ message: { code: 'code-went-back' } });
  await till.close();

  const again = await till.restart();
  expect(again.state().basket).toMatchObject({ saleId, codes: [], dueMinor: totalMinor });
  await again.call['sale.settle']({ saleId, tender: 'cash' });
  expect(again.bodies().filter(({ kind }) => kind === 'redeem')).toEqual([]);
  await again.close();
});

test('and stays on it where only goods come back that it did not come with', async () => {
  const till = await aTill({ config });
  await till.call['basket.add-amount']({ amountMinor: 2000, quantityMilli: 1000 });
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  const before = till.database.read.saleByTx(saleId)?.receipt ?? '';
  await withItsCoupon(till);
  const returnId = await chooseBack(till, before, 1000);
  expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
  expect(till.state().basket.codes).toHaveLength(1);
  await till.close();
});
