import { afterAll, describe, expect, test } from 'vitest';
import {
  aRecord,
  aTill,
  hashOf,
  OTHER_CARD,
  removeFolders,
  type TestTill,
} from './support/a-till.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };

/** What the server says of somebody whose data is gone. */
const ERASED = aRecord({
  version: 99,
  status: 'erased',
  displayName: null,
  language: '',
  identifiers: [],
});

async function erase(till: TestTill): Promise<void> {
  till.server.changes.push({ kind: 'member', record: ERASED });
  await till.time.advance(10_000);
}

/** A sale with the member and a reward on it, whose points are on hold. */
async function saleWithReward(): Promise<TestTill> {
  const till = await aTill();
  till.server.givesHeld = true;
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual(DONE);
  return till;
}

describe('a member who is erased while', () => {
  test('on the open sale leaves it, with what was on hold for them; the goods stay', async () => {
    const till = await saleWithReward();
    expect(till.server.open.size).toBeGreaterThan(0);
    await erase(till);
    expect(till.state()).toMatchObject({
      member: null,
      notice: { message: { code: 'member-erased' } },
      basket: { lines: [{ sku: 'coffee' }], rewards: [], totalMinor: 10_000 },
    });
    expect(till.database.read.openGrants()).toEqual([]);
    await till.time.advance(10_000);
    expect(till.server.open.size).toBe(0);
    expect(till.bodies().filter(({ kind }) => kind === 'grant-close')).toMatchObject([
      { reason: 'revoked' },
    ]);
    // Nothing brings them back: not undo, not a restart.
    await till.call['basket.undo'](null);
    expect(till.state().member).toBeNull();
    await till.close();
    const again = await till.restart();
    expect(again.state().member).toBeNull();
    const { saleId } = again.state().basket;
    expect(await again.call['sale.settle']({ saleId, tender: 'cash' })).toEqual(DONE);
    expect(again.bodies().findLast(({ kind }) => kind === 'sale')).toMatchObject({ member: null });
    await again.close();
  });

  test('their sale was set aside are not on it when it comes back', async () => {
    const till = await saleWithReward();
    const { saleId } = till.state().basket;
    expect(await till.call['sale.park'](null)).toEqual(DONE);
    await erase(till);
    await till.call['sale.recall']({ sale: saleId });
    expect(till.state()).toMatchObject({
      member: null,
      basket: { saleId, lines: [{ sku: 'coffee' }], rewards: [] },
    });
    await till.close();
  });

  test('replaced by another card cannot be brought back by the swap’s undo', async () => {
    const till = await saleWithReward();
    await till.call['reward.toggle']({ reward: 'ten-off' });
    const card = { kind: 'card', hash: hashOf('card', OTHER_CARD), masked: '··' } as const;
    till.member(aRecord({ member: 'm-mehmet', identifiers: [card] }));
    await till.scanCard(OTHER_CARD);
    expect(till.state().undo).not.toBeNull();
    till.server.changes.push({ kind: 'member', record: ERASED });
    await till.time.advance(4000);
    expect(till.database.read.member('m-ayse')?.status).toBe('erased');
    expect(till.state().undo).toBeNull();
    await till.close();
  });

  test('known by another reference, which was merged, is forgotten under both', async () => {
    const till = await aTill();
    till.member(aRecord({ member: 'm-old', displayName: 'Ayşe K.' }));
    till.member();
    till.server.changes.push({ kind: 'merge', from: 'm-old', into: 'm-ayse' });
    await till.time.advance(10_000);
    expect(till.database.read.member('m-old')?.displayName).toBe('Ayşe K.');
    await erase(till);
    for (const member of ['m-old', 'm-ayse']) {
      expect(till.database.read.member(member)?.displayName ?? null).toBeNull();
    }
    await till.scanCard();
    expect(till.state().member?.member).not.toBe('m-ayse');
    await till.close();
  });
});
