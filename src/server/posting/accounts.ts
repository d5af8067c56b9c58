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

const COLUMNS = 'owner, programme, posted, pending, held, granted';

const ACCOUNTS = `
  select ${COLUMNS} from account
  where tenant = $1 and (owner, programme) in (select * from unnest($2::text[], $3::text[]))
  order by owner, programme for update`;

/*
 * Arrays, found once: where a row changed while it was waited for, PostgreSQL looks at it again, and
 * would not find it in a union of several tables. So there may be more than were named.
 */
const NAMED_ACCOUNTS = `
  select ${COLUMNS} from account
  where tenant = $1
    and owner = any(array(
      select coalesce(m.owner, u.member)
      from (select unnest($2::text[])
            union all select g.member from point_grant g
            where g.tenant = $1 and g.grant_ref = any($4::text[]) and g.purpose <> 'risk') as u(member)
        left join member m on m.tenant = $1 and m.member = u.member))
    and programme = any(array(
      select unnest($3::text[])
      union all select g.programme from point_grant g
      where g.tenant = $1 and g.grant_ref = any($4::text[]) and g.purpose <> 'risk'))
  order by owner, programme for update`;

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

/**
 * The same of all that entries and grants name, and maybe more of the same members: whose they are is
 * found where the accounts are.
 */
export async function readNamedAccounts(
  db: WritableDb,
  tenant: string,
  named: readonly NamedAccount[],
  grants: readonly string[],
): Promise<ReadonlyMap<string, AccountRow>> {
  if (named.length === 0 && grants.length === 0) return new Map();
  const rows = await db.query<AccountRow>(NAMED_ACCOUNTS, [
    tenant,
    unique(named.map(({ member }) => member)),
    unique(named.map(({ programme }) => programme)),
    grants,
  ]);
  return byKey(rows);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
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
