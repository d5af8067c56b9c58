import { z } from 'zod';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import { chainHash } from '#server/commands/apply-push.ts';
import { GENESIS_HASH } from '#journal/chain.ts';
import { businessDay, ref, transactionId } from '#journal/entry.ts';
import { entryTypes } from '#loyalty/entry.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';

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

/** What the server did by itself. */
export const serverBody = z.discriminatedUnion('kind', [ledgerBody, voucherBody, tierBody]);
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

interface Sealed {
  readonly seq: number;
  readonly hash: string;
  readonly tx: string;
  readonly day: string;
  readonly kind: string;
  readonly text: string;
}

const keys = bulkInsert<Sealed>('entry_key', [
  { name: 'till', type: 'text', value: () => SERVER_TILL },
  { name: 'inc', type: 'integer', value: () => 1 },
  { name: 'seq', type: 'bigint', value: (row) => row.seq },
  { name: 'hash', type: 'hex', value: (row) => row.hash },
]);

const archive = bulkInsert<Sealed>('archive', [
  { name: 'till', type: 'text', value: () => SERVER_TILL },
  { name: 'inc', type: 'integer', value: () => 1 },
  { name: 'seq', type: 'bigint', value: (row) => row.seq },
  { name: 'day', type: 'date', value: (row) => row.day },
  { name: 'tx', type: 'uuid', value: (row) => row.tx },
  { name: 'kind', type: 'text', value: (row) => row.kind },
  { name: 'text', type: 'text', value: (row) => row.text },
]);

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
  const sealed: Sealed[] = [];
  let { seq, hash } = head;
  for (const body of bodies) {
    seq += 1;
    const entry = { v: 1, ...run, till: SERVER_TILL, seq, body } as const;
    const sealedText = JSON.stringify(serverEntry.parse(entry));
    hash = chainHash(hash, sealedText);
    const { tx, day } = run;
    sealed.push({ seq, hash, tx, day, kind: `server-${body.kind}`, text: sealedText });
  }
  await insertRows(db, keys, run.tenant, sealed);
  await insertRows(db, archive, run.tenant, sealed);
  await db.execute('update server_head set seq = $2, hash = $3 where tenant = $1', [
    run.tenant,
    seq,
    hash,
  ]);
  return { seq, hash };
}
