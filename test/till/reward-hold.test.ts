import { afterAll, describe, expect, test } from 'vitest';
import { stampsPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme, type ProgrammeDocument } from '#loyalty/programme.ts';
import { ok } from '#loyalty/result.ts';
import { chooseBack } from './support/a-sale.ts';
import { aConfig, aRecord, aTill, removeFolders, type TestTill } from './support/a-till.ts';

afterAll(removeFolders);

const DONE = { outcome: 'done' };
const withRewards = (rewards: ProgrammeDocument['rewards'], version = 1) =>
  programme.parse({ ...pointsPreset, version, rewards });

const fixed = (costPoints: number, amountMinor: number) => ({
  id: 'off',
  name: { en: 'Off' },
  costPoints,
  value: { kind: 'fixed' as const, amountMinor },
});
const freeCoffee = {
  id: 'free-coffee',
  name: { en: 'Free coffee' },
  costPoints: 100,
  value: { kind: 'product' as const, skus: ['coffee'], units: 1 },
  mostPerSale: null,
};

/** What the sale took, beside what was set aside for it. */
function taken(till: TestTill): { readonly spent: number[]; readonly setAside: number[] } {
  const bodies = till.bodies();
  return {
    spent: bodies.flatMap((body) => (body.kind === 'redeem' ? [body.points] : [])),
    setAside: bodies.flatMap((body) => (body.kind === 'grant-accept' ? [body.amount] : [])),
  };
}

async function begun(
  rewards: ProgrammeDocument['rewards'],
  quantityMilli = 1000,
): Promise<TestTill> {
  const till = await aTill({ config: aConfig({ programmes: [withRewards(rewards)] }) });
  till.member();
  await till.time.advance(2000);
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli });
  return till;
}

async function settle(till: TestTill): Promise<unknown> {
  const { saleId } = till.state().basket;
  return till.call['sale.settle']({ saleId, tender: 'cash' });
}

/** What a server says to a till that two people gave up. */
const fenced: TestTill['server']['intercept'] = (name) =>
  name === 'pull' || name === 'push' || name === 'hello' ? ok({ outcome: 'fenced' }) : null;

describe('a reward on the sale takes what was set aside for it, and no more', () => {
  test('a fixed amount that may be taken several times, and a basket that grows', async () => {
    const till = await begun([{ ...fixed(100, 3000), mostPerSale: 5 }]);
    await till.call['reward.toggle']({ reward: 'off' });
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 1000 });
    expect(till.state().basket).toMatchObject({ discountMinor: 6000 });
    expect(await settle(till)).toEqual(DONE);
    expect(taken(till)).toEqual({ spent: [200], setAside: [200] });
    await till.close();
  });

  test('a free coffee each, and another coffee after the tap; tapped again it takes both', async () => {
    const till = await begun([freeCoffee]);
    await till.call['reward.toggle']({ reward: 'free-coffee' });
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    expect(till.state().basket).toMatchObject({ totalMinor: 10_000 });
    await till.call['reward.toggle']({ reward: 'free-coffee' });
    await till.call['reward.toggle']({ reward: 'free-coffee' });
    expect(till.state().basket).toMatchObject({ totalMinor: 0 });
    expect(await settle(till)).toEqual(DONE);
    expect(taken(till)).toEqual({ spent: [300], setAside: [100, 300] });
    await till.close();
  });

  test('the stamp card as it comes: a coffee on us, and another coffee', async () => {
    const stamps = programme.parse({ ...stampsPreset, currencies: ['TRY'] });
    const till = await aTill({ config: aConfig({ programmes: [stamps] }) });
    const balance = { programme: stamps.id, posted: 24, pending: 0, available: 24, version: 3 };
    till.member(aRecord({ balances: [balance] }));
    await till.time.advance(2000);
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.call['reward.toggle']({ reward: 'free' })).toEqual(DONE);
    expect(till.state().basket).toMatchObject({ totalMinor: 0 });
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(till.state().basket).toMatchObject({ totalMinor: 5000 });
    expect(await settle(till)).toEqual(DONE);
    expect(taken(till)).toEqual({ spent: [10], setAside: [10] });
    await till.close();
  });

  test('one that costs more from a version on that arrives meanwhile is taken off, and said so', async () => {
    const till = await begun([fixed(100, 1000)], 2000);
    expect(await till.call['reward.toggle']({ reward: 'off' })).toEqual(DONE);
    const dearer = withRewards([fixed(300, 1000)], 2);
    till.server.changes.push({
      kind: 'config',
      config: aConfig({ version: 2, programmes: [dearer] }),
    });
    await till.time.advance(10_000);
    expect(till.state()).toMatchObject({
      basket: { rewards: [], totalMinor: 10_000 },
      notice: { message: { code: 'reward-removed' } },
    });
    expect(till.server.open.size).toBe(0);
    expect(await settle(till)).toEqual(DONE);
    expect(taken(till)).toEqual({ spent: [], setAside: [100] });
    await till.close();
  });

  test('one that was free and costs points from now on is taken off as well', async () => {
    const till = await begun([fixed(0, 1000)], 2000);
    expect(await till.call['reward.toggle']({ reward: 'off' })).toEqual(DONE);
    expect(till.state().basket).toMatchObject({ totalMinor: 9000 });
    const dearer = withRewards([fixed(100, 1000)], 2);
    till.server.changes.push({
      kind: 'config',
      config: aConfig({ version: 2, programmes: [dearer] }),
    });
    await till.time.advance(10_000);
    expect(till.state().basket).toMatchObject({ rewards: [], totalMinor: 10_000 });
    expect(await settle(till)).toEqual(DONE);
    await till.close();
  });
});

