import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { err, ok } from '#loyalty/result.ts';
import { PARKED_MAX } from '#till/parked.ts';
import {
  aConfig,
  aFolder,
  aRecord,
  aTill,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';
import { giftCard, giftCards } from './support/gift-card.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const shopWithGiftCards = aConfig({
  programmes: [programme.parse(pointsPreset), giftCards],
});

async function tillWithReward(): Promise<TestTill> {
  const till = await aTill();
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
  return till;
}

describe('a sale set aside', () => {
  test('gives back what it had on hold, waits through a restart, and comes back as it was', async () => {
    const till = await tillWithReward();
    const before = till.state();
    expect(await till.call['sale.park'](null)).toEqual(DONE);
    await till.time.advance(1000);
    expect(till.server.open.size).toBe(0);
    expect(till.state()).toMatchObject({
      basket: { lines: [], rewards: [] },
      member: null,
      parked: [
        {
          sale: before.basket.saleId,
          lines: 1,
          totalMinor: 10_000,
          displayName: before.member?.displayName,
        },
      ],
    });

    await till.close();
    const again = await till.restart();
    expect(again.state().parked).toHaveLength(1);
    expect(await again.call['sale.recall']({ sale: before.basket.saleId })).toEqual(DONE);
    const after = again.state();
    expect(after.parked).toEqual([]);
    expect(after.basket).toEqual(before.basket);
    expect(after.member).toMatchObject({ member: 'm-ayse', balances: [{ posted: 800 }] });
    expect(again.server.open.size).toBe(1);
    const { saleId } = after.basket;
    expect(await again.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    expect(again.bodies().filter(({ kind }) => kind === 'redeem')).toHaveLength(1);
    await again.close();
  });

  test('changes places with one that is open, which gives back what it has on hold', async () => {
    const till = await aTill();
    till.member();
    await till.call['basket.add-amount']({ amountMinor: 1000, quantityMilli: 1000 });
    const first = till.state().basket.saleId;
    await till.call['sale.park'](null);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    const second = till.state().basket.saleId;
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    expect(await till.call['sale.recall']({ sale: first })).toEqual(DONE);
    await till.time.advance(1000);
    expect(till.server.open.size).toBe(0);
    expect(till.state()).toMatchObject({
      basket: { saleId: first, totalMinor: 1000 },
      member: null,
      parked: [{ sale: second, totalMinor: 10_000 }],
    });
    expect(await till.call['sale.recall']({ sale: second })).toEqual(DONE);
    expect(till.state().basket.rewards).toHaveLength(1);
    await till.close();
  });

  test('comes back without a reward that cannot be had any more, and says so', async () => {
    const till = await tillWithReward();
    const { saleId } = till.state().basket;
    await till.call['sale.park'](null);
    await till.time.advance(1000);
    till.server.available = 0;
    expect(await till.call['sale.recall']({ sale: saleId })).toEqual(DONE);
    expect(till.state()).toMatchObject({
      basket: { saleId, totalMinor: 10_000, rewards: [] },
      notice: { tone: 'refusal' },
    });
    await till.close();
  });

  test('is refused where there is nothing, where too many wait, and where it is gone', async () => {
    const till = await aTill();
    expect(await till.call['sale.park'](null)).toMatchObject({
      refusal: { code: 'nothing-to-park' },
    });
    for (let count = 0; count <= PARKED_MAX; count += 1) {
      await till.call['basket.add-amount']({ amountMinor: 100 + count, quantityMilli: 1000 });
      const parked = await till.call['sale.park'](null);
      if (count < PARKED_MAX) expect(parked).toEqual(DONE);
      else expect(parked).toMatchObject({ refusal: { code: 'too-many-parked' } });
    }
    expect(till.state().basket.totalMinor).toBe(100 + PARKED_MAX);
    const sale = till.state().basket.saleId;
    expect(await till.call['sale.recall']({ sale })).toMatchObject({
      refusal: { code: 'no-such-parked' },
    });
    await till.close();
  });

  test('changes places with one that is open where as many wait as may, and after a restart, too', async () => {
    const till = await aTill();
    for (let count = 0; count < PARKED_MAX; count += 1) {
      await till.call['basket.add-amount']({ amountMinor: 100 + count, quantityMilli: 1000 });
      await till.call['sale.park'](null);
      await till.time.advance(1000);
    }
    await till.call['basket.add-amount']({ amountMinor: 2000, quantityMilli: 1000 });
    const { parked, basket } = till.state();
    const sale = parked[0]?.sale ?? '';
    expect(await till.call['sale.recall']({ sale })).toEqual(DONE);
    const shown = {
      basket: { saleId: sale, totalMinor: 100 },
      parked: [...parked.slice(1), { sale: basket.saleId, totalMinor: 2000 }],
    };
    expect(till.state()).toMatchObject(shown);
    await till.close();
    const again = await till.restart();
    expect(again.state()).toMatchObject(shown);
    await again.close();
  });

  test('that cannot be written stays where it is, and so does the open one', async () => {
    const disk = { isFull: false };
    const till = await aTill({
      wrap: (database) => ({
        ...database,
        write: (work) =>
          disk.isFull ? err({ code: 'disk-full', detail: '' }) : database.write(work),
      }),
    });
    await till.call['basket.add-amount']({ amountMinor: 1000, quantityMilli: 1000 });
    const { saleId: sale } = till.state().basket;
    await till.call['sale.park'](null);
    await till.call['basket.add-amount']({ amountMinor: 2000, quantityMilli: 1000 });
    const { basket, parked } = till.state();
    disk.isFull = true;
    expect(await till.call['sale.recall']({ sale })).toMatchObject({
      refusal: { code: 'not-saved-disk-full' },
    });
    expect(till.state()).toMatchObject({ basket, parked });
    disk.isFull = false;
    await till.close();
  });

  test('gives back a gift card that was entered before any goods of the next sale', async () => {
    const till = await aTill({ config: shopWithGiftCards });
    till.server.vouchers.push(giftCard);
    till.server.available = 1_000_000;
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.park'](null);
    expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
    expect(till.server.open.size).toBe(1);
    expect(await till.call['sale.recall']({ sale: saleId })).toEqual(DONE);
    await till.time.advance(100);
    expect(till.state().basket.codes).toEqual([]);
    expect(till.server.open.size).toBe(0);
    await till.close();
  });

  test('has no way back to a member of the sale before it', async () => {
    const till = await aTill();
    till.member();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    await till.call['sale.park'](null);
    till.member(
      aRecord({
        member: 'm-bora',
        identifiers: [{ kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' }],
      }),
    );
    await till.scanCard();
    await till.time.advance(2000);
    await till.scanCard(OTHER_CARD);
    expect(till.state().undo).not.toBeNull();
    expect(await till.call['sale.recall']({ sale: saleId })).toEqual(DONE);
    expect(await till.call['member.undo'](null)).toMatchObject({
      refusal: { code: 'nothing-to-undo' },
    });
    expect(till.state().member).toBeNull();
    await till.close();
  });
});

describe('a sale that is still being asked for what it had', () => {
  /** A gift card and a reward are on it; it is on its way back, and the server thinks. */
  async function comingBack(): Promise<{
    till: TestTill;
    saleId: string;
    answer: () => Promise<unknown>;
  }> {
    const till = await aTill({ config: shopWithGiftCards });
    till.server.vouchers.push(giftCard);
    till.server.available = 100_000;
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(await till.call['code.enter']({ text: 'G1FT99' })).toEqual(DONE);
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    const { saleId, dueMinor } = till.state().basket;
    expect(dueMinor).toBe(6000);
    await till.call['sale.park'](null);
    await till.time.advance(3000);
    const { promise, resolve } = Promise.withResolvers<null>();
    till.server.intercept = (name) =>
      name === 'find-voucher'
        ? promise.then(() => ok({ outcome: 'found', voucher: giftCard }))
        : null;
    const recalling = till.call['sale.recall']({ sale: saleId });
    await till.time.settle();
    return {
      till,
      saleId,
      async answer() {
        resolve(null);
        till.server.intercept = null;
        return recalling;
      },
    };
  }

  test('keeps all of it when it is set aside once more', async () => {
    const { till, saleId, answer } = await comingBack();
    expect(await till.call['sale.park'](null)).toEqual(DONE);
    await answer();
    await till.time.advance(3000);
    expect(await till.call['sale.recall']({ sale: saleId })).toEqual(DONE);
    expect(till.state().basket).toMatchObject({ saleId, dueMinor: 6000 });
    await till.close();
  });

  test('has all of it again after a kill, once the server is there', async () => {
    const { till, saleId } = await comingBack();
    const directory = join(aFolder(), 'till');
    cpSync(till.directory, directory, { recursive: true });
    till.database.close();
    till.server.intercept = null;
    const again = await aTill({ config: shopWithGiftCards, directory, server: till.server });
    await again.time.advance(5000);
    expect(again.state().basket).toMatchObject({ saleId, dueMinor: 6000 });
    await again.close();
  });

  test('is asked for nothing of it any more once it is cleared', async () => {
    const { till, saleId, answer } = await comingBack();
    expect(await till.call['basket.clear'](null)).toEqual(DONE);
    await answer();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['sale.park'](null);
    await till.time.advance(3000);
    expect(await till.call['sale.recall']({ sale: saleId })).toEqual(DONE);
    expect(till.state().basket).toMatchObject({ codes: [], rewards: [], dueMinor: 10_000 });
    await till.close();
  });
});
