import type { HeldRow } from '#journal/posting-rows.ts';
import type {
  ClaimWrite,
  EntryPlace,
  ExceptionWrite,
  GrantWrite,
  LedgerWrite,
  MemberWrite,
  PostingPlan,
  RestoredGrant,
  ReturnWrite,
  SaleWrite,
} from '#journal/posting-writes.ts';
import type { MemberBalance } from '#contract/member.ts';
import { isDuplicate, RaceLost, type WritableDb } from '#server/database/database.ts';
import type { Pipeline } from '#server/database/pipeline.ts';
import {
  bulkInsert,
  insertRows,
  type BulkInsert,
  type InsertColumn,
} from '#server/database/insert.ts';
import { touchMembers } from '#server/members/feed.ts';
import { addToAccounts } from './accounts.ts';
import type { Segment } from './archive.ts';

const place: readonly InsertColumn<EntryPlace>[] = [
  { name: 'till', type: 'text', value: (row) => row.till },
  { name: 'inc', type: 'integer', value: (row) => row.inc },
  { name: 'seq', type: 'bigint', value: (row) => row.seq },
  { name: 'day', type: 'date', value: (row) => row.day },
  { name: 'at_ms', type: 'bigint', value: (row) => row.atMs },
];

const NEW_ONLY = 'on conflict do nothing';

const sales = bulkInsert<SaleWrite>('sale', [
  ...place,
  { name: 'tx', type: 'uuid', value: (row) => row.tx },
  { name: 'receipt', type: 'text', value: (row) => row.receipt },
  { name: 'member', type: 'text', value: (row) => row.member },
  { name: 'proof', type: 'text', value: (row) => row.proof },
  { name: 'currency', type: 'text', value: (row) => row.currency },
  { name: 'subtotal_minor', type: 'bigint', value: (row) => row.subtotalMinor },
  { name: 'discount_minor', type: 'bigint', value: (row) => row.discountMinor },
  { name: 'total_minor', type: 'bigint', value: (row) => row.totalMinor },
  { name: 'tender', type: 'text', value: (row) => row.tender },
]);

const returns = bulkInsert<ReturnWrite>('sale_return', [
  ...place,
  { name: 'tx', type: 'uuid', value: (row) => row.tx },
  { name: 'of_tx', type: 'uuid', value: (row) => row.of },
  { name: 'receipt', type: 'text', value: (row) => row.receipt },
  { name: 'member', type: 'text', value: (row) => row.member },
  { name: 'refund_minor', type: 'bigint', value: (row) => row.refundMinor },
]);

const claims = bulkInsert<ClaimWrite>('claim', [
  ...place,
  { name: 'of_tx', type: 'uuid', value: (row) => row.of },
  { name: 'tx', type: 'uuid', value: (row) => row.tx },
  { name: 'member', type: 'text', value: (row) => row.member },
]);

const members = bulkInsert<MemberWrite>(
  'member',
  [
    { name: 'member', type: 'text', value: (row) => row.member },
    { name: 'owner', type: 'text', value: (row) => row.member },
    { name: 'provisional', type: 'boolean', value: (row) => row.provisional },
    { name: 'enrolled', type: 'boolean', value: (row) => row.enrolled },
    { name: 'market', type: 'text', value: (row) => row.market },
    { name: 'proof', type: 'text', value: (row) => row.proof },
    { name: 'enrolled_till', type: 'text', value: (row) => row.till },
    { name: 'enrolled_day', type: 'date', value: (row) => row.day },
    { name: 'enrolled_at_ms', type: 'bigint', value: (row) => row.atMs },
  ],
  `on conflict (tenant, member) do update set
     enrolled = excluded.enrolled, provisional = excluded.provisional, market = excluded.market,
     proof = excluded.proof, enrolled_till = excluded.enrolled_till,
     enrolled_day = excluded.enrolled_day, enrolled_at_ms = excluded.enrolled_at_ms,
     changes = member.changes + 1
   where excluded.enrolled`,
);

