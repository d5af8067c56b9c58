import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';

/** A command as the log holds it. */
export interface LoggedCommand {
  readonly number: number;
  readonly text: string;
}

/**
 * Accepted write commands, each on stable storage before anybody is told.
 *
 * PGlite never calls fsync: after a power cut it may have lost what it acknowledged, or not open at
 * all. What it lacks is run again from here.
 */
export interface CommandLog {
  readonly lastNumber: number;
  /**
   * Throws where the disk has no room for it; then the command has not happened. Throws `LogUncertain`
   * where the disk failed, and from then on always.
   */
  append(command: LoggedCommand): void;
  /** Commands after `number`, in order, each checked against its checksum. */
  after(number: number): Iterable<LoggedCommand>;
  close(): void;
}

/** The log cannot be read whole; only a backup helps. */
export class LogDamaged extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogDamaged';
  }
}

/**
 * The disk failed while a command was written: whether it is there is known once the log was opened
 * anew. A disk that failed to sync may call what it lost written from then on.
 */
export class LogUncertain extends Error {
  constructor(cause: unknown) {
    super('The disk of the command log failed; the log has to be opened anew', { cause });
    this.name = 'LogUncertain';
  }
}

/** Largest journal file SQLite keeps after a checkpoint, in bytes. */
const JOURNAL_BYTES_MAX = 16_777_216;

/** `synchronous` as SQLite reports FULL. */
const FULL = 2;

/** Opens the log, or starts one; throws where the file is damaged. */
export function openCommandLog(path: string): CommandLog {
  const database = new Database(path, { timeout: 5000 });
  try {
    return startLog(database, path);
  } catch (error) {
    database.close();
    const damaged = error instanceof Database.SqliteError && DAMAGED.has(error.code);
    throw damaged ? new LogDamaged(`${path} is damaged; restore it from a backup`, error) : error;
  }
}

/** SQLite's names for a disk that failed, unlike one that is full. */
const FAILED = /^SQLITE_(IOERR|CORRUPT|READONLY|CANTOPEN)/;

const DAMAGED: ReadonlySet<string> = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

function startLog(database: Database.Database, path: string): CommandLog {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma(`journal_size_limit = ${JOURNAL_BYTES_MAX}`);
  if (database.pragma('synchronous', { simple: true }) !== FULL) {
    throw new Error('SQLite does not write through to the disk');
  }
  if (database.pragma('quick_check', { simple: true }) !== 'ok') {
    throw new LogDamaged(`${path} is damaged; restore it from a backup`);
  }
  database.exec(
    'create table if not exists command (number integer primary key, sha256 blob not null, text text not null) strict',
  );
  const insert = database.prepare<[number, Buffer, string]>('insert into command values (?, ?, ?)');
  const last = database
    .prepare<[], { number: number }>('select coalesce(max(number), 0) as number from command')
    .get();
  let lastNumber = last?.number ?? 0;
  let uncertain: LogUncertain | null = null;
  return {
    get lastNumber() {
      return lastNumber;
    },
    append({ number, text }) {
      if (number !== lastNumber + 1)
        throw new Error(`Command ${number} does not follow ${lastNumber}`);
      if (uncertain !== null) throw uncertain;
      try {
        insert.run(number, sha256(text), text);
      } catch (error) {
        if (!(error instanceof Database.SqliteError) || !FAILED.test(error.code)) throw error;
        uncertain = new LogUncertain(error);
        throw uncertain;
      }
      lastNumber = number;
    },
    *after(number) {
      // One row per step: nothing is held open while a command is run again.
      const next = database.prepare<[number], { number: number; sha256: Buffer; text: string }>(
        'select * from command where number > ? order by number limit 1',
      );
      for (let at = number; ;) {
        const row = next.get(at);
        if (row === undefined) return;
        if (row.number !== at + 1 || !row.sha256.equals(sha256(row.text))) {
          throw new LogDamaged(
            `Command ${at + 1} of the log is missing or damaged; restore it from a backup`,
          );
        }
        yield { number: row.number, text: row.text };
        at = row.number;
      }
    },
    close() {
      database.close();
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
