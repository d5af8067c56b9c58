import { afterAll, describe, expect, test } from 'vitest';
import { walletPreset } from '#loyalty/presets/generic.ts';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { err } from '#loyalty/result.ts';
import { chooseBack, takeBack } from './support/a-sale.ts';
import { aConfig, aRecord, aTill, bora, removeFolders, type TestTill } from './support/a-till.ts';
import { here } from './support/gift-card.ts';

afterAll(removeFolders);

const config = aConfig({ programmes: [here(pointsPreset), here(walletPreset)] });

/** Sells two coffees for 100.00, 60.00 of it from the member's wallet; the receipt. */
async function soldByWallet(till: TestTill): Promise<string> {
  const balances = [{ programme: 'wallet', posted: 6000, pending: 0, available: 6000, version: 3 }];
  till.server.available = 6000;
  till.member(aRecord({ balances }));
  await till.scanCard();
  await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
  await till.call['reward.toggle']({ reward: 'wallet', programme: 'wallet' });
  const { saleId, dueMinor } = till.state().basket;
  expect(dueMinor).toBe(4000);
  expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
  await till.time.advance(2000);
  return till.database.read.saleByTx(saleId)?.receipt ?? '';
}

const gone = { version: 99, status: 'erased', displayName: null, language: '' } as const;
const erase = async (till: TestTill, whom = aRecord()): Promise<void> => {
  till.server.changes.push({
    kind: 'member',
    record: { ...whom, ...gone, identifiers: [], balances: [] },
  });
  await till.time.advance(10_000);
};

const refunds = (till: TestTill) =>
  till.bodies().flatMap((body) => (body.kind === 'return' ? [body.refundMinor] : []));
const backInWallets = (till: TestTill) =>
  till
    .bodies()
    .flatMap((body) => (body.kind === 'reverse' && body.of.type === 'redeem' ? [body.points] : []));

describe('goods that a wallet paid, brought back after its member was erased', () => {
  test('are paid back in money: nobody can spend from that wallet any more', async () => {
    const till = await aTill({ config });
    const receipt = await soldByWallet(till);
    await erase(till);
    const returnId = await chooseBack(till, receipt, 2000);
    expect(till.state().returning).toMatchObject({ refundMinor: 10_000, valueBackMinor: 0 });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(refunds(till)).toEqual([10_000]);
    expect(backInWallets(till)).toEqual([]);
    await till.close();
  });

  test('in parts, before and after: the parts make the whole', async () => {
    const till = await aTill({ config });
    const receipt = await soldByWallet(till);
    await takeBack(till, receipt, 1000);
    await erase(till);
    await takeBack(till, receipt, 500);
    await takeBack(till, receipt, 500);
    expect(refunds(till)).toEqual([2000, 2500, 2500]);
    expect(backInWallets(till)).toEqual([3000]);
    await till.close();
  });

  test('known by another reference, into which the member was merged', async () => {
    const till = await aTill({ config });
    const receipt = await soldByWallet(till);
    till.server.changes.push(
      { kind: 'member', record: bora },
      { kind: 'merge', from: 'm-ayse', into: 'm-bora' },
    );
    await till.time.advance(10_000);
    await erase(till, bora);
    await takeBack(till, receipt, 2000);
    expect(refunds(till)).toEqual([10_000]);
    await till.close();
  });

  test('while they are chosen: the cashier sees the new sum before it is paid', async () => {
    const till = await aTill({ config });
    const receipt = await soldByWallet(till);
    const returnId = await chooseBack(till, receipt, 2000);
    expect(till.state().returning).toMatchObject({ refundMinor: 4000, valueBackMinor: 6000 });
    await erase(till);
    expect(till.state().returning).toMatchObject({ refundMinor: 10_000, valueBackMinor: 0 });
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(refunds(till)).toEqual([10_000]);
    await till.close();
  });

  test('while the refund is under way: nothing is paid that the cashier has not seen', async () => {
    const till = await aTill({ config });
    const receipt = await soldByWallet(till);
    const returnId = await chooseBack(till, receipt, 2000);
    const { promise, resolve } = Promise.withResolvers<null>();
    till.server.intercept = (asked) =>
      asked === 'find-sale'
        ? promise.then(() => err({ code: 'unreachable', detail: 'no route' }))
        : null;
    const returning = till.call['return.commit']({ returnId });
    // What is taken off the open sale is sent at once, and the news comes with the answer.
    till.server.changes.push({
      kind: 'member',
      record: { ...aRecord(), ...gone, identifiers: [], balances: [] },
    });
    await till.call['basket.add-amount']({ amountMinor: 100, quantityMilli: 1000 });
    await till.call['basket.clear'](null);
    await till.time.advance(1000);
    expect(till.state().returning).toMatchObject({ refundMinor: 10_000 });
    resolve(null);
    expect(await returning).toMatchObject({ refusal: { code: 'return-changed' } });
    expect(refunds(till)).toEqual([]);
    expect(await till.call['return.commit']({ returnId })).toEqual({ outcome: 'done' });
    expect(refunds(till)).toEqual([10_000]);
    await till.close();
  });
});
