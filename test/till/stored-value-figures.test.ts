import { afterAll, describe, expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { chooseBack, takeBack } from './support/a-sale.ts';
import { aConfig, aTill, removeFolders } from './support/a-till.ts';
import { giftCard, giftCards, here } from './support/gift-card.ts';
import { ada, signIn, sue } from './support/staff.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

describe('money on gift cards is money, not points', () => {
  const shop = aConfig({ programmes: [here(pointsPreset), giftCards] });

  test('money that goes back to a gift card is not shown and printed as points', async () => {
    const till = await aTill({ config: shop });
    till.server.vouchers.push(giftCard);
    till.server.available = 1_000_000;
    till.member();
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
    await till.time.advance(2000);
    expect(await till.call['return.open']({ receipt })).toEqual(DONE);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    const shown = till.state().returning;
    expect(await till.call['return.commit']({ returnId })).toEqual(DONE);
    await till.time.advance(2000);
    const printed = JSON.stringify(till.devices.printed.at(-1)?.document);
    expect({
      refundMinor: shown?.refundMinor,
      returned: shown?.pointsReturned,
      printed: /Points returned|İade edilen puan/.exec(printed)?.[0] ?? null,
    }).toEqual({ refundMinor: 2000, returned: 0, printed: null });
    await till.close();
  });

  test('without a member the receipt says what went back to the gift card', async () => {
    const till = await aTill({ config: shop });
    till.server.vouchers.push(giftCard);
    till.server.available = 1_000_000;
    await till.time.advance(2000);
    await till.call['basket.add-amount']({ amountMinor: 3000, quantityMilli: 1000 });
    expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
    await till.time.advance(2000);
    expect(await till.call['return.open']({ receipt })).toEqual(DONE);
    const { returnId = '', lines = [] } = till.state().returning ?? {};
    await till.call['return.choose']({ line: lines[0]?.line ?? '', quantityMilli: 1000 });
    expect(await till.call['return.commit']({ returnId })).toEqual(DONE);
    expect(till.bodies().at(-1)).toMatchObject({ kind: 'reverse', member: 'v-gift', points: 3000 });
    await till.time.advance(2000);
    const lines2 = till.devices.printed.at(-1)?.document.lines ?? [];
    const text = JSON.stringify(lines2);
    expect(text.match(/30[.,]00/g)?.length ?? 0).toBeGreaterThan(1);
    await till.close();
  });

  test('money spent from a gift card is no points in the shift’s report', async () => {
    const till = await aTill({ config: shop });
    till.server.vouchers.push(giftCard);
    till.server.available = 1_000_000;
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    await till.call['code.enter']({ text: 'G1FT99' });
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    expect({
      last: till.state().lastSale?.redeemed,
      shift: await till.call['shift.figures'](null),
    }).toMatchObject({ last: 0, shift: { figures: { redeemed: 0 } } });
    await till.close();
  });
});

test('what goes back to a gift card counts towards what a cashier may pay back, in parts, too', async () => {
  const till = await aTill({
    config: aConfig({ cashiers: [ada, sue], programmes: [here(pointsPreset), giftCards] }),
  });
  till.server.vouchers.push({ ...giftCard, available: 120_000 });
  till.server.available = 1_000_000;
  await signIn(till, 'ada', '2718');
  await till.time.advance(2000);
  await till.call['basket.add-amount']({ amountMinor: 60_000, quantityMilli: 2000 });
  expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
  const { saleId } = till.state().basket;
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
  const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
  await till.time.advance(2000);
  await takeBack(till, receipt, 1000);
  const returnId = await chooseBack(till, receipt, 1000);
  expect(await till.call['return.commit']({ returnId })).toMatchObject({
    refusal: { code: 'approval-needed' },
  });
  await till.close();
});