const ledgerColumns: readonly InsertColumn<LedgerWrite>[] = [
  ...place,
  { name: 'member', type: 'text', value: (row) => row.member },
  { name: 'programme', type: 'text', value: (row) => row.programme },
  { name: 'type', type: 'text', value: (row) => row.type },
  { name: 'source', type: 'text', value: (row) => row.source },
  { name: 'points', type: 'bigint', value: (row) => row.points },
  { name: 'counted', type: 'boolean', value: (row) => row.counted },
  { name: 'version', type: 'integer', value: (row) => row.version },
  { name: 'effective_at_ms', type: 'bigint', value: (row) => row.effectiveAtMs },
  { name: 'expires_at_ms', type: 'bigint', value: (row) => row.expiresAtMs },
  { name: 'basis_minor', type: 'bigint', value: (row) => row.basisMinor },
  { name: 'allocated_minor', type: 'bigint', value: (row) => row.allocatedMinor },
  { name: 'value_minor', type: 'bigint', value: (row) => row.valueMinor },
  { name: 'grant_ref', type: 'text', value: (row) => row.grant },
  { name: 'of_type', type: 'text', value: (row) => row.ofType },
  { name: 'of_source', type: 'text', value: (row) => row.ofSource },
];

/** The ledger's own insert for what the server itself may write again, such as opening balances. */
export const ledgerInsert: BulkInsert<LedgerWrite> = bulkInsert('ledger', ledgerColumns, NEW_ONLY);

const ledger: BulkInsert<LedgerWrite> = bulkInsert('ledger', ledgerColumns);

const held = bulkInsert<HeldRow>('held_reversal', [
  ...place,
  { name: 'member', type: 'text', value: (row) => row.member },
  { name: 'programme', type: 'text', value: (row) => row.programme },
  { name: 'of_type', type: 'text', value: (row) => row.ofType },
  { name: 'of_source', type: 'text', value: (row) => row.ofSource },
  { name: 'source', type: 'text', value: (row) => row.source },
  { name: 'points', type: 'bigint', value: (row) => row.points },
  { name: 'expires_at_ms', type: 'bigint', value: (row) => row.expiresAtMs },
  { name: 'version', type: 'integer', value: (row) => row.version },
]);

/** How long a grant that was taken in again is kept, in milliseconds: its till knows better. */
const RESTORED_LEASE_MS = 900_000;

const restoredGrants = bulkInsert<RestoredGrant>('point_grant', [
  { name: 'grant_ref', type: 'text', value: (row) => row.grant },
  { name: 'request_id', type: 'uuid', value: (row) => row.requestId },
  { name: 'member', type: 'text', value: (row) => row.member },
  { name: 'programme', type: 'text', value: (row) => row.programme },
  { name: 'till', type: 'text', value: (row) => row.till },
  { name: 'inc', type: 'integer', value: (row) => row.inc },
  { name: 'amount', type: 'bigint', value: (row) => row.amount },
  { name: 'spent', type: 'bigint', value: (row) => row.spent },
  { name: 'state', type: 'text', value: (row) => row.state },
  { name: 'purpose', type: 'text', value: (row) => row.purpose },
  { name: 'lease_ms', type: 'bigint', value: () => RESTORED_LEASE_MS },
  { name: 'created_at_ms', type: 'bigint', value: (row) => row.atMs },
]);

/** Notes exceptions; the same fact always has the same id and is noted once. */
export const exceptionInsert: BulkInsert<ExceptionWrite> = bulkInsert<ExceptionWrite>(
  'posting_exception',
  [
    ...place,
    { name: 'id', type: 'text', value: (row) => row.id },
    { name: 'code', type: 'text', value: (row) => row.code },
    { name: 'params', type: 'jsonb', value: (row) => JSON.stringify(row.params) },
  ],
  NEW_ONLY,
);

/** What is sent of a plan, one statement per table, whatever the number of entries. */
interface Sending {
  readonly db: WritableDb;
  readonly tenant: string;
  readonly line: Pipeline;
}

/**
 * Sends rows that nobody else may have written: one that was there already means that the plan read too
 * little or lost a race, and the transaction is run again.
 */
