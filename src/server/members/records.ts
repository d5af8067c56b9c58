import type { AccountBalance, Identifier, MemberRecord } from '#contract/member.ts';
import type { ReadableDb } from '#server/database/database.ts';

/** A balance with the member it belongs to, as acknowledgements carry it. */
export interface MemberBalance extends AccountBalance {
  readonly member: string;
}

/** A balance as tills are told, from a row of `account a`. */
export const BALANCE_COLUMNS = `
  a.owner as member, a.programme, a.posted, (a.pending + a.held)::bigint as pending,
  (a.posted - a.granted)::bigint as available, a.version`;

/** What the server says these members have. Members that were merged answer with their owner's. */
async function balancesOf(
  db: ReadableDb,
  tenant: string,
  owners: readonly string[],
): Promise<readonly MemberBalance[]> {
  if (owners.length === 0) return [];
  return db.query<MemberBalance>(
    `select ${BALANCE_COLUMNS} from account a where a.tenant = $1 and a.owner = any($2::text[])
     order by a.owner, a.programme`,
    [tenant, owners],
  );
}

interface MemberRowOfRecord {
  readonly member: string;
  readonly owner: string;
  readonly status: MemberRecord['status'];
  readonly provisional: boolean;
  readonly changes: number;
  readonly accountChanges: number;
  readonly tier: string | null;
  readonly tierProgress: number;
  readonly displayName: string | null;
  readonly language: string | null;
  readonly identifiers: readonly Identifier[];
}

const RECORDS = `
  select m.member, m.owner, m.status, m.provisional, m.changes, m.tier,
    greatest(0, coalesce((select max(t.progress) from tier_measure t
                          where t.tenant = m.tenant and t.owner = m.member), 0))::bigint as "tierProgress",
    p.display_name as "displayName", p.language,
    coalesce((select sum(a.version) from account a
              where a.tenant = m.tenant and a.owner = m.member), 0)::bigint as "accountChanges",
    coalesce((select json_agg(json_build_object('kind', i.kind, 'hash', i.hash, 'masked', i.masked)
                              order by i.hash)
              from identifier i where i.tenant = m.tenant and i.member = m.member), '[]') as identifiers
  from member m left join profile p using (tenant, member)
  where m.tenant = $1 and m.member = any($2::text[])
  order by m.member`;

/** Identifiers and balances one record may carry; the contract's own bounds. */
const LIST_MAX = 16;

/** Members as tills cache them. Unknown references are left out. */
export async function memberRecords(
  db: ReadableDb,
  tenant: string,
  members: readonly string[],
): Promise<readonly MemberRecord[]> {
  if (members.length === 0) return [];
  const rows = await db.query<MemberRowOfRecord>(RECORDS, [tenant, members]);
  const balances = Map.groupBy(await balancesOf(db, tenant, members), ({ member }) => member);
  return rows.map((row) => ({
    member: row.member,
    version: row.changes + row.accountChanges,
    status: row.status,
    mergedInto: row.owner === row.member ? null : row.owner,
    provisional: row.provisional,
    displayName: row.displayName,
    language: row.language ?? '',
    tier: row.tier,
    tierProgress: row.tierProgress,
    identifiers: row.identifiers.slice(0, LIST_MAX),
    balances: (balances.get(row.member) ?? [])
      .slice(0, LIST_MAX)
      .map(({ programme, posted, pending, available, version }) => ({
        programme,
        posted,
        pending,
        available,
        version,
      })),
    birthday: null,
    enrolledOn: null,
    segments: [],
    standings: [],
    visits: 0,
    lastSaleAtMs: null,
    uses: [],
    vouchers: [],
    news: [],
  }));
}

/** The member an identifier belongs to; null where nobody has it. */
export async function findByIdentifier(
  db: ReadableDb,
  tenant: string,
  hash: string,
): Promise<MemberRecord | null> {
  const rows = await db.query<{ owner: string }>(
    `select m.owner from identifier i join member m using (tenant, member)
     where i.tenant = $1 and i.hash = $2`,
    [tenant, hash],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined) return null;
  return (await memberRecords(db, tenant, [owner]))[0] ?? null;
}
