import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_HEAD, readChain, type JournalHead } from '#journal/chain.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { readAnchor, type Anchor } from '#sqlite/anchor.ts';
import { chainHash } from '#sqlite/chain-hash.ts';
import { connectReadOnly, sqliteCode } from '#sqlite/connection.ts';
import type { ReadableDb } from '#sqlite/handles.ts';
import type { TillIdentity } from '#sqlite/inspect.ts';
import { readEntriesAfter, readHashAt, readSyncState, sameRow } from '#sqlite/journal-rows.ts';
import { databaseFiles } from '#sqlite/open.ts';
import type { JournalRow } from '#till/database.ts';

/** Entries read at a time: a journal of years is checked in little memory. */
const PAGE_ENTRIES = 1000;

/** A journal that is whole, and what says so. */
export interface WholeJournal {
  readonly identity: TillIdentity;
  readonly head: JournalHead;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  /** The head as the file outside the database knows it; null where there is none yet. */
  readonly anchor: Anchor | null;
  /** Up to where the server has taken it. */
  readonly ackSeq: number;
}

/** Where a journal is broken, or why it cannot be read: a sentence, and what it means. */
export interface JournalBreak {
  /** The entry it was found at; null where it is not one entry. */
  readonly seq: number | null;
  readonly what: string;
}

/**
 * Checks a till's journal from its first entry to its last.
 *
 * Reads only, also beside a running till: one transaction sees one state. The order matters: the anchor
 * is read before the database, because a till moves it only after what it names is committed.
 */
export function checkJournal(directory: string): Result<WholeJournal, JournalBreak> {
  const path = join(directory, databaseFiles.database);
  if (!existsSync(path)) return broken(null, `There is no till’s database at ${path}.`);
  const { anchor, damaged } = readAnchor(join(directory, databaseFiles.anchor));
  if (damaged)
    return broken(null, 'The head anchor is damaged: whether the end is missing is not known.');
  try {
    const connection = connectReadOnly(path);
    try {
      connection.exec('BEGIN');
      const check = String(connection.pragma('integrity_check(1)'));
      if (check !== 'ok') return broken(null, `The database file is damaged: ${check}.`);
      return checkRows(connection.readable, anchor);
    } finally {
      connection.close();
    }
  } catch (error) {
    const code = sqliteCode(error);
    if (code === null) throw error;
    return broken(null, `The database cannot be read: ${code}.`);
  }
}

function checkRows(db: ReadableDb, anchor: Anchor | null): Result<WholeJournal, JournalBreak> {
  const identity = db.get<TillIdentity>('SELECT tenant, store, till, inc FROM identity');
  if (identity === undefined) return broken(null, 'The database does not say whose it is.');
  let head = EMPTY_HEAD;
  let firstDay: string | null = null;
  let lastDay: string | null = null;
  for (;;) {
    const rows = readEntriesAfter(db, head.seq, PAGE_ENTRIES);
    const last = rows.at(-1);
    if (last === undefined) break;
    for (const row of rows) {
      const problem = rowProblem(row, head, identity);
      if (problem !== null) return broken(head.seq + 1, problem);
      head = { seq: row.seq, hash: row.hash };
    }
    firstDay ??= rows[0]?.day ?? null;
    lastDay = last.day;
  }
  const { ackSeq, ackHash } = readSyncState(db);
  const outside =
    anchorProblem(db, anchor, identity, head) ?? ackProblem(db, ackSeq, ackHash, head);
  if (outside !== null) return err(outside);
  return ok({ identity, head, firstDay, lastDay, anchor, ackSeq });
}

/** Why a row is not the entry after `head`; null when it is. */
function rowProblem(row: JournalRow, head: JournalHead, identity: TillIdentity): string | null {
  const seq = head.seq + 1;
  if (row.seq !== seq) return `Entries ${seq} to ${row.seq - 1} are missing.`;
  const read = readChain([row.text], head, chainHash);
  const stored = read.ok ? read.value[0] : undefined;
  // The hash first: it speaks for every byte, so that what follows can only be a writer's mistake.
  if (chainHash(head.hash, row.text) !== row.hash) {
    return `The text of entry ${seq} is not what its hash says, or follows another entry.`;
  }
  if (stored === undefined)
    return `Entry ${seq} cannot be read: ${read.ok ? '' : read.error.code}.`;
  const { entry } = stored;
  if (!sameRow(row, entry)) return `The columns of entry ${seq} do not say what its text says.`;
  const { tenant, store, till, inc } = entry;
  const own =
    tenant === identity.tenant &&
    store === identity.store &&
    till === identity.till &&
    inc === identity.inc;
  return own ? null : `Entry ${seq} was written by another till (${till}, incarnation ${inc}).`;
}

/** What the head that was noted outside the database knows better. */
function anchorProblem(
  db: ReadableDb,
  anchor: Anchor | null,
  identity: TillIdentity,
  head: JournalHead,
): JournalBreak | null {
  if (anchor === null || anchor.inc !== identity.inc) return null;
  if (anchor.seq > head.seq) {
    const what = `Entries ${head.seq + 1} to ${anchor.seq} are gone: the head anchor has seen them.`;
    return { seq: head.seq + 1, what };
  }
  if (readHashAt(db, anchor.seq) === anchor.hash) return null;
  const what = `Entry ${anchor.seq} is not the one that the head anchor has seen: the journal was replaced.`;
  return { seq: anchor.seq, what };
}

/** What the server took must be what is here. */
function ackProblem(
  db: ReadableDb,
  ackSeq: number,
  ackHash: string,
  head: JournalHead,
): JournalBreak | null {
  if (ackSeq > head.seq) {
    const what = `Entries ${head.seq + 1} to ${ackSeq} are gone: the server has them.`;
    return { seq: head.seq + 1, what };
  }
  if (readHashAt(db, ackSeq) === ackHash) return null;
  return { seq: ackSeq, what: `Entry ${ackSeq} is not the one that the server has taken.` };
}

function broken(seq: number | null, what: string): Result<never, JournalBreak> {
  return err({ seq, what });
}
