import Database from 'better-sqlite3';
import { assert } from '#loyalty/result.ts';
import type { ReadableDb, SqlValue, WritableDb } from './handles.ts';

const BUSY_TIMEOUT_MS = 5000;
const OPEN_TIMEOUT_MS = 500;
const CACHE_KIBIBYTES = 16_384;
const JOURNAL_SIZE_LIMIT_BYTES = 16 * 1024 * 1024;
const STATEMENTS_MAX = 256;

/** One open SQLite connection with its prepared statements. */
export interface Connection {
  readonly readable: ReadableDb;
  /** Use only between `begin` and `commit`. */
  readonly writable: WritableDb;
  begin(): void;
  commit(): void;
  /** Does nothing where SQLite has rolled back by itself. */
  rollback(): void;
  exec(sql: string): void;
  pragma(text: string): unknown;
  close(): void;
}

/**
 * Opens a file with every setting the till's promises rest on, and checks the ones that matter.
 * A file that another process is writing to is refused at once, not after the first sale.
 *
 * better-sqlite3 is compiled with WAL and NORMAL; so FULL is set on each open and read back: with
 * NORMAL the last commits are gone after a power cut. Throws what SQLite throws.
 */
export function connect(path: string): Connection {
  const db = new Database(path, { timeout: OPEN_TIMEOUT_MS });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('fullfsync = ON');
    db.pragma('foreign_keys = ON');
    db.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT_BYTES}`);
    db.pragma('wal_autocheckpoint = 1000');
    db.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
    db.pragma('cell_size_check = ON');
    db.pragma('trusted_schema = OFF');
    assert(db.pragma('journal_mode', { simple: true }) === 'wal', 'the journal mode is WAL');
    assert(db.pragma('synchronous', { simple: true }) === 2, 'every commit reaches the disk');
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return connectionOver(db);
}

/** Opens a file to look only: nothing in it or in its log changes, whatever state it is in. */
export function connectReadOnly(path: string): Connection {
  return connectionOver(
    new Database(path, { readonly: true, fileMustExist: true, timeout: OPEN_TIMEOUT_MS }),
  );
}

/** Opens a database of its own that is gone when it is closed. */
export function connectInMemory(): Connection {
  return connectionOver(new Database(':memory:'));
}

function connectionOver(db: Database.Database): Connection {
  const statements = new Map<string, Database.Statement<SqlValue[]>>();
  let inside = false;
  const prepared = (sql: string): Database.Statement<SqlValue[]> => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    assert(statements.size < STATEMENTS_MAX, 'the number of different statements is bounded');
    const made = db.prepare<SqlValue[]>(sql);
    statements.set(sql, made);
    return made;
  };
  const handle = {
    get: (sql: string, ...values: SqlValue[]) => prepared(sql).get(...values),
    all: (sql: string, ...values: SqlValue[]) => prepared(sql).all(...values),
    inTransaction: () => db.inTransaction,
    run(sql: string, ...values: SqlValue[]): number {
      assert(inside, 'nothing writes outside a transaction');
      return prepared(sql).run(...values).changes;
    },
  };
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  return {
    readable: handle as unknown as ReadableDb,
    writable: handle as unknown as WritableDb,
    begin() {
      begin.run();
      inside = true;
    },
    commit() {
      commit.run();
      inside = false;
    },
    rollback() {
      inside = false;
      if (db.inTransaction) db.exec('ROLLBACK');
    },
    exec: (sql) => void db.exec(sql),
    pragma: (text) => db.pragma(text, { simple: true }),
    close() {
      statements.clear();
      db.close();
    },
  };
}

/** SQLite's name of what went wrong (`SQLITE_FULL`), or null where something else was thrown. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}
