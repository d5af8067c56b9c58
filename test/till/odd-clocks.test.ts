import { afterAll, describe, expect, test } from 'vitest';
import { aTill, removeFolders } from './support/a-till.ts';
import { soldTo, takeBack } from './support/a-sale.ts';
import { fakeServer } from './support/fake-server.ts';
import { fakeTime, NOON_MS } from './support/fake-time.ts';

afterAll(removeFolders);

describe('a till whose clock went wrong', () => {
  test.each([
    ['at the beginning of all clocks', 0],
    ['ten years ahead', NOON_MS + 3_652 * 86_400_000],
    ['in the last hour of the year 9999', Date.UTC(9999, 11, 31, 23)],
    ['beyond the year 9999', Date.UTC(10_000, 5, 1)],
  ])('%s sells, takes back, closes its day, and goes on when it is right', async (_when, atMs) => {
    const till = await aTill();
    await soldTo(till);
    till.time.setWall(atMs);
    await till.time.advance(40_000);
    const { receipt } = await soldTo(till, 3000, 'ten-off');
    await takeBack(till, receipt, 1000);
    await till.call['basket.add-product']({ sku: 'coffee', quantityMilli: 1000 });
    expect(await till.call['sale.park'](null)).toEqual({ outcome: 'done' });
    const close = { countedMinor: 100, floatMinor: null };
    expect(await till.call['shift.close'](close)).toMatchObject({ outcome: 'closed' });
    await till.close();

    const right = await till.restart();
    right.time.setWall(NOON_MS + 3_600_000);
    await right.time.advance(40_000);
    const [parked] = right.state().parked;
    expect(await right.call['sale.recall']({ sale: parked?.sale ?? '' })).toEqual({
      outcome: 'done',
    });
    await right.call['basket.clear'](null);
    await soldTo(right);
    expect(right.entries().at(-1)?.day).toBe('2026-11-21');
    await right.close();
  });

  test.each([
    ['an hour behind', -3_600_000],
    ['ten years ahead', 3_652 * 86_400_000],
  ])('%s from its start says so once it hears the server, until it is right', async (_how, off) => {
    const time = fakeTime(NOON_MS + off);
    const server = fakeServer();
    server.nowMs = NOON_MS;
    server.up = false;
    const till = await aTill({ time, server });
    await time.advance(4000);
    expect(till.state().link.isClockWrong).toBe(false);
    server.up = true;
    await time.advance(20_000);
    expect(till.state().link).toMatchObject({ state: 'online', isClockWrong: true });
    server.up = false;
    await soldTo(till);
    await time.advance(20_000);
    expect(till.state().link).toMatchObject({ state: 'offline', isClockWrong: true });
    server.up = true;
    time.setWall(NOON_MS + 60_000);
    await time.advance(60_000);
    expect(till.state().link).toMatchObject({ state: 'online', isClockWrong: false });
    await till.close();
  });

  test('a minute off is nothing to speak of; set wrong while it runs, it says so', async () => {
    const time = fakeTime();
    const server = fakeServer();
    server.nowMs = NOON_MS + 60_000;
    const till = await aTill({ time, server });
    await time.advance(4000);
    expect(till.state().link).toMatchObject({ state: 'online', isClockWrong: false });
    time.setWall(NOON_MS - 3_600_000);
    await time.advance(40_000);
    expect(till.state().link).toMatchObject({ state: 'online', isClockWrong: true });
    await till.close();
  });
});
