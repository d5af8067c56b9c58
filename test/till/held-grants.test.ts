import { afterAll, describe, expect, test } from 'vitest';
import { aTill, aRecord, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

const LATER_MS = 10_000;

/** A till that has seen its member online, so that it holds points for them. */
async function tillThatHolds(): Promise<TestTill> {
  const till = await aTill();
  till.server.givesHeld = true;
  till.member();
  await till.scanCard();
  await till.time.advance(LATER_MS);
  return till;
}

async function goOffline(till: TestTill): Promise<void> {
  till.server.up = false;
  await till.time.advance(LATER_MS);
  expect(till.state().link.state).toBe('offline');
}

const heldGrants = (till: TestTill): readonly { amount: number; spent: number; state: string }[] =>
  till.database.read.openGrants().filter(({ purpose }) => purpose === 'held');

const kinds = (till: TestTill): string[] => till.bodies().map(({ kind }) => kind);

describe('points held for later', () => {
  test('a member who is seen online can spend here when the server is gone', async () => {
    const till = await tillThatHolds();
    expect(heldGrants(till)).toMatchObject([{ spent: 0, state: 'accepted' }]);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await goOffline(till);
    expect(till.state().offers.find(({ reward }) => reward === 'ten-off')).toMatchObject({
      state: 'available',
    });
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual({ outcome: 'done' });
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
    expect(till.bodies().findLast(({ kind }) => kind === 'redeem')).toMatchObject({
      points: 100,
      grant: 'g1',
    });
    expect(heldGrants(till)).toMatchObject([{ spent: 100, state: 'accepted' }]);
    await till.close();
  });

  test('offline the strip says what can be spent here, beside what there is and how old that is', async () => {
    const till = await aTill();
    till.server.givesHeld = true;
    const points = { programme: 'points', posted: 3000, pending: 0, available: 3000, version: 3 };
    till.member(aRecord({ balances: [points] }));
    await till.scanCard();
    await till.time.advance(LATER_MS);
    const balance = () => till.state().member?.balances[0];
    const held = heldGrants(till)[0]?.amount ?? 0;
    expect(held).toBeGreaterThan(0);
    expect(till.state().member?.asOfMs).toBeNull();
    expect(balance()).toMatchObject({ posted: 3000, available: 3000, spendableHere: 3000 });
    await goOffline(till);
    expect(till.state().member?.asOfMs).not.toBeNull();
    expect(balance()).toMatchObject({ posted: 3000, available: 3000, spendableHere: held });
    await till.close();
  });

  test('what is held stays held when the reward is taken off or the basket is cleared', async () => {
    const till = await tillThatHolds();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toEqual({ outcome: 'done' });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    expect(await till.call['basket.clear'](null)).toEqual({ outcome: 'done' });
    expect(kinds(till).filter((kind) => kind === 'grant-close')).toEqual([]);
    expect(heldGrants(till)).toMatchObject([{ spent: 0 }]);
    await till.close();
  });

  test('nothing more can be spent offline than is held, and the offer says how much that is', async () => {
    const till = await tillThatHolds();
    await goOffline(till);
    const before = heldGrants(till)[0]?.amount ?? 0;
    for (let sales = 0; sales * 100 + 100 <= before; sales += 1) {
      await till.scanCard();
      await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
      await till.call['reward.toggle']({ reward: 'ten-off' });
      const { saleId } = till.state().basket;
      await till.call['sale.settle']({ saleId, tender: 'cash' });
      await till.time.advance(LATER_MS);
    }
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(till.state().offers.find(({ reward }) => reward === 'ten-off')).toMatchObject({
      state: 'unavailable',
    });
    const spent = till
      .bodies()
      .reduce((sum, body) => (body.kind === 'redeem' ? sum + body.points : sum), 0);
    expect(spent).toBe(before);
    await till.close();
  });

  test('the server asks it back with the next answer, and the till closes it in the journal', async () => {
    const till = await tillThatHolds();
    till.server.recalled.add('g1');
    await till.time.advance(LATER_MS);
    expect(till.bodies().at(-1)).toEqual({
      kind: 'grant-close',
      grant: 'g1',
      reason: 'revoked',
    });
    expect(till.server.open.has('g1')).toBe(false);
    await till.close();
  });

  test('what the open sale spends is not given back until the sale is over', async () => {
    const till = await tillThatHolds();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['reward.toggle']({ reward: 'ten-off' });
    till.server.recalled.add('g1');
    till.server.givesHeld = false;
    await till.time.advance(LATER_MS);
    expect(till.server.open.has('g1')).toBe(true);
    const { saleId } = till.state().basket;
    await till.call['sale.settle']({ saleId, tender: 'cash' });
    await till.time.advance(LATER_MS);
    expect(till.bodies()).toContainEqual({ kind: 'grant-close', grant: 'g1', reason: 'revoked' });
    expect(till.server.open.has('g1')).toBe(false);
    await till.close();
  });

  test('a lease that is over is closed by the till itself, even offline, whatever the wall clock says', async () => {
    const till = await tillThatHolds();
    till.server.givesHeld = false;
    await goOffline(till);
    till.time.setWall(till.time.clock.wallMs() - 3_600_000);
    await till.time.advance(1_000_000);
    expect(till.bodies()).toContainEqual({
      kind: 'grant-close',
      grant: 'g1',
      reason: 'lease-over',
    });
    expect(heldGrants(till)).toEqual([]);
    await till.close();
  });

  test('survives a crash with the till, and can be spent offline afterwards', async () => {
    const till = await tillThatHolds();
    till.server.up = false;
    await till.close();
    const again = await till.restart();
    expect(heldGrants(again)).toMatchObject([{ state: 'accepted', spent: 0 }]);
    await again.scanCard();
    await again.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(await again.call['reward.toggle']({ reward: 'ten-off' })).toEqual({ outcome: 'done' });
    await again.close();
  });

  test('a till the server gave up spends nothing of it any more', async () => {
    const till = await tillThatHolds();
    till.server.intercept = (name) =>
      name === 'pull' || name === 'push' || name === 'hello'
        ? { ok: true, value: { outcome: 'fenced' } }
        : null;
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.time.advance(LATER_MS * 10);
    expect(till.state().link.state).toBe('stopped');
    expect(await till.call['reward.toggle']({ reward: 'ten-off' })).toMatchObject({
      outcome: 'refused',
    });
    await till.close();
  });

  test('somebody with little gets none of it set aside', async () => {
    const till = await aTill();
    till.server.givesHeld = true;
    till.member(
      aRecord({
        balances: [{ programme: 'points', posted: 1, pending: 0, available: 1, version: 3 }],
      }),
    );
    await till.scanCard();
    await till.time.advance(LATER_MS);
    expect(heldGrants(till)).toEqual([]);
    expect(till.server.calls.some(({ name }) => name === 'grant')).toBe(false);
    await till.close();
  });
});

describe('a restored server', () => {
  test('is joined by a till that only reads: it says HELLO, sends profiles again and forgets versions', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.time.advance(LATER_MS);
    till.server.epoch = 2;
    await till.time.advance(LATER_MS);
    expect(till.database.read.syncState().epoch).toBe(2);
    const hellos = till.server.calls.filter(({ name }) => name === 'hello');
    expect(hellos.at(-1)?.input).toMatchObject({ epochSeen: 2, settled: true });
    const balance = till.database.read.member('m-ayse')?.balances[0];
    expect(balance?.version).toBe(-1);
    await till.close();
  });
});

test('a question whose points others hold is asked again until they gave them back', async () => {
  const till = await aTill();
  till.member();
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  let recalls = 0;
  const isForSale = (name: string, input: unknown): boolean =>
    name === 'grant' && JSON.stringify(input).includes('"sale"');
  till.server.intercept = (name, input) => {
    if (!isForSale(name, input) || recalls >= 2) return null;
    recalls += 1;
    return { ok: true, value: { outcome: 'refused', code: 'recalled', available: 0 } };
  };
  const tapped = till.call['reward.toggle']({ reward: 'ten-off' });
  await till.time.advance(2000);
  expect(await tapped).toEqual({ outcome: 'done' });
  const asked = till.server.calls.filter(({ name, input }) => isForSale(name, input));
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ input }) => JSON.stringify(input))).size).toBe(1);
  await till.close();
});
