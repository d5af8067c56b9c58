import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { readChain } from '#journal/chain.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { readAnchor } from './anchor.ts';
import { chainHash } from './chain-hash.ts';
import { connectReadOnly, sqliteCode, type Connection } from './connection.ts';
import type { ReadableDb } from './handles.ts';
import { readEntriesAfter, readHashAt, readHead, readSyncState, sameRow } from './journal-rows.ts';
import { planMigrations, type Migration, type MigrationProblem } from './migrate.ts';
import { schemaBy, schemaOf } from './schema.ts';

/** Who this database belongs to: one till, one incarnation. */
export interface TillIdentity {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly inc: number;
}

/** Why a till cannot work on this database. In every case the files are as they were. */
export type OpenProblem =
  | MigrationProblem
  | { readonly code: 'locked'; readonly heldByPid: number | null }
  | { readonly code: 'corrupted'; readonly detail: string }
  /** An entry near the end is not what its hash says. */
  | { readonly code: 'chain-broken'; readonly seq: number }
  /** The anchor outside the database has seen a later head: the end of the journal is gone. */
  | { readonly code: 'rolled-back'; readonly anchorSeq: number; readonly headSeq: number }
  | { readonly code: 'other-till'; readonly till: string; readonly inc: number }
  /** A till has worked here, and neither its database nor the note of where that ended is left. */
  | { readonly code: 'database-gone' }
  | { readonly code: 'disk-full' }
  | { readonly code: 'no-access'; readonly detail: string };

/** How many of the last entries are checked against their hashes at each start. */
export const TAIL_ENTRIES_CHECKED = 500;
/** Most that are: a till that was alone for weeks must start too. */
const ENTRIES_CHECKED_MAX = 20_000;
/** Larger files are checked without their indexes: a second per 20 MiB is too long at each start. */
const WHOLE_CHECK_BYTES_MAX = 16 * 1024 * 1024;
const MAGIC = 'SQLite format 3\0';

/** What was found in an existing database. */
export interface Inspection {
  readonly pending: readonly Migration[];
}

/** Looks at an existing database without changing a byte of it; null where there is none yet. */
export function inspectDatabase(
  path: string,
  anchorPath: string,
  identity: TillIdentity,
  migrations: readonly Migration[],
): Result<Inspection | null, OpenProblem> {
  if (!existsSync(path)) {
    const lost = shorterThanAnchor(null, anchorPath, identity);
    return lost === null ? ok(null) : err(lost);
  }
  try {
    if (readMagic(path) !== MAGIC) return err({ code: 'corrupted', detail: 'not a database' });
    const connection = connectReadOnly(path);
    try {
      return inspect(connection, checkFor(path), { anchorPath, identity, migrations });
    } finally {
      connection.close();
    }
  } catch (error) {
    return err(openProblem(error));
  }
}

/** SQLite's check of a file; the whole one, indexes too, where that does not keep a cashier waiting. */
function checkFor(path: string): string {
  return statSync(path).size <= WHOLE_CHECK_BYTES_MAX ? 'integrity_check(1)' : 'quick_check(1)';
}

interface Expected {
  readonly anchorPath: string;
  readonly identity: TillIdentity;
  readonly migrations: readonly Migration[];
}

function inspect(
  connection: Connection,
  checkPragma: string,
  { anchorPath, identity, migrations }: Expected,
): Result<Inspection, OpenProblem> {
  const check = connection.pragma(checkPragma);
  if (check !== 'ok') return err({ code: 'corrupted', detail: String(check).slice(0, 200) });
  const plan = planMigrations(connection, migrations);
  if (!plan.ok) return plan;
  const applied = migrations.slice(0, migrations.length - plan.value.length);
  const untouched = applied.length === 0;
  if (!untouched && schemaOf(connection) !== schemaBy(applied))
    return err({ code: 'corrupted', detail: 'schema' });
  const problem = untouched
    ? shorterThanAnchor(null, anchorPath, identity)
    : verifyContent(connection, anchorPath, identity);
  return problem === null ? ok({ pending: plan.value }) : err(problem);
}

/** Whose database it is, whether the end of its journal is whole, and whether it is the end. */
export function verifyContent(
  connection: Connection,
  anchorPath: string,
  identity: TillIdentity,
): OpenProblem | null {
  const db = connection.readable;
  const found = db.get<TillIdentity>('SELECT tenant, store, till, inc FROM identity');
  if (found !== undefined && !sameIdentity(found, identity)) {
    return { code: 'other-till', till: found.till, inc: found.inc };
  }
  const head = readHead(db);
  const { ackSeq, ackHash } = readSyncState(db);
  // What the server has not taken is here alone: all of it is checked, and some before it.
  const before = Math.min(head.seq - TAIL_ENTRIES_CHECKED, ackSeq);
  const from = Math.max(0, before, head.seq - ENTRIES_CHECKED_MAX);
  const rows = readEntriesAfter(db, from, ENTRIES_CHECKED_MAX);
  const start = { seq: from, hash: readHashAt(db, from) ?? '' };
  const chain = readChain(
    rows.map(({ text }) => text),
    start,
    chainHash,
  );
  if (!chain.ok)
    return { code: 'chain-broken', seq: 'seq' in chain.error ? chain.error.seq : from };
  const wrong = rows.find((row, index) => {
    const stored = chain.value[index];
    return stored?.hash !== row.hash || !sameRow(row, stored.entry);
  });
  if (wrong !== undefined) return { code: 'chain-broken', seq: wrong.seq };
  if (ackSeq > head.seq) return { code: 'rolled-back', anchorSeq: ackSeq, headSeq: head.seq };
  if (readHashAt(db, ackSeq) !== ackHash) return { code: 'chain-broken', seq: ackSeq };
  return shorterThanAnchor(db, anchorPath, identity);
}

/** What the head that was noted outside knows better; `db` is null where there is no journal at all. */
function shorterThanAnchor(
  db: ReadableDb | null,
  anchorPath: string,
  identity: TillIdentity,
): OpenProblem | null {
  const { anchor } = readAnchor(anchorPath);
  if (anchor === null || anchor.inc !== identity.inc || anchor.seq === 0) return null;
  if (db !== null && readHashAt(db, anchor.seq) === anchor.hash) return null;
  const headSeq = db === null ? 0 : readHead(db).seq;
  return { code: 'rolled-back', anchorSeq: anchor.seq, headSeq };
}

/** What an error thrown while opening means for the person in front of the till. */
export function openProblem(error: unknown): OpenProblem {
  const code = sqliteCode(error) ?? systemCode(error);
  if (code === null) throw error;
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return { code: 'locked', heldByPid: null };
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return { code: 'disk-full' };
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return { code: 'corrupted', detail: code };
  }
  return { code: 'no-access', detail: code };
}

function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

function sameIdentity(left: TillIdentity, right: TillIdentity): boolean {
  return (
    left.tenant === right.tenant &&
    left.store === right.store &&
    left.till === right.till &&
    left.inc === right.inc
  );
}

function readMagic(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MAGIC.length);
    const count = readSync(file, bytes, 0, bytes.length, 0);
    return count === 0 ? MAGIC : bytes.toString('latin1', 0, count);
  } finally {
    closeSync(file);
  }
}
