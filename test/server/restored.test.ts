import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyncOutput } from '#contract/sync.ts';
import type { Database } from '#server/database/database.ts';
import { renumberFeed } from '#server/database/migrate.ts';
import { DEMO_STORE, DEMO_TENANT, demoShop } from '#server/demo/demo.ts';
import { carryOut } from '#server/orders.ts';
import { managerProof } from '#server/setup/manager-pin.ts';
import { readShop } from '#server/shop.ts';
import { body, NOON_MS, PROGRAMME, txOf } from '#test/journal/support/test-till.ts';
import { describeOnBoth } from './support/databases.ts';
import { openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

/** Can's, the demo shop's manager. */
const PIN = '1470';

await describeOnBoth('a backup that is put back', (open) => {
  let database: Database;
  let server: ShopServer;
  let till: WireTill;

  beforeAll(async () => {
    database = await open();
    server = await openShopServer(database);
    till = await server.join('Front');
  });
  afterAll(() => server.app.close());

  const pulled = async (cursor: string | null): Promise<SyncOutput<'pull'>> =>
    till.call('pull', { cursor, limit: 500 });
  const membersIn = (page: SyncOutput<'pull'>): readonly string[] =>
    page.changes.flatMap((change) => (change.kind === 'member' ? [change.record.member] : []));
  const configIn = (page: SyncOutput<'pull'>) =>
    page.changes.flatMap((change) => (change.kind === 'config' ? [change.config] : []))[0];

  test('tells tills of everything where it came from a PostgreSQL that had counted further', async () => {
    till.journal.append(txOf(1), body.enrol('moved'));
    await till.push();
    const before = await pulled(null);
    // What a dump brings to a new server: the numbers that another one gave its transactions.
    await database.query(
      `update feed set xid = ((xid::text)::bigint + 1000000)::text::xid8 where subject <> 'sample-1'`,
    );
    await renumberFeed(database);
    const after = await pulled(before.cursor);
    expect(membersIn(after)).toEqual(expect.arrayContaining(['moved', 'sample-1', 'sample-2']));
    expect(configIn(after)).toMatchObject({ tills: [{ name: 'Front' }] });
    till.journal.append(txOf(2), body.enrol('newer'));
    await till.push(2);
    expect(membersIn(await pulled(after.cursor))).toEqual(['newer']);
    await renumberFeed(database);
    expect(membersIn(await pulled(after.cursor))).toEqual(['newer']);
  });

  const chooses = async (basePoints: string): Promise<void> => {
    const done = await server.executor.execute<'programmes'>({
      kind: 'programmes',
      nowMs: server.nowMs,
      tenant: DEMO_TENANT,
      store: DEMO_STORE,
      pinProof: (await managerProof(database, DEMO_TENANT, DEMO_STORE, PIN)) ?? [],
      choice: { preset: 'stamps', knobs: {} },
      programmes: demoShop().programmes.map((programme) => ({
        ...programme,
        name: { ...programme.name, en: basePoints },
      })),
      products: [],
      dropSkus: [],
    });
    expect(done.outcome).toBe('done');
  };

  test('gives what the manager changes afterwards to tills that know what was lost', async () => {
    const kept = await database.query<{ version: number; config: string }>(
      'select version, config::text as config from store',
    );
    await chooses('Lost');
    const lost = configIn(await pulled(null));
    await database.query('update store set version = $1, config = $2::jsonb', [
      kept[0]?.version ?? 0,
      kept[0]?.config ?? '',
    ]);
    await database.query(
      `delete from programme_version where document -> 'name' ->> 'en' = 'Lost'`,
    );
    await carryOut({ restored: true, fence: null }, database, server.executor, NOON_MS);
    const again = await readShop(database, DEMO_TENANT, DEMO_STORE);
    // A till takes what is newer than what it has.
    expect(again?.version).toBeGreaterThan(lost?.version ?? Number.NaN);
    await chooses('Chosen again');
    const next = await readShop(database, DEMO_TENANT, DEMO_STORE);
    expect(next?.version).toBeGreaterThan(again?.version ?? Number.NaN);
    const versionIn = (config: typeof lost | null) =>
      config?.programmes.find(({ id }) => id === PROGRAMME)?.version;
    // Sales were made under the lost one: no other programme may have its number.
    expect(versionIn(next)).toBeGreaterThan(versionIn(lost) ?? Number.NaN);
  });
});
