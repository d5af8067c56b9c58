import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Connection } from './connection.ts';

/** One SQL file of `migrations/till`. */
export interface Migration {
  /** From the file name, 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

/** Why a database cannot be brought to this program's version. Nothing was changed. */
export type MigrationProblem =
  | { readonly code: 'newer-version'; readonly found: number; readonly known: number }
  | { readonly code: 'edited-migration'; readonly number: number }
  /** What is written down of a migration is not what was written. */
  | { readonly code: 'corrupted'; readonly detail: string };

const FILE_NAME = /^(\d{4})_([a-z0-9-]+)\.sql$/;

/** Reads the migrations of a folder in order; a file with another name, or a gap, is a bug and throws. */
export function readMigrations(directory: string): readonly Migration[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file, index) => {
      const number = Number(FILE_NAME.exec(file)?.[1]);
      if (number !== index + 1) throw new Error(`migration ${file} is not number ${index + 1}`);
      const sql = readFileSync(join(directory, file), 'utf8');
      return { number, name: file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** What has to be applied, or why nothing may be. A file that was edited after it ran is refused. */
export function planMigrations(
  connection: Connection,
  migrations: readonly Migration[],
): Result<readonly Migration[], MigrationProblem> {
  const applied = appliedMigrations(connection);
  for (const row of applied) {
    const known = migrations[row.number - 1];
    if (isDamaged(row, known)) return err({ code: 'corrupted', detail: `migration ${row.number}` });
    if (known === undefined) {
      return err({ code: 'newer-version', found: applied.length, known: migrations.length });
    }
    if (known.checksum !== row.checksum)
      return err({ code: 'edited-migration', number: row.number });
  }
  return ok(migrations.slice(applied.length));
}

/** Applies each migration in a transaction of its own, together with the note that it ran. */
export function applyMigrations(connection: Connection, migrations: readonly Migration[]): void {
  for (const { number, name, sql, checksum } of migrations) {
    connection.begin();
    try {
      connection.exec(
        'CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT',
      );
      connection.exec(sql);
      connection.writable.run('INSERT INTO migration VALUES (?, ?, ?)', number, name, checksum);
      connection.commit();
    } catch (error) {
      connection.rollback();
      throw error;
    }
  }
}

/** Digits of a checksum that a damaged one may have wrong: another file's differs in nearly all. */
const DAMAGED_DIGITS_MAX = 8;

/**
 * Whether a record was damaged on the disk: its number is not the one its name begins with, or its
 * checksum is the right one but for a few digits, which that of an edited file never is.
 */
function isDamaged(row: AppliedRow, known: Migration | undefined): boolean {
  if (Number(FILE_NAME.exec(row.name)?.[1]) !== row.number) return true;
  if (known === undefined) return false;
  const right = [...known.checksum];
  const wrong = right.filter((digit, index) => digit !== row.checksum[index]).length;
  return wrong > 0 && wrong <= DAMAGED_DIGITS_MAX && row.checksum.length === right.length;
}

function appliedMigrations(connection: Connection): readonly AppliedRow[] {
  const table = connection.readable.get(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'",
  );
  if (table === undefined) return [];
  return connection.readable.all<AppliedRow>(
    'SELECT number, name, checksum FROM migration ORDER BY number',
  );
}
