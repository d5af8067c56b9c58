import { afterAll, describe, expect, test } from 'vitest';
import type { VoucherRecord } from '#contract/facts.ts';
import { couponBatchPreset, giftCardPreset, promoCodePreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';
import { here } from './support/gift-card.ts';

afterAll(removeFolders);

const config = aConfig({
  programmes: [
    here(pointsPreset),
    here(promoCodePreset),
    here(couponBatchPreset),
    here(giftCardPreset),
  ],
});

const coupon: VoucherRecord = {
  code: 'AAAA111',
  programme: 'coupons',
  holder: 'v-coupon',
  name: { en: '5.00 off' },
  available: 1,
  expiresAtMs: null,
  state: 'active',
};
const giftCard: VoucherRecord = {
  ...coupon,
  code: 'G1FT99',
  programme: 'gift-card',
  holder: 'v-gift',
  available: 3000,
};

async function withCoffee(pieces = 1): Promise<TestTill> {
  const till = await aTill({ config });
  till.server.vouchers.push(coupon, giftCard);
  till.server.available = 1_000_000;
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: pieces * 1000 });
  return till;
}
const enter = (till: TestTill, text: string) => till.call['code.enter']({ text });
const settle = async (till: TestTill): Promise<void> => {
  expect(
    await till.call['sale.settle']({ saleId: till.state().basket.saleId, tender: 'cash' }),
  ).toEqual({ outcome: 'done' });
};

