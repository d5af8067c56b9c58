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

/**
 * Begins the feed anew where this database came from another PostgreSQL, as a dump does. Transactions are
 * numbered by each server for itself: changes numbered ahead of this one's would not be told, and tills
 * that had read so far would not hear of what is new, until it has counted as far.
 */
export async function renumberFeed(database: Database): Promise<void> {
  await database.transaction(async (db) => {
    const renumbered = await db.execute(
      `update feed set xid = pg_current_xact_id()
       where xid >= pg_snapshot_xmax(pg_current_snapshot())`,
    );
    if (renumbered === 0) return;
    await db.execute('update server_state set generation = $1', [randomUUID()]);
  });
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
