import type { FollowUp } from '#contract/manager-members.ts';
import { openSealed, seal } from '#node/seal.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import type { Applied } from '#server/commands/command.ts';
import { knownMembers, labelOf } from './labels.ts';

/** Something a person means to do. */
export interface FollowUpWrite {
  readonly tenant: string;
  readonly id: string;
  readonly member: string | null;
  readonly till: string | null;
  /** The exception it came from; its words then say what it is about. */
  readonly exception: string | null;
  /** Sealed under the member's key, from `sealWords`; empty where there are none. */
  readonly words: string;
  readonly by: string;
  readonly atMs: number;
}

/** Somebody writes a note about a member. */
export interface NoteCommand extends FollowUpWrite {
  readonly kind: 'note';
}

/** Somebody did what a note says. */
export interface NoteDoneCommand {
  readonly kind: 'note-done';
  readonly nowMs: number;
  readonly tenant: string;
  readonly id: string;
  readonly by: string;
}

function contextOf(tenant: string, member: string, id: string): string {
  return `follow-up/${tenant}/${member}/${id}`;
}

/**
 * Seals a note's words under its member's key: whoever is erased takes the notes along. Null where
 * that member's data was erased.
 */
export async function sealWords(
  db: ReadableDb,
  { tenant, member, id }: { readonly tenant: string; readonly member: string; readonly id: string },
  words: string,
): Promise<string | null> {
  const key = (await db.keys.ensure(tenant, [member])).get(member);
  return key === undefined ? null : seal(key, contextOf(tenant, member, id), words);
}

/** Keeps a follow-up; the same one once. */
export async function addFollowUp(db: WritableDb, note: FollowUpWrite): Promise<number> {
  const { tenant, id, member, till, exception, words, by, atMs } = note;
  return db.execute(
    `insert into follow_up (tenant, id, member, till, exception, words, by_cashier, at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [tenant, id, member, till, exception, words, by, atMs],
  );
}

/** Keeps a note. */
export async function applyNote(db: WritableDb, command: NoteCommand): Promise<Applied<null>> {
  return { result: null, changed: (await addFollowUp(db, command)) > 0 };
}

/** Notes that it was done; a second time changes nothing. */
export async function applyNoteDone(
  db: WritableDb,
  { tenant, id, by, nowMs }: NoteDoneCommand,
): Promise<Applied<null>> {
  const done = await db.execute(
    `update follow_up set done_by = $3, done_at_ms = $4
     where tenant = $1 and id = $2 and done_at_ms is null`,
    [tenant, id, by, nowMs],
  );
  return { result: null, changed: done > 0 };
}

/** Most follow-ups one list shows. */
const FOLLOW_UPS_MAX = 50;

/** What is still to be done, latest first: about one member, or about all. */
export async function readFollowUps(
  db: ReadableDb,
  tenant: string,
  member: string | null,
): Promise<readonly FollowUp[]> {
  const rows = await db.query<
    Omit<FollowUp, 'member' | 'words'> & { member: string | null; words: string }
  >(
    `select f.id, f.member, f.till, f.exception, f.words, f.by_cashier as by, f.at_ms as "atMs"
     from follow_up f where f.tenant = $1 and f.done_at_ms is null
       and ($2::text is null or f.member in (
         select m.member from member m where m.tenant = $1 and m.owner = $2))
     order by f.at_ms desc, f.id limit ${FOLLOW_UPS_MAX}`,
    [tenant, member],
  );
  const about = rows.flatMap(({ member: ref }) => ref ?? []);
  const known = await knownMembers(db, tenant, about);
  const keys = await db.keys.of(tenant, [...new Set(about)]);
  return rows.map((row) => {
    const key = row.member === null ? undefined : keys.get(row.member);
    const { words, member: ref } = row;
    const opened =
      words === '' || ref === null
        ? ''
        : key === undefined
          ? null
          : openSealed(key, contextOf(tenant, ref, row.id), words);
    return { ...row, words: opened, member: ref === null ? null : labelOf(known.get(ref)) };
  });
}
