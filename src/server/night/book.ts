import { createHash } from 'node:crypto';
import { accountKey } from '#journal/posting-rows.ts';
import type { Ledger, LedgerVoucher } from '#loyalty/ledger.ts';
import type { LedgerEntry } from '#loyalty/entry.ts';
import { SERVER_TILL } from '#server/commands/apply-opening.ts';
import type { WritableDb } from '#server/database/database.ts';
import { bulkInsert, insertRows } from '#server/database/insert.ts';
import { keptUses } from '#server/facts/asked.ts';
import { usesOfEarning, type Detail } from '#server/facts/earn-changes.ts';
import { addShared, bumpFacts } from '#server/facts/refresh.ts';
import { EVERYBODY, foldUses } from '#server/facts/use-fold.ts';
import { addUses } from '#server/facts/uses.ts';
import { ownersOfHolders, writeVouchers, type VoucherWrite } from '#server/facts/vouchers.ts';
import { touchMembers } from '#server/members/feed.ts';
import { addMeasures } from '#server/members/measures.ts';
import { noMeasures } from '#server/members/tier-rules.ts';
import type { ShopRules } from '#server/shop.ts';
import { addToAccounts, lockAccounts } from '#server/posting/accounts.ts';
import {
  appendServerEntries,
  type ServerBody,
  type ServerHead,
  type ServerRun,
} from './server-entry.ts';

/** What a job of the night added. */
export interface Added {
  readonly entries: readonly LedgerEntry[];
  readonly vouchers: readonly LedgerVoucher[];
}

/** What the engine added to a ledger that was loaded. */
export function addedTo(before: Ledger, after: Ledger): Added {
  return {
    entries: after.entries.slice(before.entries.length),
    vouchers: after.vouchers.slice(before.vouchers.length),
  };
}

type Booked = LedgerEntry & { readonly seq: number; readonly run: ServerRun };

const rows = bulkInsert<Booked>('ledger', [
  { name: 'till', type: 'text', value: () => SERVER_TILL },
  { name: 'inc', type: 'integer', value: () => 1 },
  { name: 'seq', type: 'bigint', value: (row) => row.seq },
  { name: 'day', type: 'date', value: (row) => row.run.day },
  { name: 'at_ms', type: 'bigint', value: (row) => row.run.atMs },
  { name: 'member', type: 'text', value: (row) => row.account.holder },
  { name: 'programme', type: 'text', value: (row) => row.account.programme },
  { name: 'type', type: 'text', value: (row) => row.type },
  { name: 'source', type: 'text', value: (row) => row.source },
  { name: 'points', type: 'bigint', value: (row) => row.amount },
  { name: 'counted', type: 'boolean', value: (row) => counts(row) },
  { name: 'version', type: 'integer', value: (row) => row.programmeVersion ?? 1 },
  { name: 'effective_at_ms', type: 'bigint', value: (row) => row.effectiveAtMs },
  { name: 'expires_at_ms', type: 'bigint', value: (row) => row.expiresAtMs },
  { name: 'lot', type: 'text', value: (row) => row.lotId },
  { name: 'breakdown', type: 'jsonb', value: (row) => JSON.stringify(row.breakdown) },
]);

function counts(row: Booked): boolean {
  return row.effectiveAtMs <= row.run.atMs;
}

