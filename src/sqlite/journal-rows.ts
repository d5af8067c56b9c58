import { shopConfig, type ShopConfig } from '#contract/shop.ts';
import { EMPTY_HEAD, GENESIS_HASH, type JournalHead } from '#journal/chain.ts';
import type { JournalEntry } from '#journal/entry.ts';
import { programme, type Programme } from '#loyalty/programme.ts';
import type { JournalRow, SyncState } from '#till/database.ts';
import { assert } from '#loyalty/result.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

const COLUMNS = 'seq, tx, kind, day, text, hash';
const INSERT_ENTRY = `INSERT INTO journal (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`;

/** Where the journal ends: read from the journal itself, each time. */
export function readHead(db: ReadableDb): JournalHead {
  const row = db.get<JournalHead>('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1');
  return row ?? EMPTY_HEAD;
}

/** Hash of one entry, the genesis hash for 0, null where there is none. */
export function readHashAt(db: ReadableDb, seq: number): string | null {
  if (seq === 0) return GENESIS_HASH;
  const row = db.get<{ hash: string }>('SELECT hash FROM journal WHERE seq = ?', seq);
  return row?.hash ?? null;
}

/** Entries after a sequence number, in order. */
export function readEntriesAfter(db: ReadableDb, after: number, limit: number): JournalRow[] {
  return db.all<JournalRow>(
    `SELECT ${COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    limit,
  );
}

/** Entries of a range, both ends included, in order. */
export function readEntriesBetween(db: ReadableDb, first: number, last: number): JournalRow[] {
  return db.all<JournalRow>(
    `SELECT ${COLUMNS} FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq`,
    first,
    last,
  );
}

/** Entries of a business day after a sequence number, in order. */
export function readEntriesOfDay(
  db: ReadableDb,
  day: string,
  after: number,
  limit: number,
): JournalRow[] {
  return db.all<JournalRow>(
    `SELECT ${COLUMNS} FROM journal WHERE day = ? AND seq > ? ORDER BY seq LIMIT ?`,
    day,
    after,
    limit,
  );
}

/** Appends one sealed entry; a gap, an update or a deletion is stopped by the database itself. */
export function appendEntry(db: WritableDb, row: JournalRow): void {
  db.run(INSERT_ENTRY, row.seq, row.tx, row.kind, row.day, row.text, row.hash);
}

const SYNC_COLUMNS = {
  ackSeq: 'ack_seq',
  ackHash: 'ack_hash',
  durableSeq: 'durable_seq',
  epoch: 'epoch',
  cursor: 'cursor',
  stopped: 'stopped',
  contactAtMs: 'contact_at_ms',
  pulledAtMs: 'pulled_at_ms',
} as const satisfies Record<keyof SyncState, string>;

const SYNC_SELECT = Object.entries(SYNC_COLUMNS)
  .map(([field, column]) => `${column} AS ${field}`)
  .join(', ');

/** How far the server has come. */
export function readSyncState(db: ReadableDb): SyncState {
  const row = db.get<SyncState>(`SELECT ${SYNC_SELECT} FROM sync`);
  assert(row !== undefined, 'the sync row is there from the first migration on');
  return row;
}

/** Changes what is named and leaves the rest. */
export function writeSyncState(db: WritableDb, change: Partial<SyncState>): void {
  const next = { ...readSyncState(db), ...change };
  db.run(
    `UPDATE sync SET ack_seq = ?, ack_hash = ?, durable_seq = ?, epoch = ?, cursor = ?, stopped = ?,
       contact_at_ms = ?, pulled_at_ms = ?`,
    next.ackSeq,
    next.ackHash,
    next.durableSeq,
    next.epoch,
    next.cursor,
    next.stopped,
    next.contactAtMs,
    next.pulledAtMs,
  );
}

/** The shop's configuration as last received. */
export function readConfig(db: ReadableDb): ShopConfig | null {
  const row = db.get<{ json: string }>('SELECT json FROM config');
  return row === undefined ? null : shopConfig.parse(JSON.parse(row.json));
}

/** Replaces the configuration and keeps every version of its programmes. */
export function writeConfig(db: WritableDb, config: ShopConfig): void {
  db.run(
    'INSERT INTO config VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json',
    config.version,
    JSON.stringify(config),
  );
  for (const known of config.programmes) writeProgrammeVersion(db, known);
}

/** Keeps a programme in one version; the first word on a version is the last. */
export function writeProgrammeVersion(db: WritableDb, known: Programme): void {
  db.run(
    'INSERT INTO programme_version VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    known.id,
    known.version,
    JSON.stringify(known),
  );
}

/** A programme as it was in a version; versions never change. */
export function readProgrammeVersion(
  db: ReadableDb,
  id: string,
  version: number,
): Programme | null {
  const row = db.get<{ json: string }>(
    'SELECT json FROM programme_version WHERE programme = ? AND version = ?',
    id,
    version,
  );
  return row === undefined ? null : programme.parse(JSON.parse(row.json));
}

/** Whether what is looked up by says the same as the text: the hash speaks for the text alone. */
export function sameRow(row: JournalRow, entry: JournalEntry): boolean {
  return row.tx === entry.tx && row.kind === entry.body.kind && row.day === entry.day;
}
