import type { MemberGroup } from '#contract/manager-figures.ts';
import type { MemberListRow } from '#contract/manager-members.ts';
import { addDays } from '#loyalty/calendar.ts';
import { assertNever } from '#loyalty/result.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { readMainProgramme } from '#server/shop.ts';
import { daysOf, type FigureDays } from './figure-days.ts';
import { readMembers } from './members.ts';

/**
 * Members with a completed sale in these days, what they bought and for how much. `$1` is the tenant.
 *
 * A sale that was returned whole is none; one that was claimed afterwards is its claimant's.
 */
export function membersOfDays(from: string, through: string): string {
  return `
    select m.owner, count(*)::bigint as sales, sum(s.total_minor)::bigint as spent
    from sale s join member m on m.tenant = s.tenant and m.member = coalesce(s.member, s.claimed_by)
    where s.tenant = $1 and s.day between ${from}::date and ${through}::date and not s.complete
    group by m.owner`;
}

/** Days in which somebody must come back to count as having come back. */
const BACK_DAYS = 60;

/**
 * Members of these days by whether they were given a coupon, and whether they came back after it;
 * those who got none are looked at from their first sale of the days on. `$1` is the tenant.
 */
export function couponMembers(from: string, through: string): string {
  return `
    select b.owner, b.tested, count(s.tx)::bigint as later,
      coalesce(sum(s.total_minor), 0)::bigint as spent_later
    from (
      select m.owner, min(s.at_ms) as first_ms, min(g.at_ms) as coupon_ms,
        min(g.at_ms) is not null as tested
      from sale s join member m on m.tenant = s.tenant and m.member = coalesce(s.member, s.claimed_by)
        left join (
          select o.owner, min(l.at_ms) as at_ms from voucher v
            join member o on o.tenant = v.tenant and o.member = v.owner
            join ledger l on l.tenant = v.tenant and l.member = v.holder and l.type in ('earn', 'adjust')
          where v.tenant = $1 and l.day between ${from}::date and ${through}::date
          group by o.owner) g on g.owner = m.owner
      where s.tenant = $1 and s.day between ${from}::date and ${through}::date and not s.complete
      group by m.owner) b
      left join (
        select m.owner, s.tx, s.at_ms, s.total_minor from sale s
          join member m on m.tenant = s.tenant and m.member = coalesce(s.member, s.claimed_by)
        where s.tenant = $1 and not s.complete
          and s.day between ${from}::date and ${through}::date + ${BACK_DAYS}) s
        on s.owner = b.owner and s.at_ms > coalesce(b.coupon_ms, b.first_ms)
    group by b.owner, b.tested`;
}

interface GroupRow {
  readonly owner: string;
  readonly sales: number;
  readonly spent: number;
}

/** A member of a group with what they bought in the days. */
export type GroupMember = MemberListRow & { readonly sales: number; readonly spentMinor: number };

/** A page of the members behind a figure, who bought most first; `after` is how many came before. */
export async function readGroup(
  db: ReadableDb,
  till: { readonly tenant: string; readonly store: string },
  group: MemberGroup,
  days: FigureDays,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly GroupMember[]> {
  const { tenant, store } = till;
  const length = daysOf(days);
  const before = [addDays(days.from, -length), addDays(days.from, -1)] as const;
  const rows = await db.query<GroupRow>(
    `select g.owner, coalesce(b.sales, 0)::bigint as sales, coalesce(b.spent, 0)::bigint as spent
     from (${membersOf(group)}) as g left join (${membersOfDays('$2', '$3')}) as b on b.owner = g.owner
     where $4::date <= $5::date and $6::text <> ''
     order by 3 desc, 2 desc, 1 limit $8 offset $7`,
    [tenant, days.from, days.through, ...before, store, page.after, page.limit],
  );
  const known = new Map(
    (
      await readMembers(
        db,
        { tenant, main: await readMainProgramme(db, till) },
        rows.map(({ owner }) => owner),
      )
    ).map((row) => [row.member, row]),
  );
  return rows.flatMap(({ owner, sales, spent }) => {
    const member = known.get(owner);
    return member === undefined ? [] : [{ ...member, sales, spentMinor: spent }];
  });
}

/** `$2` and `$3` are the days, `$4` and `$5` as many before, `$6` the store. */
function membersOf(group: MemberGroup): string {
  const now = membersOfDays('$2', '$3');
  const earlier = membersOfDays('$4', '$5');
  switch (group) {
    case 'buyers':
      return now;
    case 'repeat':
      return `select owner from (${now}) as n where sales >= 2`;
    case 'once':
      return `select owner from (${now}) as n where sales = 1`;
    case 'kept':
      return `select o.owner from (${earlier}) as o join (${now}) as n on n.owner = o.owner`;
    case 'lost':
      return `select o.owner from (${earlier}) as o left join (${now}) as n on n.owner = o.owner
              where n.owner is null`;
    case 'coupon-back':
      return `select owner from (${couponMembers('$2', '$3')}) as c where tested and later > 0`;
    case 'coupon-not-back':
      return `select owner from (${couponMembers('$2', '$3')}) as c where tested and later = 0`;
    case 'promoters':
      return said('answer >= 9');
    case 'detractors':
      return said('answer <= 6');
    default:
      return assertNever(group, 'members of a group');
  }
}

function said(condition: string): string {
  return `select distinct m.owner from survey s
      join member m on m.tenant = s.tenant and m.member = s.member
    where s.tenant = $1 and s.store = $6 and s.day between $2::date and $3::date
      and s.question = 'nps' and ${condition}`;
}