/** A voucher's account among the server's references: the engine's own names may be too long. */
function holderOf(name: string): string {
  return `v-n${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/**
 * Books what a job added: ledger, accounts, vouchers, counters, and the server's journal.
 *
 * The accounts of the members must be locked; those of new vouchers are opened here. Returns the
 * journal's new head.
 */
export async function book(
  db: WritableDb,
  run: ServerRun,
  head: ServerHead,
  added: Added,
  shop: ShopRules,
): Promise<ServerHead> {
  if (added.entries.length === 0) return head;
  const { tenant } = run;
  const holders = new Map(added.vouchers.map(({ holder }) => [holder, holderOf(holder)]));
  const entries = added.entries.map((entry, index): Booked => {
    const holder = holders.get(entry.account.holder) ?? entry.account.holder;
    return { ...entry, account: { ...entry.account, holder }, run, seq: head.seq + index + 1 };
  });
  const vouchers = added.vouchers.map((voucher): VoucherWrite => ({
    holder: holders.get(voucher.holder) ?? voucher.holder,
    programme: voucher.programme,
    owner: voucher.owner,
    by: giverOf(voucher, entries, holders),
    expiresAtMs: voucher.expiresAtMs,
  }));
  const next = await appendServerEntries(db, run, head, [
    ...entries.map(ledgerBodyOf),
    ...vouchers.map((voucher) => ({ kind: 'voucher' as const, ...voucher })),
  ]);
  await openHolders(db, run, vouchers);
  await insertRows(db, rows, tenant, entries);
  await addBalances(db, tenant, entries);
  await writeVouchers(db, tenant, vouchers, shop.programmes);
  await count(db, run, entries, new Set(holders.values()), shop);
  const concerned = entries.map(({ account }) => account.holder);
  const owners = [
    ...new Set([
      ...concerned,
      ...(await ownersOfHolders(db, tenant, concerned)),
      ...vouchers.flatMap(({ owner }) => owner ?? []),
    ]),
  ].filter((owner) => !vouchers.some(({ holder }) => holder === owner));
  await bumpFacts(db, tenant, owners.toSorted());
  await touchMembers(db, tenant, owners);
  return next;
}

function ledgerBodyOf(entry: Booked): ServerBody {
  return {
    kind: 'ledger',
    holder: entry.account.holder,
    programme: entry.account.programme,
    version: entry.programmeVersion ?? 1,
    type: entry.type,
    points: entry.amount,
    source: entry.source,
    lot: entry.lotId,
    effectiveAtMs: entry.effectiveAtMs,
    expiresAtMs: entry.expiresAtMs,
    breakdown: { ...entry.breakdown },
  };
}

/** The programme and the rule or reward that points were taken for to give the voucher. */
function giverOf(
  voucher: LedgerVoucher,
  entries: readonly Booked[],
  holders: ReadonlyMap<string, string>,
): VoucherWrite['by'] {
  const put = entries.find(({ account }) => account.holder === holders.get(voucher.holder));
  const paid = entries.find(({ type, source }) => type === 'redeem' && source === put?.source);
  const rule = voucher.rule ?? Object.keys(paid?.breakdown ?? {})[0] ?? '';
  return { programme: paid?.account.programme ?? voucher.programme, rule };
}

async function openHolders(
  db: WritableDb,
  { tenant, day, atMs }: ServerRun,
  vouchers: readonly VoucherWrite[],
): Promise<void> {
  if (vouchers.length === 0) return;
  await db.execute(
    `insert into member (tenant, member, owner, provisional, enrolled, enrolled_till, enrolled_day, enrolled_at_ms)
     select $1, u.holder, u.holder, false, false, $3, $4::date, $5 from unnest($2::text[]) as u(holder)
     on conflict do nothing`,
    [tenant, vouchers.map(({ holder }) => holder), SERVER_TILL, day, atMs],
  );
}

async function addBalances(
  db: WritableDb,
  tenant: string,
  entries: readonly Booked[],
): Promise<void> {
  const deltas = new Map<
    string,
    { owner: string; programme: string; posted: number; pending: number }
  >();
  for (const entry of entries) {
    const { holder: owner, programme } = entry.account;
    const key = accountKey(owner, programme);
    const delta = deltas.get(key) ?? { owner, programme, posted: 0, pending: 0 };
    if (counts(entry)) delta.posted += entry.amount;
    else delta.pending += entry.amount;
    deltas.set(key, delta);
  }
  await lockAccounts(db, tenant, deltas);
  await addToAccounts(
    db,
    tenant,
    [...deltas.values()].map((delta) => ({ ...delta, held: 0, granted: 0 })),
  );
}

/** Earnings of the night count as uses and measures as those of a sale do. */
async function count(
  db: WritableDb,
  run: ServerRun,
  entries: readonly Booked[],
  holders: ReadonlySet<string>,
  shop: ShopRules,
): Promise<void> {
  const { tenant, day } = run;
  const earned = entries.filter(({ type }) => type === 'earn');
  const uses = earned.flatMap((entry) => {
    const { holder: member, programme } = entry.account;
    const bearer = holders.has(member);
    const { source, breakdown, amount: points } = entry;
    const detail: Detail = { member, programme, source, breakdown, qualifyingPoints: null, bearer };
    return usesOfEarning(
      detail,
      { owner: member, day, points, saleAtMs: null },
      1,
      shop.programmes,
    );
  });
  const counted = keptUses(uses, shop.programmes);
  await addUses(db, tenant, foldUses(counted.filter(({ owner }) => owner !== EVERYBODY)));
  await addMeasures(
    db,
    tenant,
    earned
      .filter(({ account }) => !holders.has(account.holder))
      .map(({ account, amount }) => ({
        ...noMeasures,
        owner: account.holder,
        programme: account.programme,
        day,
        earned: amount,
      })),
    shop.programmes,
  );
  const given = new Map<string, number>();
  for (const { account, amount } of earned) {
    given.set(account.programme, (given.get(account.programme) ?? 0) + amount);
  }
  await addShared(db, tenant, counted, given, shop.programmes);
}