function sendNew<Row>(
  { db, tenant, line }: Sending,
  insert: BulkInsert<Row>,
  rows: readonly Row[],
  what: string,
): void {
  void line.send(
    insertRows(db, insert, tenant, rows).catch((error: unknown) => {
      throw isDuplicate(error) ? new RaceLost(what) : error;
    }),
  );
}

/**
 * Sends what a plan says of members and sales: whatever else is asked of these rows can be asked
 * behind them, while the rest of the plan is written.
 */
export function sendSales(to: Sending, { writes }: PostingPlan): void {
  const { db, tenant, line } = to;
  void line.send(insertRows(db, members, tenant, writes.members));
  sendNew(to, sales, writes.sales, 'sale');
  sendNew(to, returns, writes.returns, 'return');
  sendNew(to, claims, writes.claims, 'claim');
}

/** Sends the rest of it, behind `sendSales`. Answers with the balances that changed. */
export function sendPostings(
  to: Sending,
  { writes, exceptions }: PostingPlan,
  segments: readonly Segment[],
  nowMs: number,
): Promise<readonly MemberBalance[]> {
  const { db, tenant, line } = to;
  sendNew(to, ledger, writes.ledger, 'ledger');
  sendNew(to, held, writes.held, 'held');
  void line.send(release(db, tenant, writes.released));
  const balances = line.send(addToAccounts(db, tenant, writes.accounts));
  void line.send(updateGrants(db, tenant, writes.grants));
  sendNew(to, restoredGrants, writes.restored, 'restored grant');
  void line.send(insertRows(db, exceptionInsert, tenant, exceptions));
  void line.send(touchMembers(db, tenant, writes.touched));
  void line.send(moveHeads(db, tenant, segments, nowMs));
  return balances;
}

/**
 * Moves the journals' heads behind what was just posted. A head says what was posted, and alone keeps
 * an entry from being posted twice: it moves only from where the first new entry follows on.
 */
async function moveHeads(
  db: WritableDb,
  tenant: string,
  segments: readonly Segment[],
  nowMs: number,
): Promise<void> {
  const moves = [...Map.groupBy(segments, ({ till }) => till)].flatMap(([till, own]) => {
    const [first, last] = [own[0], own.at(-1)];
    return first === undefined || last === undefined ? [] : [{ till, first, last }];
  });
  const moved = await db.execute(
    `update terminal t set ack_seq = u.last, ack_hash = u.hash, last_contact_ms = $2
     from unnest($3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[])
       as u(till, before, before_hash, last, hash)
     where t.tenant = $1 and t.till = u.till and t.ack_seq = u.before and t.ack_hash = u.before_hash`,
    [
      tenant,
      nowMs,
      moves.map(({ till }) => till),
      moves.map(({ first }) => first.first - 1),
      moves.map(({ first }) => first.previousHash),
      moves.map(({ last }) => last.last),
      moves.map(({ last }) => last.hash),
    ],
  );
  if (moved !== moves.length) throw new RaceLost('head');
}

async function release(db: WritableDb, tenant: string, rows: readonly HeldRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.execute(
    `delete from held_reversal h
     using unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as u(of_type, of_source, member, programme, source)
     where h.tenant = $1 and h.of_type = u.of_type and h.of_source = u.of_source
       and h.member = u.member and h.programme = u.programme and h.source = u.source`,
    [
      tenant,
      rows.map((row) => row.ofType),
      rows.map((row) => row.ofSource),
      rows.map((row) => row.member),
      rows.map((row) => row.programme),
      rows.map((row) => row.source),
    ],
  );
}

/** Writes down what grants are afterwards. */
export async function updateGrants(
  db: WritableDb,
  tenant: string,
  rows: readonly GrantWrite[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.execute(
    `update point_grant g set spent = u.spent, state = u.state
     from unnest($2::text[], $3::bigint[], $4::text[]) as u(grant_ref, spent, state)
     where g.tenant = $1 and g.grant_ref = u.grant_ref`,
    [
      tenant,
      rows.map((row) => row.grant),
      rows.map((row) => row.spent),
      rows.map((row) => row.state),
    ],
  );
}
