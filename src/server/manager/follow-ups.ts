import type { WritableDb } from '#server/database/database.ts';

/** Something a person means to do. */
export interface FollowUpWrite {
  readonly tenant: string;
  readonly id: string;
  readonly member: string | null;
  readonly till: string | null;
  /** The exception it came from; its words then say what it is about. */
  readonly exception: string | null;
  readonly words: string;
  readonly by: string;
  readonly atMs: number;
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
