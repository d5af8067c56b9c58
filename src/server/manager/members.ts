import type { MemberListRow } from '#contract/manager-members.ts';
import { searchRank } from '#contract/search-text.ts';
import type { ReadableDb, SqlValue } from '#server/database/database.ts';
import { openProfiles } from '#server/members/sealed-profiles.ts';
import { displayName } from '#server/members/display-name.ts';
import type { PagePlace } from './cursor.ts';

interface Row {
  readonly member: string;
  readonly status: MemberListRow['status'];
  readonly provisional: boolean;
  readonly enrolledAtMs: number;
  readonly masked: string | null;
  readonly visits: number;
  readonly lastSaleAtMs: number | null;
  readonly points: number;
}

/** Whose members, and the programme whose points a list shows. */
export interface MemberBooks {
  readonly tenant: string;
  readonly main: string;
}

/** `$1` is the tenant, `$2` the main programme. */
const ROWS = `
  select m.member, m.status, m.provisional, m.enrolled_at_ms as "enrolledAtMs",
    (select i.masked from identifier i where i.tenant = m.tenant and i.member = m.member
      order by i.kind, i.hash limit 1) as masked,
    coalesce(f.visits, 0)::bigint as visits, f.last_sale_at_ms as "lastSaleAtMs",
    coalesce((select a.posted from account a
      where a.tenant = m.tenant and a.owner = m.member and a.programme = $2), 0)::bigint as points
  from member m left join member_fact f on f.tenant = m.tenant and f.owner = m.member
  where m.tenant = $1 and m.owner = m.member
    and not exists (select 1 from voucher v where v.tenant = m.tenant and v.holder = m.member)`;

/** A page of members, who joined last first; `after` is when the one before it joined, and who that was. */
export async function listMembers(
  db: ReadableDb,
  { tenant, main }: MemberBooks,
  after: PagePlace | null,
  limit: number,
): Promise<readonly MemberListRow[]> {
  const place: SqlValue[] = [after?.atMs ?? Number.MAX_SAFE_INTEGER, after?.id ?? ''];
  const rows = await db.query<Row>(
    `${ROWS} and (m.enrolled_at_ms, m.member) < ($3::bigint, $4::text)
     order by m.enrolled_at_ms desc, m.member desc limit $5`,
    [tenant, main, ...place, limit],
  );
  return named(db, tenant, rows);
}

/** These members, whatever their order. */
export async function readMembers(
  db: ReadableDb,
  { tenant, main }: MemberBooks,
  members: readonly string[],
): Promise<readonly MemberListRow[]> {
  return named(
    db,
    tenant,
    await db.query<Row>(`${ROWS} and m.member = any($3::text[])`, [tenant, main, members]),
  );
}

/** Profiles opened at a time, and in all, for one search. */
const OPENED_PAGE = 1000;
const OPENED_MAX = 50_000;

/** Members a search came to. */
export interface Search {
  readonly rows: readonly MemberListRow[];
  /** Not everybody could be looked at, or there are more than are shown. */
  readonly partly: boolean;
}

/**
 * Members by a part of their name, however it is spelled, or by the last digits of card or number.
 *
 * Names rest sealed, so that no index can hold them: they are opened a page at a time, and a shop
 * with more members than one search opens is told that it was not all of them.
 */
export async function searchMembers(
  db: ReadableDb,
  books: MemberBooks,
  typed: string,
  limit: number,
): Promise<Search> {
  const { tenant } = books;
  const digits = typed.replaceAll(/\D/g, '');
  const byEnd = digits.length >= 2 ? await membersByEnd(db, tenant, digits.slice(-2), limit) : [];
  const byName = digits.length === typed.trim().length ? NOBODY : await byNames(db, tenant, typed);
  const ranked = byName.found.toSorted(
    (one, other) => other.rank - one.rank || collator.compare(one.name, other.name),
  );
  const wanted = [...new Set([...ranked.map(({ member }) => member), ...byEnd])];
  const shown = wanted.slice(0, limit);
  const rows = await readMembers(db, books, shown);
  const known = new Map(rows.map((row) => [row.member, row]));
  return {
    rows: shown.flatMap((member) => known.get(member) ?? []),
    partly: byName.partly || wanted.length > shown.length,
  };
}

const collator = new Intl.Collator('tr');

interface Found {
  readonly found: readonly {
    readonly member: string;
    readonly name: string;
    readonly rank: number;
  }[];
  readonly partly: boolean;
}
const NOBODY: Found = { found: [], partly: false };

async function byNames(db: ReadableDb, tenant: string, typed: string): Promise<Found> {
  const found: { member: string; name: string; rank: number }[] = [];
  let after = '';
  for (let opened = 0; opened < OPENED_MAX; opened += OPENED_PAGE) {
    const rows = await db.query<{ member: string }>(
      `select p.member from profile p where p.tenant = $1 and p.member > $2
       order by p.member limit ${OPENED_PAGE}`,
      [tenant, after],
    );
    const members = rows.map(({ member }) => member);
    for (const [member, { name }] of await openProfiles(db, tenant, members)) {
      const rank = name === null ? 0 : searchRank(name, typed);
      if (name !== null && rank > 0) found.push({ member, name, rank });
    }
    const last = members.at(-1);
    if (last === undefined || members.length < OPENED_PAGE) return { found, partly: false };
    after = last;
  }
  return { found, partly: true };
}

/** Only the ends of cards and numbers are kept in the clear. */
async function membersByEnd(
  db: ReadableDb,
  tenant: string,
  end: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ member: string }>(
    `select distinct i.member from identifier i where i.tenant = $1 and i.masked = $2
     order by 1 limit $3`,
    [tenant, `··${end}`, limit],
  );
  return rows.map(({ member }) => member);
}

async function named(
  db: ReadableDb,
  tenant: string,
  rows: readonly Row[],
): Promise<readonly MemberListRow[]> {
  const profiles = await openProfiles(
    db,
    tenant,
    rows.map(({ member }) => member),
  );
  return rows.map((row) => ({ ...row, name: displayName(profiles.get(row.member)?.name ?? null) }));
}
