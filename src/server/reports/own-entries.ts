import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { textsAfter } from '#server/posting/archive.ts';

/** Longest sum of texts in one answer, in UTF-16 units: well under the longest one a till reads. */
const ANSWER_LENGTH_MAX = 8_000_000;

/**
 * A till's own journal as the server has it, for a till whose database was damaged.
 *
 * Verbatim and in order; the till checks every text against the chain, so that nothing but what it
 * once wrote can come back into its journal. Null where the till is not known.
 */
export async function ownEntries(
  db: ReadableDb,
  till: { readonly tenant: string; readonly till: string },
  { inc, after, limit }: SyncInput<'own-entries'>,
): Promise<SyncOutput<'own-entries'> | null> {
  const heads = await db.query<Omit<SyncOutput<'own-entries'>, 'entries'>>(
    `select t.inc, t.state, t.ack_seq as "ackSeq", t.ack_hash as "ackHash", n.epoch
     from terminal t join tenant n using (tenant) where t.tenant = $1 and t.till = $2`,
    [till.tenant, till.till],
  );
  const head = heads[0];
  if (head === undefined) return null;
  const journal = { till: till.till, inc };
  const texts = await textsAfter(db, till.tenant, journal, after, limit);
  let length = 0;
  const over = texts.findIndex((text, index) => {
    length += text.length;
    return length > ANSWER_LENGTH_MAX && index > 0;
  });
  return { ...head, entries: [...(over < 0 ? texts : texts.slice(0, over))] };
}
