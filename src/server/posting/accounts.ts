import { accountKey, type AccountRow } from '#journal/posting-rows.ts';
import type { AccountDelta } from '#journal/posting-writes.ts';
import type { MemberBalance } from '#contract/member.ts';
import type { WritableDb } from '#server/database/database.ts';
import { BALANCE_COLUMNS } from '#server/members/records.ts';

/** Accounts by `accountKey`. */
export type AccountPairs = ReadonlyMap<
  string,
  { readonly owner: string; readonly programme: string }
>;

/** An account by a member, who may belong to another one by now. */
export interface NamedAccount {
  readonly member: string;
  readonly programme: string;
}

const accountsWhere = (wanted: string): string => `
  select owner, programme, posted, pending, held, granted from account
  where tenant = $1 and (owner, programme) in (${wanted})
  order by owner, programme for update`;

const ACCOUNTS = accountsWhere('select * from unnest($2::text[], $3::text[])');

const NAMED_ACCOUNTS = accountsWhere(`
  select coalesce(m.owner, u.member), u.programme
  from unnest($2::text[], $3::text[]) as u(member, programme)
    left join member m on m.tenant = $1 and m.member = u.member
  union all
  select coalesce(m.owner, g.member), g.programme
  from point_grant g left join member m on m.tenant = $1 and m.member = g.member
  where g.tenant = $1 and g.grant_ref = any($4::text[]) and g.purpose <> 'risk'`);

/** Locks accounts in order; those that are missing are opened first, so that there is a row to lock. */
export async function lockAccounts(
  db: WritableDb,
  tenant: string,
  pairs: AccountPairs,
): Promise<ReadonlyMap<string, AccountRow>> {
  const known = await readAccounts(db, tenant, pairs);
  const missing = [...pairs.values()]
    .filter(({ owner, programme }) => !known.has(accountKey(owner, programme)))
    .toSorted((a, b) =>
      accountKey(a.owner, a.programme) < accountKey(b.owner, b.programme) ? -1 : 1,
    );
  if (missing.length === 0) return known;
  await db.execute(
    `insert into account (tenant, owner, programme)
     select $1, u.* from unnest($2::text[], $3::text[]) u on conflict do nothing`,
    [tenant, missing.map(({ owner }) => owner), missing.map(({ programme }) => programme)],
  );
  return readAccounts(db, tenant, pairs);
}

/** Those of the accounts that are there, locked. */
async function readAccounts(
  db: WritableDb,
  tenant: string,
  pairs: AccountPairs,
): Promise<ReadonlyMap<string, AccountRow>> {
  if (pairs.size === 0) return new Map();
  const wanted = [...pairs.values()];
  const rows = await db.query<AccountRow>(ACCOUNTS, [
    tenant,
    wanted.map(({ owner }) => owner),
    wanted.map(({ programme }) => programme),
  ]);
  return byKey(rows);
}

/** The same of what entries and grants name: whose those are is found where the accounts are. */
export async function readNamedAccounts(
  db: WritableDb,
  tenant: string,
  named: readonly NamedAccount[],
  grants: readonly string[],
): Promise<ReadonlyMap<string, AccountRow>> {
  if (named.length === 0 && grants.length === 0) return new Map();
  const rows = await db.query<AccountRow>(NAMED_ACCOUNTS, [
    tenant,
    named.map(({ member }) => member),
    named.map(({ programme }) => programme),
    grants,
  ]);
  return byKey(rows);
}

function byKey(rows: readonly AccountRow[]): ReadonlyMap<string, AccountRow> {
  return new Map(rows.map((row) => [accountKey(row.owner, row.programme), row]));
}

/**
 * Adds to accounts that `lockAccounts` opened. The database adds, so that nothing read before is
 * overwritten, and its checks see the sums and never a change alone. Returns the new balances.
 */
export async function addToAccounts(
  db: WritableDb,
  tenant: string,
  deltas: readonly AccountDelta[],
): Promise<readonly MemberBalance[]> {
  if (deltas.length === 0) return [];
  const balances = await db.query<MemberBalance>(
    `update account a set posted = a.posted + u.posted, pending = a.pending + u.pending,
       held = a.held + u.held, granted = a.granted + u.granted, version = a.version + 1
     from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       as u(owner, programme, posted, pending, held, granted)
     where a.tenant = $1 and a.owner = u.owner and a.programme = u.programme
     returning ${BALANCE_COLUMNS}`,
    [
      tenant,
      deltas.map(({ owner }) => owner),
      deltas.map(({ programme }) => programme),
      deltas.map(({ posted }) => posted),
      deltas.map(({ pending }) => pending),
      deltas.map(({ held: heldPoints }) => heldPoints),
      deltas.map(({ granted }) => granted),
    ],
  );
  if (balances.length !== deltas.length)
    throw new Error('An account was changed that nobody had opened');
  return balances;
}
