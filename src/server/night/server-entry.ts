import { z } from 'zod';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { GENESIS_HASH } from '#journal/chain.ts';
import { businessDay, ref, transactionId } from '#journal/entry.ts';
import { adjustReasons } from '#contract/manager-members.ts';
import { settlementWays } from '#journal/settlement.ts';
import { entryTypes } from '#loyalty/entry.ts';
import type { WritableDb } from '#server/database/database.ts';
import { packTexts, writeSegments } from '#server/posting/archive.ts';

const text = z.string().max(256);

/** A row of the ledger that no till journalled. */
const ledgerBody = z.strictObject({
  kind: z.literal('ledger'),
  holder: ref,
  programme: ref,
  version: z.int(),
  type: z.enum(entryTypes),
  points: z.int(),
  source: text,
  lot: text.nullable(),
  effectiveAtMs: z.int(),
  expiresAtMs: z.int().nullable(),
  breakdown: z.record(z.string().max(64), z.int()),
});

/** A voucher the server handed out. */
const voucherBody = z.strictObject({
  kind: z.literal('voucher'),
  holder: ref,
  owner: ref.nullable(),
  programme: ref,
  by: z.strictObject({ programme: ref, rule: text }),
  expiresAtMs: z.int().nullable(),
});

/** A tier that a review gave or took. */
const tierBody = z.strictObject({
  kind: z.literal('tier'),
  member: ref,
  programme: ref,
  source: text,
  from: z.string().nullable(),
  to: z.string().nullable(),
});

/** An exception that somebody settled; the points it moved follow as a row of the ledger. */
const settlementBody = z.strictObject({
  kind: z.literal('settlement'),
  exception: text,
  way: z.enum(settlementWays),
  points: z.int(),
  by: ref,
  approvedBy: ref.nullable(),
});

/** Points a manager gave or took by hand; they follow as a row of the ledger. */
const adjustmentBody = z.strictObject({
  kind: z.literal('adjustment'),
  member: ref,
  programme: ref,
  points: z.int(),
  reason: z.enum(adjustReasons),
  by: ref,
  approvedBy: ref,
});

/** Two records a manager joined. */
const mergeBody = z.strictObject({
  kind: z.literal('merge'),
  from: ref,
  into: ref,
  by: ref,
  approvedBy: ref,
});

/** What the server did by itself, or by a manager's decision. */
export const serverBody = z.discriminatedUnion('kind', [
  ledgerBody,
  voucherBody,
  tierBody,
  settlementBody,
  adjustmentBody,
  mergeBody,
]);
export type ServerBody = z.infer<typeof serverBody>;

/** One entry of the server's own journal; chained as a till's is. */
export const serverEntry = z.strictObject({
  v: z.literal(1),
  tenant: ref,
  store: ref,
  till: z.literal(SERVER_TILL),
  seq: z.int().positive(),
  /** The run that made it. */
  tx: transactionId,
  /** When what it says holds from: the end of the business day. */
  atMs: z.int(),
  day: businessDay,
  body: serverBody,
});

/** Where the server's journal stands. */
export interface ServerHead {
  readonly seq: number;
  readonly hash: string;
}

/** Locks the head of a tenant's server journal: one night at a time, whatever the processes. */
export async function lockServerHead(db: WritableDb, tenant: string): Promise<ServerHead> {
  await db.execute(
    'insert into server_head (tenant, hash) values ($1, $2) on conflict do nothing',
    [tenant, GENESIS_HASH],
  );
  const rows = await db.query<ServerHead>(
    'select seq, hash from server_head where tenant = $1 for update',
    [tenant],
  );
  return rows[0] ?? { seq: 0, hash: GENESIS_HASH };
}

/** Where and when a run of the server writes. */
export interface ServerRun {
  readonly tenant: string;
  readonly store: string;
  readonly tx: string;
  readonly atMs: number;
  readonly day: string;
}

/** Appends to the server's journal; the head must be locked. Returns the number of the first entry. */
export async function appendServerEntries(
  db: WritableDb,
  run: ServerRun,
  head: ServerHead,
  bodies: readonly ServerBody[],
): Promise<ServerHead> {
  if (bodies.length === 0) return head;
  const texts: string[] = [];
  let { seq, hash } = head;
  for (const body of bodies) {
    seq += 1;
    const entry = { v: 1, ...run, till: SERVER_TILL, seq, body } as const;
    const sealedText = JSON.stringify(serverEntry.parse(entry));
    hash = chainHash(hash, sealedText);
    texts.push(sealedText);
  }
  const segment = { till: SERVER_TILL, inc: 1, first: head.seq + 1, last: seq, day: run.day };
  const ends = { previousHash: head.hash, hash, packed: packTexts(texts) };
  await writeSegments(db, run.tenant, [{ ...segment, ...ends }]);
  await db.execute('update server_head set seq = $2, hash = $3 where tenant = $1', [
    run.tenant,
    seq,
    hash,
  ]);
  return { seq, hash };
}
