import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { carryOut, OrderRefused, readOrders, type Orders } from '#server/orders.ts';
import { startServer, type RunningServer } from '#server/start.ts';
import { openPglite } from '#server/database/pglite.ts';
import { migrate } from '#server/database/migrate.ts';
import { aFolder, removeFolders } from '#test/till/support/a-till.ts';
import { body, NOON_MS, txOf } from '#test/journal/support/test-till.ts';
import { granted, openShopServer } from './support/shop-server.ts';

afterAll(removeFolders);

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

function start(directory: string, orders: Orders): Promise<RunningServer> {
  return startServer({
    directory,
    databaseUrl: null,
    host: '127.0.0.1',
    port: 0,
    demo: true,
    shopFile: null,
    pairingCode: null,
    orders,
    log: quiet,
    onBroken: () => {},
  });
}

test('a lost till is given up by two people: its grants go back, its entries stay with it', async () => {
  const database = await openPglite(null);
  await migrate(database);
  const server = await openShopServer(database);
  const [lost, other] = [await server.join('Lost'), await server.join('Other')];
  const request = '0190a1b2-0000-4000-8000-000000000001';
  const grant = granted(await lost.grant('sample-1', 300, request));
  lost.journal.append(txOf(1), body.accept(grant.grant, 'sample-1', 300));
  await lost.push();
  const free = async (): Promise<number | undefined> =>
    (
      await database.query<{ free: number }>(
        `select posted - granted as free from account where owner = 'sample-1'`,
      )
    )[0]?.free;
  const before = (await free()) ?? 0;

  const orders = readOrders({ restored: false, fence: lost.till, by: ['mia', 'noah'] });
  await carryOut(orders, database, server.executor, NOON_MS);
  expect(await free()).toBe(before + 300);
  lost.journal.append(txOf(2), body.sale(2, null));
  expect(await lost.push(2)).toEqual({ outcome: 'fenced' });
  expect(await lost.grant('sample-1', 10, request.replace(/1$/, '2'))).toMatchObject({
    outcome: 'refused',
    code: 'fenced',
  });
  const noted = await database.query<{ code: string; params: object }>(
    'select code, params from posting_exception where till = $1 order by code',
    [lost.till],
  );
  expect(noted).toMatchObject([
    { code: 'grant-written-off', params: { points: 300, member: 'sample-1' } },
    { code: 'till-fenced', params: { by: 'mia', and: 'noah', exposure: 300 } },
  ]);
  await expect(carryOut(orders, database, server.executor, NOON_MS)).rejects.toThrow(OrderRefused);
  expect((await other.grant('sample-1', 1, request)).outcome).toBe('granted');
  await server.app.close();
  await database.close();
});

test('a restored server grants nothing until its tills have said HELLO in its new life', async () => {
  const database = await openPglite(null);
  await migrate(database);
  const server = await openShopServer(database);
  const till = await server.join('Front');
  const { executor } = server;
  await carryOut({ restored: true, fence: null }, database, executor, NOON_MS);
  const request = '0190a1b2-0000-4000-8000-000000000001';
  expect(await till.grant('sample-1', 10, request)).toMatchObject({ code: 'recovering' });
  const hello = {
    inc: 1,
    headSeq: 0,
    headHash: '0'.repeat(64),
    epochSeen: 1,
    settled: true,
    app: 'test',
    wallMs: NOON_MS,
  };
  const told = await till.call('hello', hello);
  if (told.outcome !== 'epoch') throw new Error(`not told: ${told.outcome}`);
  expect(told.epoch).not.toBe(1);
  expect(await till.call('hello', { ...hello, epochSeen: told.epoch })).toMatchObject({
    outcome: 'acknowledged',
    epoch: told.epoch,
  });
  expect((await till.grant('sample-1', 10, request)).outcome).toBe('granted');
  await server.app.close();
  await database.close();
});

test('orders are read from the command line, and half an order is refused in words', async () => {
  expect(readOrders({ restored: true, fence: undefined, by: undefined })).toEqual({
    restored: true,
    fence: null,
  });
  for (const by of [undefined, ['mia'], ['mia', 'mia'], ['mia', 'noah', 'zoe']]) {
    expect(() => readOrders({ restored: false, fence: 'till_1', by })).toThrow('two different');
  }
  const directory = join(aFolder(), 'server');
  const unknown: Orders = { restored: false, fence: { till: 'nobody', by: ['mia', 'noah'] } };
  await (await start(directory, { restored: true, fence: null })).stop();
  await expect(start(directory, unknown)).rejects.toThrow('There is no till nobody');
});

test('a person is erased by two orders: the first says what would go, the second repeats its word', async () => {
  const database = await openPglite(null);
  await migrate(database);
  const server = await openShopServer(database);
  const { executor } = server;
  const order = (text: {
    readonly erase?: string;
    readonly confirm?: string;
    readonly by?: string[];
  }) =>
    carryOut(
      readOrders({ restored: false, fence: undefined, by: undefined, ...text }),
      database,
      executor,
      NOON_MS,
    );
  const erase = 'sample-1';
  expect(() =>
    readOrders({ restored: false, fence: undefined, by: undefined, confirm: 'A' }),
  ).toThrow('--confirm belongs to --erase');
  expect(() =>
    readOrders({ restored: false, fence: undefined, by: undefined, erase, confirm: 'A' }),
  ).toThrow('--by PERSON once');
  expect(() => readOrders({ restored: false, fence: 't', by: ['mia'], erase })).toThrow(
    'one at a time',
  );
  await expect(order({ erase: 'nobody' })).rejects.toThrow('There is no member nobody');

  const asked = await order({ erase }).catch((error: unknown) => error);
  expect(asked).toBeInstanceOf(OrderRefused);
  const text = String(asked);
  expect(text).toContain('Nothing was erased yet');
  expect(text).not.toContain('Ayşe');
  const [, confirm = ''] = /--confirm ([0-9A-F]{6})/.exec(text) ?? [];
  await expect(order({ erase, confirm: '000000', by: ['mia'] })).rejects.toThrow(
    'the word was not',
  );
  const status = () => database.query(`select status from member where member = $1`, [erase]);
  expect(await status()).toEqual([{ status: 'active' }]);
  await order({ erase, confirm, by: ['mia'] });
  expect(await status()).toEqual([{ status: 'erased' }]);
  expect(await database.query('select member, by from erasure')).toEqual([
    { member: erase, by: 'mia' },
  ]);
  await order({ erase, confirm, by: ['mia'] });
  await server.app.close();
  await database.close();
});
