import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SqlValue } from './handles.ts';

/** A row as it was read, by column; nothing in it is believed yet. */
export type SalvagedRow = Readonly<Record<string, SqlValue>>;

/** What can be read of a damaged database. */
export interface Salvage {
  /** A journal entry's text and hash by its number; undefined where it cannot be read. */
  entry(seq: number): { readonly text: string; readonly hash: string } | undefined;
  /** The highest number any readable part of the file knows of. */
  readonly lastSeq: number;
  /** Readable rows of a table, each once; empty where there is no such table or nothing of it left. */
  rows(table: string): readonly SalvagedRow[];
  close(): void;
}

/** Numbers looked at beyond the last readable entry: a damaged page hides this many at most. */
const GAP_MAX = 2000;

/**
 * Reads what is left of a damaged database, from a copy: the damaged files stay as they are.
 *
 * Row by row, since SQLite stops at the first page it cannot read; from both ends, since what is
 * behind that page is as good as what is before it.
 */
export function openSalvage(path: string, scratch: string): Salvage {
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const copy = join(scratch, 'damaged.db');
  for (const suffix of ['', '-wal']) {
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  }
  const db = openCopy(copy);
  const one = <Row>(sql: string, ...values: SqlValue[]): Row | undefined =>
    attempt(() => db?.prepare<SqlValue[], Row>(sql).get(...values));
  const entry = (seq: number): { text: string; hash: string } | undefined =>
    one<{ text: string; hash: string }>('SELECT text, hash FROM journal WHERE seq = ?', seq);
  return {
    entry,
    lastSeq: lastReadable(
      one<{ seq: number }>('SELECT max(seq) AS seq FROM journal')?.seq ?? 0,
      one<{ seq: number }>('SELECT max(last_seq) AS seq FROM sale')?.seq ?? 0,
      (seq) => entry(seq) !== undefined,
    ),
    rows: (table) => (db === null ? [] : readableRows(db, table)),
    close() {
      attempt(() => db?.close());
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function openCopy(path: string): Database.Database | null {
  const db = attempt(() => new Database(path, { fileMustExist: true }));
  // Even the schema may be what is damaged: then nothing of the file is left.
  const readable = attempt(() => db?.prepare('SELECT count(*) FROM sqlite_schema').get());
  return readable === undefined ? null : (db ?? null);
}

function lastReadable(journal: number, sales: number, isThere: (seq: number) => boolean): number {
  let last = Math.max(journal, sales);
  for (let seq = last + 1; seq <= last + GAP_MAX; seq += 1) if (isThere(seq)) last = seq;
  return last;
}

function readableRows(db: Database.Database, table: string): readonly SalvagedRow[] {
  const columns = attempt(() =>
    db
      .prepare<[string], { name: string; pk: number }>('SELECT * FROM pragma_table_info(?)')
      .all(table),
  );
  const key = (columns ?? []).filter(({ pk }) => pk > 0).map(({ name }) => `"${name}"`);
  if (key.length === 0) return [];
  const found = new Map<string, SalvagedRow>();
  for (const direction of ['ASC', 'DESC']) {
    const order = key.map((column) => `${column} ${direction}`).join(', ');
    const whole = attempt(() => {
      const rows = db.prepare<[], SalvagedRow>(`SELECT * FROM "${table}" ORDER BY ${order}`);
      for (const row of rows.iterate()) found.set(JSON.stringify(row), row);
      return true;
    });
    if (whole === true) break;
  }
  return [...found.values()];
}

/** What could be read; undefined where SQLite says that it cannot. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