describe('codes at the till', () => {
  test('a promotion’s code works without the server, however it is typed, and comes off again', async () => {
    const till = await withCoffee();
    till.server.up = false;
    await till.time.advance(60_000);
    expect(await enter(till, ' sprng25 ')).toEqual({ outcome: 'done' });
    expect(till.state().basket).toMatchObject({
      discountMinor: 500,
      totalMinor: 4500,
      codes: [{ text: 'SPRNG25', state: 'applied', valueMinor: 500, reason: null }],
      rewards: [{ reward: 'ten-percent', removable: false, points: 0 }],
    });
    expect(await enter(till, 'SPRNG25')).toMatchObject({ refusal: { code: 'code-there' } });
    expect(await till.call['code.remove']({ text: 'sprng25' })).toEqual({ outcome: 'done' });
    expect(till.state().basket).toMatchObject({ totalMinor: 5000, codes: [] });
    await till.call['basket.undo'](null);
    expect(till.state().basket).toMatchObject({ totalMinor: 4500 });
    await till.close();
  });

  test('a scanned text that is a promotion’s code is taken, any other changes nothing', async () => {
    const till = await withCoffee();
    const scan = (text: string) =>
      till.call.scan({ code: { kind: 'unknown', text, symbology: 'code128' }, source: 'serial' });
    await scan('SPRNG25');
    expect(till.state().basket.codes).toHaveLength(1);
    await scan('NOTHING-AT-ALL');
    expect(till.state().basket.codes).toHaveLength(1);
    expect(till.state().notice?.message.code).toBe('scan-unknown');
    await till.close();
  });

  test('a coupon is looked up, held for this sale, spent from its own account and closed', async () => {
    const till = await withCoffee();
    expect(await enter(till, 'aaaa-111')).toEqual({ outcome: 'done' });
    expect(till.state().basket).toMatchObject({
      totalMinor: 4500,
      codes: [{ state: 'applied', valueMinor: 500 }],
    });
    await settle(till);
    const kinds = till.bodies().map(({ kind }) => kind);
    expect(kinds).toEqual(['grant-accept', 'shift-open', 'sale', 'redeem', 'grant-close']);
    expect(till.bodies()[3]).toMatchObject({
      kind: 'redeem',
      member: 'v-coupon',
      programme: 'coupons',
      points: 1,
      valueMinor: 500,
    });
    await till.close();
  });

  test('a coupon that needs a larger basket stays, says what is missing, and works once it is there', async () => {
    const till = await withCoffee(0.2);
    expect(await enter(till, 'AAAA111')).toEqual({ outcome: 'done' });
    expect(till.state().basket.codes).toMatchObject([
      { state: 'refused', reason: { code: 'minimum-amount', params: { missingMinor: 1000 } } },
    ]);
    expect(till.state().notice?.message.code).toBe('minimum-amount');
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(till.state().basket.codes).toMatchObject([{ state: 'applied', valueMinor: 500 }]);
    await till.close();
  });

  test('a gift card pays after all discounts; what is left on it goes back with the sale', async () => {
    const till = await withCoffee();
    await enter(till, 'G1FT99');
    expect(till.state().basket).toMatchObject({ totalMinor: 5000, dueMinor: 2000 });
    await till.call['basket.remove-line']({ line: till.state().basket.lines[0]?.id ?? '' });
    await till.call['basket.add-amount']({ amountMinor: 1200, quantityMilli: 1000 });
    await enter(till, 'G1FT99');
    expect(till.state().basket).toMatchObject({ totalMinor: 1200, dueMinor: 0 });
    await settle(till);
    expect(till.bodies().find(({ kind }) => kind === 'redeem')).toMatchObject({ points: 1200 });
    expect(till.state().lastSale).toMatchObject({ totalMinor: 1200, dueMinor: 0 });
    expect(await till.call['shift.figures'](null)).toMatchObject({
      figures: {
        totalMinor: 1200,
        cashMinor: 0,
        tenders: { cashMinor: 0, cardMinor: 0, valueMinor: 1200 },
      },
    });
    await till.close();
  });

  test('a promotion’s code is in the journal, a coupon’s or gift card’s is not', async () => {
    const till = await withCoffee(0.2);
    for (const text of ['SPRNG25', 'AAAA111', 'G1FT99']) await enter(till, text);
    await settle(till);
    const written = JSON.stringify(till.entries());
    expect(written).toContain('SPRNG25');
    expect(written).not.toMatch(/AAAA111|G1FT99/);
    await till.close();
  });

  test.each([
    ['unknown', 'ZZZZ999', {}, 'code-unknown'],
    ['used', 'AAAA111', { available: 0, state: 'used' as const }, 'code-used'],
    ['on another till’s sale', 'AAAA111', { available: 0 }, 'code-in-use'],
    ['over', 'AAAA111', { expiresAtMs: 1 }, 'code-expired'],
    ['blocked', 'AAAA111', { state: 'blocked' as const }, 'code-blocked'],
    ['of no programme here', 'AAAA111', { programme: 'elsewhere' }, 'code-not-eligible'],
  ])('a code that is %s is refused in words and leaves nothing', async (_, text, change, why) => {
    const till = await withCoffee();
    till.server.vouchers[0] = { ...coupon, ...change };
    const { basket } = till.state();
    expect(await enter(till, text)).toMatchObject({ outcome: 'refused', refusal: { code: why } });
    expect(till.state().basket).toEqual(basket);
    expect(till.bodies()).toEqual([]);
    await till.close();
  });

  test('a code nobody can look up now is refused, and nothing is held', async () => {
    const till = await withCoffee();
    till.server.up = false;
    await till.time.advance(60_000);
    expect(await enter(till, 'AAAA111')).toMatchObject({ refusal: { code: 'code-needs-server' } });
    expect(await enter(till, '   ')).toMatchObject({ refusal: { code: 'code-empty' } });
    expect(till.state().basket.codes).toEqual([]);
    await till.close();
  });

  test('a coupon taken off or cleared away gives back what it held, and survives a restart before that', async () => {
    const till = await withCoffee();
    await enter(till, 'AAAA111');
    await till.close();
    const again = await till.restart();
    expect(again.state().basket).toMatchObject({ totalMinor: 4500, codes: [{ state: 'applied' }] });
    await again.call['basket.clear'](null);
    expect(again.bodies().find(({ kind }) => kind === 'grant-close')).toMatchObject({
      reason: 'basket-cleared',
    });
    await again.call['basket.undo'](null);
    expect(again.state().basket).toMatchObject({ totalMinor: 4500 });
    await again.call['code.remove']({ text: 'AAAA111' });
    expect(again.bodies().at(-1)).toMatchObject({ kind: 'grant-close', reason: 'reward-removed' });
    await again.close();
  });

  test('the member’s own coupons are offered, a tap uses one, and it is gone after the sale', async () => {
    const till = await withCoffee();
    till.member(
      aRecord({ vouchers: [coupon, { ...coupon, code: 'OLD1', holder: 'v-old', state: 'used' }] }),
    );
    await till.scanCard();
    expect(till.state().vouchers).toMatchObject([
      { code: 'AAAA111', state: 'available', worthMinor: 500 },
    ]);
    await enter(till, till.state().vouchers[0]?.code ?? '');
    expect(till.state().vouchers).toMatchObject([{ state: 'applied' }]);
    await settle(till);
    await till.scanCard();
    expect(till.state().vouchers).toEqual([]);
    await till.close();
  });
});
