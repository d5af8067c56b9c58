import type { ReadableDb } from '#server/database/database.ts';
import { hashesBetween } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';

/** The hash of every entry the server has of a till's present journal, by number; from the bytes it keeps. */
export async function hashesOf(db: ReadableDb, till: string): Promise<ReadonlyMap<number, string>> {
  const heads = await db.query<{ tenant: string; inc: number; ackSeq: number }>(
    'select tenant, inc, ack_seq as "ackSeq" from terminal where till = $1',
    [till],
  );
  const head = heads[0];
  if (head === undefined) return new Map();
  const { tenant, inc, ackSeq } = head;
  return hashesBetween(db, tenant, { till, inc }, { from: 1, to: ackSeq }, chainHash);
}
