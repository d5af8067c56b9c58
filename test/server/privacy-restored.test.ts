import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '#server/database/embedded.ts';
import { migrate } from '#server/database/migrate.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { DEMO_TENANT } from '#server/demo/demo.ts';
import { settleErasures } from '#server/members/erase.ts';
import { body, NOON_MS, txOf } from '#test/journal/support/test-till.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';
import { hashOf, openShopServer, type ShopServer, type WireTill } from './support/shop-server.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const folder = mkdtempSync(join(tmpdir(), 'regulars-restored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PHONE = '+905559871234';
const PHONE_HASH = hashOf('phone', PHONE);

function profileOf(member: string, version = 1): object {
  return {
    ...{ member, version, market: 'TR', name: `Name of ${member}` },
    ...{ phone: PHONE, phoneTakesSms: true, language: 'tr', birthday: null },
    identifiers: [
      { kind: 'card', hash: hashOf('card', `card-${member}`), masked: '··11' },
      { kind: 'phone', hash: PHONE_HASH, masked: '··34' },
    ],
    consents: [
      {
        ...{ purpose: 'sms', given: true, textVersion: 'sms-3', language: 'tr' },
        ...{ atMs: NOON_MS, till: 'till_1', channel: 'till' },
      },
    ],
  };
}

/** Enrols somebody, sells to them and says who they are; all of them give one number. */
async function enrol(till: WireTill, member: string, number: number): Promise<void> {
  const from = till.journal.head.seq + 1;
  const tx = txOf(number);
  till.journal.append(tx, body.enrol(member), body.sale(number, member));
  till.journal.append(tx, body.earn(member, tx, 100 * number));
  await till.push(from);
  await till.call('profile', { profiles: [profileOf(member)] } as never);
}

async function erase(till: WireTill, member: string): Promise<void> {
  const asked = await till.call('erase-member', { member, confirm: null, by: 'mia' });
  if (asked.outcome !== 'confirm') throw new Error('not asked');
  const { confirm } = asked.preview;
  const done = await till.call('erase-member', { member, confirm, by: 'mia' });
  expect(done).toEqual({ outcome: 'erased', member });
}

/** What a server does before anybody is served. */
const settle = ({ database, executor, nowMs }: ShopServer): Promise<void> =>
  settleErasures({ database, executor, nowMs: () => nowMs }, quiet);

const identifiers = ({ database }: ShopServer) =>
  database.query<{ kind: string; hash: string; member: string }>(
    `select kind, hash, member from identifier
     where member not like 'sample%' order by kind, member`,
  );

async function expectErased({ database }: ShopServer, member: string): Promise<void> {
  for (const table of ['profile', 'identifier', 'consent']) {
    const rows = await database.query(`select 1 from ${table} where member = $1`, [member]);
    expect({ table, rows }).toEqual({ table, rows: [] });
  }
  const rows = await database.query('select status from member where member = $1', [member]);
  expect(rows).toEqual([{ status: 'erased' }]);
}

describe('an embedded server', () => {
  let directory = '';
  let servers = 0;
  let refs = 0;
  beforeEach(() => {
    directory = join(folder, String((servers += 1)), 'server');
  });

  const session = async (work: (server: ShopServer) => Promise<void>): Promise<void> => {
    const opened = await openEmbedded(directory, quiet);
    try {
      const newRef = (kind: string): string => `${kind}_${(refs += 1)}`;
      const server = await openShopServer(opened.database, { log: opened.log, deps: { newRef } });
      await settle(server);
      await work(server);
      await server.app.close();
    } finally {
      await opened.close();
    }
  };

  test('finds the same member by a number after its database was built again from its log', async () => {
    let before: unknown;
    await session(async (server) => {
      const till = await server.join();
      // One number: it stays the first one's. She is erased, and it is free for whoever comes next.
      await enrol(till, 'anna', 1);
      await enrol(till, 'ben', 2);
      await erase(till, 'anna');
      await enrol(till, 'cem', 3);
      before = await identifiers(server);
      expect(before).toContainEqual({ kind: 'phone', hash: PHONE_HASH, member: 'cem' });
    });
    rmSync(join(directory, 'database'), { recursive: true });
    await session(async (server) => {
      expect(await identifiers(server)).toEqual(before);
    });
  });

  test('erases again whom an older backup brings back beside keys that know of it', async () => {
    const backup = `${directory}.backup`;
    await session(async (server) => {
      const till = await server.join();
      await enrol(till, 'zed', 1);
      await enrol(till, 'ben', 2);
    });
    const isKept = (path: string): boolean => !path.endsWith('member-keys.db');
    cpSync(directory, backup, { recursive: true, filter: isKept });
    await session(async (server) => {
      const till = await server.join();
      await erase(till, 'zed');
      await enrol(till, 'late', 3);
      await erase(till, 'late');
    });
    rmSync(join(directory, 'database'), { recursive: true });
    rmSync(join(directory, 'commands.db'));
    cpSync(backup, directory, { recursive: true });
    await session(async (server) => {
      await expectErased(server, 'zed');
      expect((await server.database.keys.of(DEMO_TENANT, ['ben'])).size).toBe(1);
      const till = await server.join();
      const { changes } = await till.call('pull', { cursor: null, limit: 500 });
      expect(changes).toContainEqual(
        expect.objectContaining({
          record: expect.objectContaining({ member: 'zed', status: 'erased', identifiers: [] }),
        }),
      );
      // A till that was away brings somebody whom the backup does not even know.
      await enrol(till, 'late', 3);
      expect(await identifiers(server)).toEqual([
        { kind: 'card', hash: hashOf('card', 'card-ben'), member: 'ben' },
      ]);
      expect(await server.database.query(`select 1 from consent where member = 'late'`)).toEqual(
        [],
      );
      await settle(server);
      await expectErased(server, 'late');
    });
    rmSync(join(directory, 'database'), { recursive: true });
    await session(async (server) => {
      await expectErased(server, 'zed');
      await expectErased(server, 'late');
    });
  });
});

const postgres = await startPostgres();
afterAll(() => postgres?.stop());

describe('a server on PostgreSQL', needsPostgres(postgres), () => {
  test('erases again whoever has no key in the table of keys that was put back', async () => {
    const database = openPostgres(await createPostgresDatabase(postgres?.url ?? ''), () => {});
    await migrate(database);
    const server = await openShopServer(database);
    const till = await server.join();
    await enrol(till, 'zed', 1);
    await database.keys.destroy(DEMO_TENANT, ['zed']);
    await settle(server);
    await expectErased(server, 'zed');
    await server.app.close();
    await database.close();
  });
});
