import {
  pendingMigrations,
  readMigrations,
  type AppliedMigration,
  type Migration,
} from '#node/migrations.ts';
import { randomUUID } from 'node:crypto';
import { SERVER_MIGRATIONS } from '#server/paths.ts';
import type { Database, WritableDb } from './database.ts';

/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 7_031_962;

/** Brings the database up to date, one transaction per file; servers that start together take turns. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(SERVER_MIGRATIONS),
): Promise<void> {
  while (await database.transaction((db) => applyNext(db, migrations))) {
    // Each turn applies one file.
  }
  await database.transaction((db) =>
    db.execute('insert into server_state (generation) values ($1) on conflict do nothing', [
      randomUUID(),
    ]),
  );
}

async function applyNext(db: WritableDb, migrations: readonly Migration[]): Promise<boolean> {
  await db.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await db.execute(
    'create table if not exists migration (name text primary key, sha256 text not null)',
  );
  const applied = await db.query<AppliedMigration>(
    'select name, sha256 from migration order by name',
  );
  const next = pendingMigrations(migrations, applied)[0];
  if (next === undefined) return false;
  for (const statement of statements(next.sql)) await db.execute(statement);
  await db.execute('insert into migration values ($1, $2)', [next.name, next.sha256]);
  return true;
}

/** The statements of a file: they end with `;` at the end of a line, which our files keep to. */
function statements(sql: string): readonly string[] {
  return sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--.*$/gm, '').trim() !== '');
}
