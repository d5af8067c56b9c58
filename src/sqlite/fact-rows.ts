import type { LocalFact, ProgrammesKnown } from '#till/database.ts';
import type { ReadableDb, WritableDb } from './handles.ts';

interface Row {
  readonly seq: number;
  readonly member: string;
  readonly json: string;
}

const COLUMNS = 'seq, member, json';

const localFact = ({ seq, member, json }: Row): LocalFact => ({
  ...(JSON.parse(json) as Omit<LocalFact, 'seq' | 'member'>),
  seq,
  member: member === '' ? null : member,
});

/** Facts as they were read, by their members ('' for nobody), and in the order of their sales. */
interface FactsRead {
  readonly all: readonly LocalFact[];
  readonly byMember: ReadonlyMap<string, readonly LocalFact[]>;
}

/**
 * What each connection has read and nobody has changed since. A till that is offline all day has
 * thousands of facts, and each quote asks for them: rows are read and parsed once, new ones added.
 */
const read = new WeakMap<ReadableDb, FactsRead>();

/** What this till's sales of a member add to the server's facts, oldest first. */
export function readLocalFacts(db: ReadableDb, member: string): readonly LocalFact[] {
  return readFacts(db).byMember.get(member) ?? [];
}

/** The same of everybody's sales, for limits that all members share. */
export function readAllLocalFacts(db: ReadableDb): readonly LocalFact[] {
  return readFacts(db).all;
}

function readFacts(db: ReadableDb): FactsRead {
  const before = read.get(db);
  const rows = db.all<Row>(
    `SELECT ${COLUMNS} FROM local_fact WHERE seq > ? ORDER BY seq`,
    before?.all.at(-1)?.seq ?? 0,
  );
  if (before !== undefined && rows.length === 0) return before;
  const more = rows.map(localFact);
  const byMember = new Map(before?.byMember);
  for (const [member, own] of Map.groupBy(more, (fact) => fact.member ?? ''))
    byMember.set(member, [...(byMember.get(member) ?? []), ...own]);
  const after = { all: [...(before?.all ?? []), ...more], byMember };
  // What may still be rolled back is read for this once.
  if (!db.inTransaction()) read.set(db, after);
  return after;
}

/** Notes what a sale adds. */
export function addLocalFact(db: WritableDb, { seq, member, ...fact }: LocalFact): void {
  db.run(
    `INSERT INTO local_fact
     VALUES (?, ?, coalesce((SELECT version FROM member WHERE member = ?), 0), ?)`,
    seq,
    member ?? '',
    member ?? '',
    JSON.stringify(fact),
  );
}

/**
 * Forgets what the server's facts include by now: acknowledged, and its member's record is a later
 * one. `beforeMs` ends the wait for a record that never comes.
 */
export function dropLocalFacts(db: WritableDb, throughSeq: number, beforeMs: number): void {
  const dropped = db.run(
    `DELETE FROM local_fact
      WHERE seq <= ?
        AND (member = ''
          OR version < (SELECT m.version FROM member m WHERE m.member = local_fact.member)
          OR json ->> 'atMs' < ?)`,
    throughSeq,
    beforeMs,
  );
  if (dropped > 0) read.delete(db);
}

/** Hands one member's facts to another, whose record that includes them is still to come. */
export function moveLocalFacts(db: WritableDb, from: string, into: string): void {
  read.delete(db);
  db.run('UPDATE local_fact SET member = ?, version = 0 WHERE member = ?', into, from);
}

/** What concerns programmes as a whole; nothing before the server's first word. */
export function readProgrammesKnown(db: ReadableDb): ProgrammesKnown | null {
  const row = db.get<{ json: string }>('SELECT json FROM programme_facts');
  return row === undefined ? null : (JSON.parse(row.json) as ProgrammesKnown);
}

/** Replaces it. */
export function writeProgrammesKnown(db: WritableDb, known: ProgrammesKnown): void {
  db.run(
    'INSERT INTO programme_facts VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
    JSON.stringify(known),
  );
}