test('what is no longer set aside is refused in words, and the sale stays', async () => {
  const till = await begun([fixed(100, 1000)], 2000);
  await till.call['reward.toggle']({ reward: 'off' });
  const [held] = till.database.read.openGrants();
  till.database.write((writes) => {
    if (held !== undefined) writes.saveGrant({ ...held, state: 'closed' });
  });
  expect(await settle(till)).toMatchObject({ refusal: { code: 'hold-too-small' } });
  expect(till.state().basket.lines).toHaveLength(1);
  await till.call['reward.toggle']({ reward: 'off' });
  expect(await settle(till)).toEqual(DONE);
  await till.close();
});

test('what was on the sale when the server gave this till up is not spent: it went back to its member', async () => {
  const till = await begun([fixed(100, 1000)], 2000);
  expect(await till.call['reward.toggle']({ reward: 'off' })).toEqual(DONE);
  till.server.intercept = fenced;
  await till.time.advance(20_000);
  expect(till.state().link).toMatchObject({ state: 'stopped', problem: 'fenced' });
  expect(await settle(till)).toMatchObject({ refusal: { code: 'hold-too-small' } });
  await till.call['reward.toggle']({ reward: 'off' });
  expect(till.state().basket).toMatchObject({ totalMinor: 10_000 });
  expect(await settle(till)).toEqual(DONE);
  expect(taken(till)).toMatchObject({ spent: [] });
  await till.close();
});

test('goods that points had paid for are not taken back at a till that the server gave up', async () => {
  const till = await begun([fixed(100, 1000)], 2000);
  await till.call['reward.toggle']({ reward: 'off' });
  const { saleId } = till.state().basket;
  expect(await settle(till)).toEqual(DONE);
  await till.time.advance(2000);
  till.server.intercept = fenced;
  await till.time.advance(20_000);
  const receipt = till.database.read.saleByTx(saleId)?.receipt ?? '';
  const returnId = await chooseBack(till, receipt, 1000);
  expect(await till.call['return.commit']({ returnId })).toMatchObject({
    refusal: { code: 'return-reaches-nobody' },
  });
  expect(till.bodies().some(({ kind }) => kind === 'return')).toBe(false);
  await till.close();
});

test('what is set aside for a sale that has nothing of it is given back by the next round', async () => {
  const till = await begun([fixed(100, 1000)], 2000);
  await till.call['reward.toggle']({ reward: 'off' });
  const [held] = till.database.read.openGrants();
  await till.call['reward.toggle']({ reward: 'off' });
  // As it is where the till could not write that it gave it back.
  till.database.write((writes) => {
    if (held !== undefined) writes.saveGrant(held);
  });
  expect(till.database.read.openGrants()).toHaveLength(1);
  await till.time.advance(5000);
  expect(till.database.read.openGrants()).toEqual([]);
  await till.call['reward.toggle']({ reward: 'off' });
  await till.time.advance(60_000);
  expect(till.database.read.openGrants()).toHaveLength(1);
  expect(till.state().basket).toMatchObject({ totalMinor: 9000 });
  await till.close();
});

test('what is offered can be had: points of the very sale cannot be set aside yet', async () => {
  const config = aConfig({
    programmes: [programme.parse({ ...pointsPreset, redemption: { ownSalePoints: 'current' } })],
  });
  const till = await aTill({ config });
  const balance = { programme: 'points', posted: 60, pending: 0, available: 60, version: 3 };
  till.member(aRecord({ balances: [balance] }));
  till.server.available = 60;
  await till.time.advance(2000);
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 3000 });
  expect(till.state().offers.find(({ reward }) => reward === 'ten-off')).toMatchObject({
    state: 'unavailable',
    reason: { code: 'not-enough-points', params: { missing: 40 } },
  });
  for (const { reward } of till.state().offers.filter(({ state }) => state === 'available')) {
    expect(await till.call['reward.toggle']({ reward })).toEqual(DONE);
  }
  await till.close();
});
