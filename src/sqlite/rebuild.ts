import { createHash } from 'node:crypto';
import type { StoredEntry } from '#journal/entry.ts';
import { movementOf } from '#till/journal-writer.ts';
import { triesChangeOf } from '#till/pin-tries.ts';
import { openAnchor } from './anchor.ts';
import { connect, sqliteCode, type Connection } from './connection.ts';
import type { WritableDb } from './handles.ts';
import type { TillIdentity } from './inspect.ts';
import { appendEntry, writeSyncState } from './journal-rows.ts';
import { addMovement } from './member-rows.ts';
import { changePinTries } from './pin-rows.ts';
import { applyMigrations, type Migration } from './migrate.ts';
import type { Salvage, SalvagedRow } from './salvage.ts';

/** What a database is built from again. */
export interface RebuildPlan {
  readonly identity: TillIdentity;
  readonly migrations: readonly Migration[];
  /** The whole journal, its chain checked. */
  readonly entries: readonly StoredEntry[];
  /** Up to where the server has taken it. */
  readonly acknowledged: { readonly seq: number; readonly hash: string; readonly epoch: number };
  readonly salvage: Salvage;
}

/** What the journal itself or the server says better than a damaged file, and what is not carried on. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  'identity',
  'migration',
  'journal',
  'sync',
  'config',
  'movement',
  'movement_sum',
  'sale',
  'claim',
  'shift',
  'pin_tries',
  // The open basket may be one that was settled since: nothing was promised for it.
  'draft',
  'draft_return',
]);

/**
 * Writes a new database for a till from its journal.
 *
 * The journal is the truth: sales, claims, shifts and movements are folded from it. Beside it goes
 * what can be read of the rest, without its versions, so that whatever the server says replaces it.
 */
export function rebuildDatabase(path: string, anchorPath: string, plan: RebuildPlan): void {
  const connection = connect(path);
  try {
    applyMigrations(connection, plan.migrations);
    connection.begin();
    const db = connection.writable;
    const { tenant, store, till, inc } = plan.identity;
    db.run('INSERT INTO identity VALUES (1, ?, ?, ?, ?)', tenant, store, till, inc);
    copyTables(connection, plan.salvage);
    foldJournal(db, plan);
    const { seq, hash, epoch } = plan.acknowledged;
    writeSyncState(db, { ackSeq: seq, ackHash: hash, durableSeq: seq, epoch });
    connection.commit();
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
  const last = plan.entries.at(-1);
  if (last === undefined) return;
  const anchor = openAnchor(anchorPath);
  anchor.write(plan.identity.inc, { seq: last.entry.seq, hash: last.hash }, true);
  anchor.close();
}

function copyTables(connection: Connection, salvage: Salvage): void {
  const tables = connection.readable.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  for (const { name } of tables) {
    if (NOT_COPIED.has(name)) continue;
    const columns = connection.readable.all<{ name: string }>(
      'SELECT name FROM pragma_table_info(?)',
      name,
    );
    for (const row of salvage.rows(name)) {
      copyRow(
        connection.writable,
        name,
        columns.map((column) => column.name),
        row,
      );
    }
  }
}

/** Copies a row that the table's own rules allow. */
function copyRow(
  db: WritableDb,
  table: string,
  columns: readonly string[],
  row: SalvagedRow,
): void {
  if (columns.some((column) => row[column] === undefined)) return;
  const values = columns.map((column) => {
    const value = row[column] ?? null;
    // A damaged version could look newer than anything the server ever says.
    if (column === 'version' && (table === 'member' || table === 'balance')) return 0;
    // Whether it was printed since is not known here any more.
    if (table === 'print_job' && column === 'state') return printState(value);
    return value;
  });
  const marks = columns.map(() => '?').join(', ');
  try {
    db.run(`INSERT OR IGNORE INTO "${table}" VALUES (${marks})`, ...values);
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
  }
}

function printState(state: SalvagedRow[string]): SalvagedRow[string] {
  return state === 'queued' || state === 'sending' ? 'unconfirmed' : (state ?? null);
}

interface Folding {
  /** Receipts so far, and shifts. */
  receipts: number;
  shifts: number;
}

function foldJournal(db: WritableDb, plan: RebuildPlan): void {
  const lastOfTx = new Map<string, number>();
  for (const { entry } of plan.entries) lastOfTx.set(entry.tx, entry.seq);
  const balances = balancesAfter(plan.salvage);
  const folding: Folding = { receipts: 0, shifts: 0 };
  for (const stored of plan.entries) {
    const { entry, text, hash } = stored;
    const { seq, tx, day, body } = entry;
    appendEntry(db, { seq, tx, kind: body.kind, day, text, hash });
    const moved = seq > plan.acknowledged.seq ? movementOf(body) : null;
    if (moved !== null) addMovement(db, seq, moved.member, moved.programme, moved.points);
    const tries = triesChangeOf(entry);
    if (tries !== null) changePinTries(db, tries);
    foldEntry(db, folding, stored, lastOfTx.get(tx) ?? seq, balances.get(tx) ?? null);
  }
}

function foldEntry(
  db: WritableDb,
  folding: Folding,
  { entry, text }: StoredEntry,
  lastSeq: number,
  balanceAfter: number | null,
): void {
  const { seq, tx, body, atMs } = entry;
  if (body.kind === 'sale' || body.kind === 'return') {
    const contentHash = createHash('sha256').update(text).digest('hex');
    const of = body.kind === 'return' ? body.of : null;
    db.run(
      'INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[seq, lastSeq, (folding.receipts += 1), tx, body.kind],
      ...[body.receipt, contentHash, of, balanceAfter],
    );
    if (body.kind === 'sale') db.run('UPDATE shift SET sales = sales + 1 WHERE last_seq IS NULL');
  } else if (body.kind === 'claim') {
    db.run('INSERT OR IGNORE INTO claim VALUES (?, ?, ?)', body.of, seq, lastSeq);
  } else if (body.kind === 'shift-open') {
    db.run('INSERT INTO shift VALUES (?, ?, NULL, ?, 0)', (folding.shifts += 1), seq, atMs);
  } else if (body.kind === 'shift-close') {
    db.run('UPDATE shift SET last_seq = ? WHERE last_seq IS NULL', seq);
  } else if (body.kind === 'grant-close') {
    db.run(
      "UPDATE grant_held SET state = 'closed' WHERE grant_ref = ? AND state IN ('asked', 'accepted')",
      body.grant,
    );
  } else if (body.kind === 'redeem') {
    db.run("UPDATE grant_held SET state = 'spent' WHERE grant_ref = ?", body.grant);
  }
}

/** What receipts said of balances; only for showing them again. */
function balancesAfter(salvage: Salvage): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const { tx, balance_after: balance } of salvage.rows('sale')) {
    if (typeof tx === 'string' && typeof balance === 'number') known.set(tx, balance);
  }
  return known;
}
