import type { SyncInput, SyncOutput } from '#contract/sync.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { textsAfter } from '#server/posting/archive.ts';

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
  return { ...head, entries: [...(await textsAfter(db, till.tenant, journal, after, limit))] };
}
