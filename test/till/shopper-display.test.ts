import { afterAll, describe, expect, test } from 'vitest';
import type { ShopperScene, ShopperState } from '#contract/shopper.ts';
import { createShopperDisplay, type ShopperDisplay } from '#till/shopper-display.ts';
import { aTill, CARD, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

interface Watched {
  readonly till: TestTill;
  readonly display: ShopperDisplay;
  readonly told: ShopperState[];
  scene(): ShopperScene;
}

async function aDisplay(): Promise<Watched> {
  const till = await aTill();
  const display = createShopperDisplay(till.till, till.time.timer);
  const told: ShopperState[] = [];
  display.onState((state) => void told.push(state));
  const first = await display.handlers.state(null);
  return { till, display, told, scene: () => (told.at(-1) ?? first).scene };
}

async function aBasket(till: TestTill): Promise<string> {
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
  await till.time.settle();
  return till.state().basket.saleId;
}

async function pay(till: TestTill): Promise<void> {
  const { saleId } = till.state().basket;
  await till.call['sale.settle']({ saleId, tender: 'cash' });
  await till.time.settle();
}

describe('the shopper’s display', () => {
  test('greets by first name, shows the balance of a scanned card, and says thanks for that sale', async () => {
    const { till, scene } = await aDisplay();
    expect(scene()).toEqual({ kind: 'idle' });
    till.member();
    await till.scanCard();
    const saleId = await aBasket(till);
    expect(scene()).toMatchObject({
      kind: 'basket',
      saleId,
      totalMinor: 5000,
      earns: 50,
      shopper: { firstName: 'Ayşe', balance: { points: 800 } },
    });
    await pay(till);
    expect(scene()).toMatchObject({
      kind: 'thanks',
      saleId,
      earned: 50,
      balanceAfter: 850,
      receiptCode: expect.stringMatching(/^R:[0-9A-Z]{9}$/),
    });
    await till.close();
  });

  test('a typed number shows neither name nor balance nor rewards: anybody could have typed it', async () => {
    const { till, scene } = await aDisplay();
    till.member();
    await till.call['member.find']({ text: CARD });
    await aBasket(till);
    const shown = scene();
    expect(shown).toMatchObject({
      kind: 'basket',
      rewards: [],
      shopper: { firstName: null, masked: `··${CARD.slice(-2)}`, balance: null, tier: null },
    });
    // A random reference may have any digits in it.
    expect(JSON.stringify({ ...shown, saleId: '' })).not.toMatch(/Ayşe|800/);
    await till.close();
  });

  test('goes dark 20 s after the sale, 60 s after a touch, and wakes at a touch', async () => {
    const { till, display, scene } = await aDisplay();
    await aBasket(till);
    await pay(till);
    await till.time.advance(19_000);
    expect(scene().kind).toBe('thanks');
    await display.handlers.touch(null);
    await till.time.advance(59_000);
    expect(scene().kind).toBe('thanks');
    await till.time.advance(2_000);
    expect(scene()).toEqual({ kind: 'dark' });
    await display.handlers.touch(null);
    expect(scene()).toEqual({ kind: 'idle' });
    await till.close();
  });

  test('nothing of one sale is there once the next has begun', async () => {
    const { till, told, scene } = await aDisplay();
    till.member();
    await till.scanCard();
    const first = await aBasket(till);
    await pay(till);
    await till.call['basket.add-amount']({ amountMinor: 700, quantityMilli: 1000 });
    await till.time.settle();
    const second = scene();
    expect(second).toMatchObject({ kind: 'basket', shopper: null, totalMinor: 700 });
    expect(JSON.stringify(second)).not.toContain(first);
    expect(JSON.stringify(second)).not.toContain('Ayşe');
    expect(told.at(-1)?.scene).toEqual(second);
    await till.close();
  });

  test('a reward is used by the shopper’s own hand, for the sale it was shown in and no other', async () => {
    const { till, display, scene } = await aDisplay();
    till.member();
    await till.scanCard();
    const saleId = await aBasket(till);
    const shown = scene();
    const reward = shown.kind === 'basket' ? (shown.rewards[0]?.reward ?? '') : '';
    const stale = '00000000-0000-7000-8000-000000000000';
    expect(await display.handlers['reward.toggle']({ saleId: stale, reward })).toEqual({
      taken: false,
    });
    expect(await display.handlers['reward.toggle']({ saleId, reward: 'no-such' })).toEqual({
      taken: false,
    });
    expect(await display.handlers['reward.toggle']({ saleId, reward })).toEqual({ taken: true });
    await till.time.settle();
    expect(till.state().basket.discountMinor).toBeGreaterThan(0);
    expect(scene()).toMatchObject({
      kind: 'basket',
      savedMinor: till.state().basket.discountMinor,
    });
    await till.close();
  });

  test('tells a change once and silence not at all', async () => {
    const { till, told } = await aDisplay();
    await aBasket(till);
    const count = told.length;
    await till.call['notice.dismiss']({ id: 1 });
    await till.time.settle();
    expect(told).toHaveLength(count);
    await till.close();
  });

  test('a cleared basket is nobody’s: idle again', async () => {
    const { till, scene } = await aDisplay();
    await aBasket(till);
    await till.call['basket.clear'](null);
    await till.time.settle();
    expect(scene()).toEqual({ kind: 'idle' });
    await till.close();
  });
});
