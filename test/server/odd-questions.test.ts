import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '#server/database/migrate.ts';
import { openPglite } from '#server/database/pglite.ts';
import { TODAY } from '#test/journal/support/test-till.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

let server: ShopServer;
let till: WireTill;
beforeAll(async () => {
  const database = await openPglite(null);
  await migrate(database);
  server = await openShopServer(database);
  till = await server.join('Front');
});
afterAll(async () => {
  await server.app.close();
  await server.database.close();
});

describe('a question', () => {
  const by = 'c-deniz';
  const figure = { kind: 'figure', figure: 'sales', store: null, till: null, cashier: null };
  const hour = { ...figure, programme: null, from: '0000-01-01', through: '9999-12-31', hour: 3 };
  const days = { from: '2026-01-01', through: '2026-01-02' };
  test.each([
    ['day', { day: '0000-01-01' }],
    ['day', { day: '9999-12-31' }],
    ['day', { day: TODAY, through: '9999-12-31' }],
    ['find-programme', { programme: 'points', version: 2 ** 40 }],
    ['own-entries', { inc: 2 ** 40, after: 0, limit: 1 }],
    ['manager.entries', { by, ask: { filter: hour, cursor: null } }],
    ['manager.loyalty', { by, ask: { from: '0000-01-01', through: '0000-01-03' } }],
  ])('for what cannot be is refused: %s %j', async (call, input) => {
    expect(await till.send(call, JSON.stringify(input))).toEqual({
      status: 400,
      body: { code: 'bad-input' },
    });
  });

  test.each([
    ['day', { day: '1000-01-01', through: '1000-12-31' }],
    ['day', { day: '9000-12-31' }],
    ['manager.loyalty', { by, ask: { from: '1000-01-01', through: '9000-12-31' } }],
    [
      'manager.group',
      {
        by,
        ask: { from: '1000-01-01', through: '1000-01-01', group: 'coupon-back', cursor: null },
      },
    ],
  ])('for the first and the last day there can be is answered: %s %j', async (call, input) => {
    expect(await till.send(call, JSON.stringify(input))).toMatchObject({ status: 200 });
  });

  const member = { kind: 'member', member: 'nobody' };
  test.each([
    ['manager.members', { text: '' }],
    ['manager.exceptions', { settled: false }],
    ['manager.entries', { filter: member }],
    ['manager.group', { ...days, group: 'buyers' }],
  ])('for a page that no page leads to is answered with the first: %s', async (call, ask) => {
    const first = await till.send(call, JSON.stringify({ by, ask: { ...ask, cursor: null } }));
    expect(first).toMatchObject({ status: 200, body: { outcome: 'answered' } });
    for (const cursor of ['x', '1e99\nq', 'x\ny', '99999999999999999999999', '-5', '7\n']) {
      const answer = await till.send(call, JSON.stringify({ by, ask: { ...ask, cursor } }));
      expect({ cursor, answer }).toEqual({ cursor, answer: first });
    }
  });
});
