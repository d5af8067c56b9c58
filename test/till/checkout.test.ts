import { afterAll, describe, expect, test } from 'vitest';
import { pointsPreset } from '#loyalty/presets/points.ts';
import { programme } from '#loyalty/programme.ts';
import { aTill, CARD, removeFolders, aConfig } from './support/a-till.ts';

afterAll(removeFolders);

describe('settling a sale', () => {
  test('a known card is on the sale at once, with balance, worth and rewards', async () => {
    const till = await aTill();
    till.member();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.scanCard();
    const state = till.state();
    expect(state.member).toMatchObject({
      member: 'm-ayse',
      displayName: 'Ayşe K.',
      masked: `··${CARD.slice(-2)}`,
      proof: 'presented',
      state: 'known',
      asOfMs: null,
      balances: [
        {
          ...{ programme: 'points', posted: 800, pending: 0, available: 800 },
          ...{ spendableHere: 800, worthMinor: 8000 },
        },
      ],
    });
    expect(state.basket).toMatchObject({
      totalMinor: 10_000,
      claimable: false,
      earns: [{ points: 100 }],
    });
    expect(state.offers.find(({ reward }) => reward === 'ten-off')?.state).toBe('available');
    await till.close();
  });

  test('journal, receipt and next sale come from one settle', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({ outcome: 'done' });
    expect(till.devices.printed, 'printing waits until the answer is seen').toEqual([]);
    await till.time.settle();
    expect(till.bodies().map(({ kind }) => kind)).toEqual(['shift-open', 'sale', 'earn']);
    const state = till.state();
    expect(state.basket.saleId).not.toBe(saleId);
    expect(state.basket.lines).toEqual([]);
    expect(state.member).toBeNull();
    expect(state.lastSale).toMatchObject({
      saleId,
      kind: 'sale',
      totalMinor: 5000,
      earned: 50,
      balanceAfter: 850,
    });
    expect(till.devices.printed).toHaveLength(1);
    expect(till.devices.printed[0]?.document.openDrawer).toBe(true);
    expect(state.shift).toMatchObject({ sales: 1 });
    await till.close();
  });

  test('settling the same sale twice sells once, and another way of paying is refused', async () => {
    const till = await aTill();
    await till.call['basket.add-amount']({ amountMinor: 1840, quantityMilli: 1000 });
    const { saleId } = till.state().basket;
    const first = await till.call['sale.settle']({ saleId, tender: 'card' });
    const before = till.bodies().length;
    expect(await till.call['sale.settle']({ saleId, tender: 'card' })).toEqual(first);
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({
      outcome: 'refused',
      refusal: { code: 'sale-settled-otherwise', params: {} },
    });
    expect(till.bodies()).toHaveLength(before);
    await till.close();
  });

  test('an empty basket and a sale that is not open are refused', async () => {
    const till = await aTill();
    const { saleId } = till.state().basket;
    expect(await till.call['sale.settle']({ saleId, tender: 'cash' })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'basket-empty' },
    });
    expect(
      await till.call['sale.settle']({
        saleId: '0190aaaa-0000-7000-8000-000000000000',
        tender: 'cash',
      }),
    ).toMatchObject({ refusal: { code: 'sale-not-open' } });
    await till.close();
  });

  test('a sale without a member carries a claim code on its receipt', async () => {
    const till = await aTill();
    await till.call['basket.add-amount']({ amountMinor: 2000, quantityMilli: 1000 });
    const { basket } = till.state();
    expect(basket.claimable).toBe(true);
    await till.call['sale.settle']({ saleId: basket.saleId, tender: 'cash' });
    await till.time.settle();
    const qr = till.devices.printed[0]?.document.lines.find(({ kind }) => kind === 'qr');
    expect(qr).toMatchObject({ kind: 'qr' });
    expect(qr?.kind === 'qr' && qr.content).toMatch(/^R:[0-9A-Z]{9}$/);
    expect(qr?.kind === 'qr' && qr.caption).toContain('Claim these points');
    await till.close();
  });

  test('in Turkey a typed number earns nothing until it is proven, and the sale can be claimed', async () => {
    const till = await aTill({ config: aConfig({ market: 'TR' }) });
    till.member();
    await till.call['member.find']({ text: CARD });
    await till.time.settle();
    await till.call['basket.add-amount']({ amountMinor: 5000, quantityMilli: 1000 });
    const state = till.state();
    expect(state.member).toMatchObject({ proof: 'declared', state: 'waiting-for-proof' });
    expect(state.basket).toMatchObject({ earns: [], claimable: true });
    await till.call['sale.settle']({ saleId: state.basket.saleId, tender: 'cash' });
    expect(till.bodies().map(({ kind }) => kind)).toEqual(['shift-open', 'sale']);
    await till.close();
  });

  test('a killed till comes back with the same sale, member and notice', async () => {
    const till = await aTill();
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'cake', quantityMilli: 3000 });
    const before = till.state().basket;
    await till.close();
    const again = await till.restart();
    const state = again.state();
    expect(state.basket).toEqual(before);
    expect(state.member?.member).toBe('m-ayse');
    expect(state.notice?.message).toEqual({
      code: 'sale-still-here',
      params: { items: 1, name: 'Ayşe K.' },
    });
    await again.close();
  });

  test('a sum that changed since it was asked for is said, and nothing is settled', async () => {
    const tenOff = (amountMinor: number, version: number) =>
      programme.parse({
        ...pointsPreset,
        version,
        rewards: [
          {
            id: 'off',
            name: { en: 'Off' },
            costPoints: 100,
            value: { kind: 'fixed', amountMinor },
          },
        ],
      });
    const till = await aTill({ config: aConfig({ programmes: [tenOff(1000, 1)] }) });
    till.member();
    await till.scanCard();
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 2000 });
    await till.call['reward.toggle']({ reward: 'off' });
    const { saleId, dueMinor } = till.state().basket;
    expect(dueMinor).toBe(9000);
    till.server.changes.push({
      kind: 'config',
      config: aConfig({ version: 2, programmes: [tenOff(500, 2)] }),
    });
    await till.time.advance(10_000);
    const asked = { saleId, tender: 'cash', dueMinor } as const;
    expect(await till.call['sale.settle'](asked)).toMatchObject({
      refusal: { code: 'sale-changed', params: { dueMinor: 9500 } },
    });
    expect(till.database.read.saleByTx(saleId)).toBeNull();
    expect(await till.call['sale.settle']({ ...asked, dueMinor: 9500 })).toEqual({
      outcome: 'done',
    });
    // What was settled is settled: the same tap again is answered as before.
    expect(await till.call['sale.settle'](asked)).toEqual({ outcome: 'done' });
    await till.close();
  });
});
