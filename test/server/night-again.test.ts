import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openNightShop, type NightShop } from './support/night-shop.ts';

await describeOnBoth('a night that finds what an earlier one left', (open) => {
  let shop: NightShop;

  beforeEach(async () => {
    shop = await openNightShop(await open());
  });
  afterEach(() => shop.server.app.close());

  test('writes off what came for somebody erased after another store’s night of that day', async () => {
    const { server } = shop;
    await shop.setShop({});
    await shop.setShop({}, { store: 'second', storeName: 'Second', cutOverHour: 8 });
    expect(await shop.nightsAt('2026-11-19T12:00:00Z')).toEqual([]);
    await shop.sell('anna', '2026-11-20', 100, null);
    expect(await shop.nightsAt('2026-11-20T12:00:00Z')).toEqual([]);
    const order = { tenant: DEMO_TENANT, member: 'anna', day: '2026-11-20', by: 'operator' };
    await server.executor.execute<'erase'>({ kind: 'erase', nowMs: server.nowMs, ...order });
    expect(await shop.nightsAt('2026-11-21T05:00:00+03:00')).toEqual([]);
    expect(await shop.posted('anna')).toBe(0);
    await shop.sell('anna', '2026-11-20', 50, null);
    expect(await shop.posted('anna')).toBe(50);
    expect(await shop.nightsAt('2026-11-21T09:00:00+03:00')).toEqual([]);
    expect(await shop.posted('anna')).toBe(0);
  });

  test('takes what a till held when an idle account ended, once the till gave it back', async () => {
    const { till } = shop;
    const span = { count: 1, unit: 'day' } as const;
    const expiry = { kind: 'inactivity', span, activity: ['earn', 'redeem'] } as const;
    await shop.setShop({ autoRedeem: null, expiry: { ...expiry, activity: [...expiry.activity] } });
    await shop.sell('anna', '2026-11-17', 40, null);
    await shop.sell('anna', '2026-11-18', 100, null);
    const granted = await till.grant('anna', 30, '0190a1b2-0000-4000-8000-000000000001');
    if (granted.outcome !== 'granted') throw new Error('no grant');
    await shop.nightOf('2026-11-21');
    expect(await shop.posted('anna')).toBe(30);
    const { grant } = granted.grant;
    const closed = { ...body.close(grant), reason: 'restart' } as const;
    const from = till.journal.head.seq + 1;
    till.journal.append(txOf(100), body.accept(grant, 'anna', 30), closed);
    await till.push(from);
    await shop.nightOf('2026-11-22');
    expect(await shop.posted('anna')).toBe(0);
  });
});
