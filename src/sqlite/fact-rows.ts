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

/** What this till's sales of a member add to the server's facts, oldest first. */
export function readLocalFacts(db: ReadableDb, member: string): LocalFact[] {
  return db
    .all<Row>(`SELECT ${COLUMNS} FROM local_fact WHERE member = ? ORDER BY seq`, member)
    .map(localFact);
}

/** The same of everybody's sales, for limits that all members share. */
export function readAllLocalFacts(db: ReadableDb): LocalFact[] {
  return db.all<Row>(`SELECT ${COLUMNS} FROM local_fact ORDER BY seq`).map(localFact);
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
  db.run(
    `DELETE FROM local_fact
      WHERE seq <= ?
        AND (member = ''
          OR version < (SELECT m.version FROM member m WHERE m.member = local_fact.member)
          OR json ->> 'atMs' < ?)`,
    throughSeq,
    beforeMs,
  );
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
