import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeOnBoth } from './support/databases.ts';
import { midnight, openNightShop, type NightShop } from './support/night-shop.ts';

/** Can's, the demo shop's manager. */
const PIN = '1470';
const name = { en: 'Name' };

await describeOnBoth('the night of whoever was joined with another', (open) => {
  let shop: NightShop;

  beforeEach(async () => {
    shop = await openNightShop(await open());
  });
  afterEach(() => shop.server.app.close());

  const join = async (from: string, into: string): Promise<void> => {
    const ask = { from, into, pin: PIN };
    expect(await shop.till.call('manager.merge', { by: 'cashier-deniz', ask })).toMatchObject({
      outcome: 'answered',
    });
  };
  test('does not take again what had ended before', async () => {
    await shop.setShop({ autoRedeem: null });
    await shop.sell('old', '2026-11-18', 100, midnight('2026-11-21'));
    await shop.sell('new', '2026-11-18', 500, null);
    await shop.sell('new', '2026-11-18', 10, midnight('2026-11-25'));
    await shop.nightOf('2026-11-21');
    expect([await shop.posted('old'), await shop.posted('new')]).toEqual([0, 510]);
    await join('old', 'new');
    await shop.nightOf('2026-11-25');
    expect(await shop.posted('new')).toBe(500);
    await shop.nightOf('2026-11-26');
    expect(await shop.posted('new')).toBe(500);
  });

  test('takes what ends later of a lot that was in part taken before', async () => {
    await shop.setShop({ autoRedeem: null });
    await shop.sell('old', '2026-11-18', 100, midnight('2026-11-25'));
    await shop.sell('new', '2026-11-18', 50, null);
    await join('old', 'new');
    await shop.nightOf('2026-11-25');
    expect(await shop.posted('new')).toBe(50);
    await shop.sell('third', '2026-11-25', 5, null);
    await join('new', 'third');
    await shop.nightOf('2026-11-26');
    expect(await shop.posted('third')).toBe(55);
  });

  test('gives a reward by itself although both had theirs before', async () => {
    const value = { kind: 'fixed', amountMinor: 500 } as const;
    await shop.setShop({
      rewards: [{ id: 'coupon', name, costPoints: 100, value }],
      autoRedeem: { reward: 'coupon', atPoints: 100 },
    });
    await shop.sell('old', '2026-11-18', 100, midnight('2026-11-25'));
    await shop.sell('new', '2026-11-18', 100, midnight('2026-11-25'));
    await shop.nightOf('2026-11-19');
    expect([await shop.posted('old'), await shop.posted('new')]).toEqual([0, 0]);
    await join('old', 'new');
    await shop.sell('new', '2026-11-20', 199, null);
    await shop.nightOf('2026-11-21');
    expect(await shop.posted('new')).toBe(99);
    // Nothing that was spent ends as if it had not been.
    await shop.nightOf('2026-11-25');
    expect(await shop.posted('new')).toBe(99);
  });
});
