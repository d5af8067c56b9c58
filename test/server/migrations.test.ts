import { afterAll, describe, expect, test } from 'vitest';
import { readMigrations, type Migration } from '#node/migrations.ts';
import { openArchiveMonths } from '#server/database/archive-months.ts';
import { migrate } from '#server/database/migrate.ts';
import { SERVER_MIGRATIONS } from '#server/paths.ts';
import type { Database } from '#server/database/database.ts';
import { openPglite } from '#server/database/pglite.ts';
import { openPostgres } from '#server/database/postgres.ts';
import { createPostgresDatabase, needsPostgres, startPostgres } from './support/databases.ts';

const migrations = readMigrations(SERVER_MIGRATIONS);
const postgres = await startPostgres();
afterAll(() => postgres?.stop());

const tablesOf = async (database: Database): Promise<readonly string[]> =>
  (
    await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    )
  ).map(({ name }) => name);

/** The tables each migration adds; a new file needs its line here. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  '0001_foundation.sql': [
    'manager_pin',
    'pairing_code',
    'server_state',
    'store',
    'tenant',
    'terminal',
  ],
  '0002_journal.sql': [
    'archive',
    'archive_rest',
    'claim',
    'posting_exception',
    'sale',
    'sale_return',
  ],
  '0003_members.sql': [
    'consent',
    'erasure',
    'feed',
    'identifier',
    'member',
    'member_key',
    'profile',
  ],
  '0004_ledger.sql': ['account', 'held_reversal', 'ledger', 'point_grant', 'tier_measure'],
  '0005_facts.sql': [
    'held_tier',
    'member_fact',
    'membership',
    'membership_sale',
    'night',
    'programme_given',
    'server_head',
    'tier_move',
    'survey',
    'use_count',
    'voucher',
  ],
  '0006_programmes.sql': ['programme_version'],
  '0007_manager.sql': ['exception_settlement', 'follow_up', 'kudos'],
  '0008_taken-back.sql': [],
};

const kinds = [
  ['PGlite', async () => openPglite(null)],
  [
    'PostgreSQL',
    async () => openPostgres(await createPostgresDatabase(postgres?.url ?? ''), () => undefined),
  ],
] as const;

describe.each(kinds)('migrations on %s', (kind, open) => {
  test(
    'apply one by one, each adding its tables, and once only',
    needsPostgres(kind === 'PostgreSQL' ? postgres : {}),
    async () => {
      const database = await open();
      const expected = ['migration'];
      for (let index = 1; index < migrations.length; index += 1) {
        await migrate(database, migrations.slice(0, index + 1));
        const known = migrations
          .slice(0, index + 1)
          .flatMap((migration) => ADDED[migration.name] ?? []);
        expect(await tablesOf(database)).toEqual([...expected, ...known].toSorted());
      }
      const generation = await database.query('select generation from server_state');
      await migrate(database);
      expect(await database.query('select generation from server_state')).toEqual(generation);
      await database.close();
    },
  );

  test(
    'refuse an edited file, and data of a newer version, and change nothing',
    needsPostgres(kind === 'PostgreSQL' ? postgres : {}),
    async () => {
      const database = await open();
      await migrate(database);
      const before = await tablesOf(database);
      const edited = migrations.with(1, { ...(migrations[1] as Migration), sha256: '00' });
      await expect(migrate(database, edited)).rejects.toMatchObject({ code: 'edited' });
      await expect(migrate(database, migrations.slice(0, -1))).rejects.toMatchObject({
        code: 'newer-version',
      });
      expect(await tablesOf(database)).toEqual(before);
      await database.close();
    },
  );

  test(
    'are followed by a table for each month to come, once, and none for a month in the rest',
    needsPostgres(kind === 'PostgreSQL' ? postgres : {}),
    async () => {
      const database = await open();
      await migrate(database);
      const hash = `decode(repeat('00', 32), 'hex')`;
      const entry = `insert into archive values ('t', '2026-12-05', 'till', 1, 1, 1, ${hash}, ${hash}, '')`;
      await openArchiveMonths(database, '2026-10-31');
      await database.query(entry);
      await openArchiveMonths(database, '2026-11-21');
      await openArchiveMonths(database, '2026-11-21');
      await openArchiveMonths(database, '2027-01-01');
      expect((await tablesOf(database)).filter((name) => name.startsWith('archive_'))).toEqual([
        'archive_2026_10',
        'archive_2026_11',
        'archive_2027_01',
        'archive_2027_02',
        'archive_rest',
      ]);
      expect(await database.query('select till from archive')).toEqual([{ till: 'till' }]);
      await database.close();
    },
  );

  test(
    'that fail half-way leave nothing behind',
    needsPostgres(kind === 'PostgreSQL' ? postgres : {}),
    async () => {
      const database = await open();
      await migrate(database);
      const broken: Migration = {
        number: 5,
        name: '0005_broken.sql',
        sha256: '11',
        sql: 'create table half (a integer);\nselect 1 / 0;\n',
      };
      await expect(migrate(database, [...migrations, broken])).rejects.toThrow(/division by zero/);
      expect(await tablesOf(database)).not.toContain('half');
      await database.close();
    },
  );
});

test(
  'servers that start together on one PostgreSQL take turns',
  needsPostgres(postgres),
  async () => {
    const url = await createPostgresDatabase(postgres?.url ?? '');
    const databases = [1, 2, 3].map(() => openPostgres(url, () => undefined));
    await Promise.all(databases.map((database) => migrate(database)));
    const applied = await databases[0]?.query<{ name: string }>(
      'select name from migration order by name',
    );
    expect(applied?.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
    for (const database of databases) await database.close();
  },
);

test('every file is numbered without a gap and has its line in this test', () => {
  expect(migrations.map(({ name }) => name)).toEqual(Object.keys(ADDED));
});
