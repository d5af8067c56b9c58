import type { JournalHead } from '#journal/chain.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import type { TillDatabase, TillWrites, WriteProblem } from '#till/database.ts';
import { openAnchor, type AnchorFile } from './anchor.ts';
import { dropBallast } from './ballast.ts';
import { sqliteCode, type Connection } from './connection.ts';
import { readHead } from './journal-rows.ts';
import type { MemberSeal } from './member-keys.ts';
import { tillReads, tillWrites } from './queries.ts';

/** What an open database rests on; made by `openTillDatabase`. */
export interface DatabaseParts {
  readonly connection: Connection;
  /** Opens the same file once more, after an error that leaves the connection's state unknown. */
  readonly connect: () => Connection;
  /** Code of what is wrong with a reopened database; null where it is whole. */
  readonly verify: (connection: Connection) => string | null;
  /** Seals and opens what names a person. */
  readonly persons: MemberSeal;
  readonly anchorPath: string;
  readonly ballastPath: string;
  readonly inc: number;
  readonly monoMs: () => number;
  readonly onClose: () => void;
}

/** Longest time a sale may be without an anchor that a power cut leaves. */
const ANCHOR_INTERVAL_MS = 60_000;
/** Kinds of entry after which the anchor lasts at once: they spend what others counted. */
const ANCHORED_KINDS: ReadonlySet<string> = new Set(['redeem', 'grant-accept', 'shift-close']);
const ATTEMPTS_MAX = 2;

/**
 * The till's storage over one connection that can be replaced.
 *
 * Every error of SQLite inside a transaction ends in one of four words; what `work` itself throws is
 * a bug and is thrown on.
 */
export function createDatabase(parts: DatabaseParts): TillDatabase {
  let connection: Connection | null = parts.connection;
  let ballastDropped = false;

  const current = (): Connection => {
    assert(connection !== null, 'the database is open');
    return connection;
  };
  const anchoring = createAnchoring(parts, () => readHead(current().readable));
  const writes = noting(
    tillWrites(() => current().writable, parts.persons),
    (kind) => anchoring.note(kind),
  );

  const reopen = (detail: string): WriteProblem => {
    try {
      connection?.close();
    } catch {
      // What cannot be closed is left to the operating system; only the new connection counts.
    }
    connection = null;
    try {
      const next = parts.connect();
      const problem = parts.verify(next);
      if (problem !== null) {
        next.close();
        return { code: 'broken', detail: problem };
      }
      connection = next;
      return { code: 'outcome-unknown', detail };
    } catch (error) {
      return { code: 'broken', detail: sqliteCode(error) ?? 'cannot be opened again' };
    }
  };

  const attempt = <Value>(work: (writes: TillWrites) => Value): Result<Value, WriteProblem> => {
    let committing = false;
    try {
      current().begin();
      const value = work(writes);
      assert(!(value instanceof Promise), 'nothing waits inside a transaction');
      parts.persons.beforeCommit();
      committing = true;
      current().commit();
      return ok(value);
    } catch (error) {
      return err(afterFailure(error, committing));
    }
  };

  const afterFailure = (error: unknown, committing: boolean): WriteProblem => {
    parts.persons.afterRollback();
    const code = sqliteCode(error);
    const kind = failureKind(code, committing);
    if (kind === 'outcome-unknown') return reopen(code ?? '');
    current().rollback();
    if (kind === 'bug') throw error;
    return { code: kind, detail: code ?? '' };
  };

  return {
    read: tillReads(() => current().readable, parts.persons),
    write(work) {
      if (connection === null) return err({ code: 'broken', detail: 'closed after an error' });
      for (let count = 1; ; count += 1) {
        const outcome = attempt(work);
        if (outcome.ok) {
          anchoring.afterCommit();
          parts.persons.afterCommit();
          return outcome;
        }
        const again = outcome.error.code === 'disk-full' && count < ATTEMPTS_MAX;
        if (!again || !dropBallast(parts.ballastPath)) return outcome;
        ballastDropped = true;
      }
    },
    diskNearlyFull: () => ballastDropped,
    checkpoint() {
      try {
        connection?.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        if (sqliteCode(error) === null) throw error; // no room or no time: the log simply stays longer
      }
    },
    close() {
      if (connection === null) return;
      anchoring.end();
      connection.close();
      connection = null;
      parts.onClose();
    },
  };
}

/** What an error inside a transaction means; the machine's own errors leave the outcome unknown. */
function failureKind(
  code: string | null,
  committing: boolean,
): 'disk-full' | 'busy' | 'outcome-unknown' | 'bug' {
  if (code === null) return 'bug';
  if (code === 'SQLITE_FULL') return 'disk-full';
  if (code.startsWith('SQLITE_BUSY')) return 'busy';
  const machine = /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)/.test(code);
  return machine || committing ? 'outcome-unknown' : 'bug';
}

/** Notes the journal's head outside the database, after each transaction that moved it. */
interface Anchoring {
  note(kind: string): void;
  afterCommit(): void;
  /** Notes it for good, and lets the file go. */
  end(): void;
}

function createAnchoring(parts: DatabaseParts, head: () => JournalHead): Anchoring {
  let file: AnchorFile | null = null;
  let anchoredAtMs = parts.monoMs();
  let moved = false;
  let due = false;
  /** True where it could be written: no room for it must not undo what is committed. */
  const write = (lasting: boolean): boolean => {
    try {
      file ??= openAnchor(parts.anchorPath);
      file.write(parts.inc, head(), lasting);
      return true;
    } catch {
      return false; // an older anchor still holds
    }
  };
  return {
    note(kind) {
      moved = true;
      if (ANCHORED_KINDS.has(kind)) due = true;
    },
    afterCommit() {
      if (!moved) return;
      const nowMs = parts.monoMs();
      const lasting = due || nowMs - anchoredAtMs >= ANCHOR_INTERVAL_MS;
      const written = write(lasting);
      if (lasting) {
        anchoredAtMs = nowMs;
        due = !written;
      }
      moved = false;
    },
    end() {
      write(true);
      file?.close();
      file = null;
    },
  };
}

function noting(writes: TillWrites, onKind: (kind: string) => void): TillWrites {
  return {
    ...writes,
    appendEntry(row) {
      writes.appendEntry(row);
      onKind(row.kind);
    },
  };
}
