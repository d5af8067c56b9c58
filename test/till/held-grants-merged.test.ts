import { afterAll, describe, expect, test } from 'vitest';
import type { TillState } from '#contract/till-state.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { aRealTill, type RealTill } from './support/a-real-till.ts';
import { aShop } from './support/a-shop.ts';
import { aFolder, aTill, bora, removeFolders, type TestTill } from './support/a-till.ts';

const folder = aFolder();
const shop = aShop(folder, null);
const tills: RealTill[] = [];

afterAll(async () => {
  for (const till of tills) await till.stop();
  await shop.stop();
  removeFolders();
});

const DONE = { outcome: 'done' };

async function merge(till: TestTill): Promise<void> {
  const points = { programme: 'points', posted: 1600, pending: 0, available: 0, version: 9 };
  till.server.changes.push(
    { kind: 'member', record: { ...bora, balances: [points] } },
    { kind: 'merge', from: 'm-ayse', into: 'm-bora' },
  );
  await till.time.advance(10_000);
}

describe('points held for a member who was joined with another', () => {
  test('are spent offline by who the member is now', async () => {
    const till = await aTill();
    till.server.givesHeld = true;
    till.member();
    await till.scanCard();
    await till.time.advance(10_000);
    await till.call['member.detach'](null);
    till.server.givesHeld = false;
    await merge(till);
    till.server.up = false;
    await till.time.advance(10_000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    expect(till.bodies().filter(({ kind }) => kind === 'redeem')).toMatchObject([
      { member: 'm-bora', grant: 'g1', points: 100 },
    ]);
    await till.close();
  });

  test('are not counted twice while the sale that holds them is open', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(await till.call['reward.toggle']({ reward: 'pay-with-points' })).toEqual(DONE);
    const { points } = till.state().basket.rewards[0] ?? { points: 0 };
    await merge(till);
    expect(till.state().member?.balances[0]).toMatchObject({
      posted: 1600,
      spendableHere: 1600 - points,
    });
    await till.close();
  });

  test('are taken by the server from who the member is now, and nothing is left to decide', async () => {
    const isSent = ({ link }: TillState): boolean => link.state === 'online' && link.waiting === 0;
    const [from, into] = ['sample-3', 'sample-1'];
    let isAway = false;
    const join = async (name: string, code: string, url: () => URL | null): Promise<RealTill> => {
      await shop.startWith(code);
      const till = await aRealTill({ folder, name, code, url });
      tills.push(till);
      return till;
    };
    const one = await join('one', 'PAIRAAAA', () => (isAway ? null : shop.url()));
    const two = await join('two', 'PAIRBBBB', shop.url);
    for (const till of tills) await till.until('online', isSent);
    const { handlers } = one.till;
    const number = sampleCards[2]?.number ?? '';
    const scan = async (expected: string): Promise<void> => {
      const code = { kind: 'card', number, symbology: 'ean' } as const;
      await handlers.scan({ code, source: 'serial' });
      await one.until('seen', ({ member }) => member?.member === expected);
    };

    await scan(from);
    await one.until('held', () =>
      one.database.read.openGrantsOf(from).some(({ state }) => state === 'accepted'),
    );
    await handlers['member.detach'](null);
    expect(await two.till.handlers['manager.merge']({ from, into, pin: '1470' })).toMatchObject({
      outcome: 'answered',
    });
    await one.until('merged', () => one.database.read.member(from)?.mergedInto === into);
    const before = one.database.read.member(into)?.balances[0]?.posted ?? 0;
    isAway = true;
    await handlers['basket.add-amount']({ amountMinor: 5000, quantityMilli: 1000 });
    await one.until('offline', ({ link }) => link.state === 'offline');
    await scan(into);
    expect(await handlers['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
    const { saleId } = one.state().basket;
    expect(await handlers['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    const { earned = 0, redeemed } = one.state().lastSale ?? {};
    expect(redeemed).toBe(100);
    isAway = false;
    await one.until('sent', isSent);
    const posted = (): number => two.database.read.member(into)?.balances[0]?.posted ?? 0;
    await two.until('spent', () => posted() === before + earned - 100);
    expect(await two.till.handlers.day({ day: null })).toMatchObject({ openExceptions: 0 });
  }, 120_000);
});
