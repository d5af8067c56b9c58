import { afterEach, beforeEach, expect, test } from 'vitest';
import { NIGHTS_MAX } from '#server/night/nights.ts';
import { describeOnBoth } from './support/databases.ts';
import { midnight, openNightShop, type NightShop } from './support/night-shop.ts';

await describeOnBoth('nights and the server’s clock', (open) => {
  let shop: NightShop;

  beforeEach(async () => {
    shop = await openNightShop(await open());
    await shop.setShop({ autoRedeem: null });
    await shop.sell('anna', '2026-11-18', 100, null);
    expect(await shop.nightsAt('2026-11-19T06:00:00Z')).toEqual([]);
  });
  afterEach(() => shop.server.app.close());

  const days = async (): Promise<readonly string[]> => {
    const rows = await shop.server.database.query<{ day: string }>(
      'select day::text as day from night order by 1',
    );
    return rows.map(({ day }) => day);
  };

  test('go on once a clock that stood a year ahead was put right', async () => {
    await shop.sell('ben', '2027-11-19', 70, null);
    expect(await shop.nightsAt('2027-11-19T10:00:00Z')).toEqual([]);
    const ahead = await days();
    expect(ahead).toHaveLength(1 + NIGHTS_MAX);
    expect(await shop.nightsAt('2026-11-19T11:00:00Z')).toEqual([]);
    expect(await days()).toEqual(ahead);
    await shop.sell('cem', '2026-11-19', 50, midnight('2026-11-21'));
    expect(await shop.nightsAt('2026-11-20T06:00:00Z')).toEqual([]);
    expect(await shop.posted('cem')).toBe(50);
    expect(await shop.nightsAt('2026-11-21T06:00:00Z')).toEqual([]);
    expect(await shop.posted('cem')).toBe(0);
    expect(await days()).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', ...ahead.slice(1)]);
  });

  test('wait where the clock is ahead of the last night and of every sale', async () => {
    await shop.sell('ben', '2026-11-19', 70, midnight('2026-11-28'));
    const [said = '', ...more] = await shop.nightsAt('2026-12-20T06:00:00Z');
    expect(said).toContain('put the date of this computer right');
    expect(more).toEqual([]);
    expect(await shop.posted('ben')).toBe(70);
    expect(await shop.nightsAt('2026-11-20T06:00:00Z')).toEqual([]);
    expect(await days()).toEqual(['2026-11-19', '2026-11-20']);
  });

  test('catch up after a winter with the first sale', async () => {
    expect(await shop.nightsAt('2027-03-01T06:00:00Z')).toHaveLength(1);
    await shop.sell('ben', '2027-03-01', 10, null);
    expect(await shop.nightsAt('2027-03-01T10:00:00Z')).toEqual([]);
    expect(await days()).toHaveLength(1 + NIGHTS_MAX);
  });
});
