import type { DayReport, PointsOfDay } from '#contract/day.ts';
import { programmesMax } from '#loyalty/programme.ts';
import type { ReadableDb } from '#server/database/database.ts';

/** Which business days, and of which store. */
export interface DaySpan {
  readonly from: string;
  /** The last day, inclusive. */
  readonly through: string;
  /** Null = all stores of the tenant. */
  readonly store: string | null;
}

/** Tills of the store asked for; `$4` is null for all. */
const OF_STORE = `($4::text is null or till in (select t.till from terminal t
  where t.tenant = $1 and t.store = $4))`;

/** What one till did in one quarter of an hour (counted from 1970). */
export interface Traffic {
  readonly till: string;
  readonly quarter: number;
  readonly sales: number;
  readonly salesWithMember: number;
  readonly salesTotalMinor: number;
  readonly discountMinor: number;
  readonly unprovenSales: number;
  readonly returns: number;
  readonly returnsMinor: number;
  readonly earned: number;
  readonly redeemed: number;
}

const QUARTER = 'floor(at_ms / 900000.0)::bigint';

const TRAFFIC = `
  select till, quarter, sum(sales)::bigint as sales, sum(with_member)::bigint as "salesWithMember",
    sum(total)::bigint as "salesTotalMinor", sum(discount)::bigint as "discountMinor",
    sum(unproven)::bigint as "unprovenSales", sum(returns)::bigint as returns,
    sum(refunds)::bigint as "returnsMinor", sum(earned)::bigint as earned,
    sum(redeemed)::bigint as redeemed
  from (
    select till, ${QUARTER} as quarter, 1 as sales, (member is not null)::integer as with_member,
      total_minor as total, discount_minor as discount,
      (member is not null and proof = 'declared')::integer as unproven,
      0 as returns, 0 as refunds, 0 as earned, 0 as redeemed
    from sale where tenant = $1 and day between $2::date and $3::date and ${OF_STORE}
    union all
    select till, ${QUARTER}, 0, 0, 0, 0, 0, 1, refund_minor, 0, 0
    from sale_return where tenant = $1 and day between $2::date and $3::date and ${OF_STORE}
    union all
    select till, ${QUARTER}, 0, 0, 0, 0, 0, 0, 0,
      case type when 'earn' then points else 0 end, case type when 'redeem' then -points else 0 end
    from ledger where tenant = $1 and day between $2::date and $3::date
      and type in ('earn', 'redeem') and programme = $5 and ${OF_STORE}
  ) as moves group by till, quarter order by till, quarter`;

/** Sales, returns and the points of one programme in a span, per till and quarter of an hour. */
export async function readTraffic(
  db: ReadableDb,
  tenant: string,
  { from, through, store }: DaySpan,
  programme: string,
): Promise<readonly Traffic[]> {
  return db.query<Traffic>(TRAFFIC, [tenant, from, through, store, programme]);
}

const POINTS = `
  with moves as (
    select programme,
      sum(points) filter (where day < $2::date) as opening,
      sum(points) filter (where day between $2::date and $3::date and type = 'earn') as earned,
      -sum(points) filter (where day between $2::date and $3::date and type = 'redeem') as redeemed,
      -sum(points) filter (where day between $2::date and $3::date and type = 'expire') as expired,
      sum(points) filter (where day between $2::date and $3::date and type = 'reverse') as reversed,
      sum(points) filter (where day between $2::date and $3::date and type in ('adjust', 'transfer')) as other,
      sum(points) filter (where day > $3::date) as later
    from ledger where tenant = $1 group by programme
  ), balances as (
    select programme, sum(posted + pending) as balance from account where tenant = $1 group by programme
  )
  select programme, coalesce(opening, 0)::bigint as opening, coalesce(earned, 0)::bigint as earned,
    coalesce(redeemed, 0)::bigint as redeemed, coalesce(expired, 0)::bigint as expired,
    coalesce(reversed, 0)::bigint as reversed, coalesce(other, 0)::bigint as other,
    (coalesce(balance, 0) - coalesce(later, 0))::bigint as "sumOfBalances"
  from moves full join balances using (programme)
    full join (select $4::text as programme where $4 <> '') as main using (programme)
  order by programme <> $4, programme limit ${programmesMax}`;

/**
 * The movements of a span from the ledger, and beside them the sum of balances from the accounts.
 *
 * The two are read apart on purpose: that they agree is the check. For a day that is over, what was
 * posted for later days is taken off the balances again. Points belong to no store: a span of one
 * store has the points of all. The main programme comes first, moved or not.
 */
export async function readPoints(
  db: ReadableDb,
  tenant: string,
  { from, through }: DaySpan,
  main: string,
): Promise<readonly Omit<PointsOfDay, 'closing' | 'worth'>[]> {
  return db.query<Omit<PointsOfDay, 'closing' | 'worth'>>(POINTS, [tenant, from, through, main]);
}

/** Who joined within a span: provisional cards and records joined to another do not count. */
export async function readNewMembers(
  db: ReadableDb,
  tenant: string,
  { from, through, store }: DaySpan,
): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*) as count from member
     where tenant = $1 and enrolled_day between $2::date and $3::date and enrolled
       and not provisional and status <> 'merged' and enrolled_till <> '0'
       and ($4::text is null or enrolled_till in (select t.till from terminal t
         where t.tenant = $1 and t.store = $4))`,
    [tenant, from, through, store],
  );
  return rows[0]?.count ?? 0;
}

/** The tenant's stores, by name. */
export async function readStores(db: ReadableDb, tenant: string): Promise<DayReport['stores']> {
  const rows = await db.query<DayReport['stores'][number]>(
    `select store, coalesce(config ->> 'storeName', store) as name from store
     where tenant = $1 order by 2, 1 limit 1000`,
    [tenant],
  );
  return [...rows];
}

/** What a person should look at and has not settled, latest first. */
export async function readExceptions(
  db: ReadableDb,
  tenant: string,
  { from, through, store }: DaySpan,
): Promise<DayReport['exceptions']> {
  const rows = await db.query<DayReport['exceptions'][number]>(
    `select id, code, params, till, at_ms as "atMs" from posting_exception
     where tenant = $1 and day between $2::date and $3::date and ${OF_STORE} and not exists (select 1 from exception_settlement s
       where s.tenant = posting_exception.tenant and s.exception = posting_exception.id)
     order by at_ms desc, id limit 500`,
    [tenant, from, through, store],
  );
  return [...rows];
}

/** The tenant's tills and when each was last heard. */
export async function readTills(db: ReadableDb, tenant: string): Promise<DayReport['tills']> {
  const rows = await db.query<DayReport['tills'][number]>(
    `select till, name, last_contact_ms as "lastContactMs", ack_seq as "ackSeq" from terminal
     where tenant = $1 order by name, till limit 1000`,
    [tenant],
  );
  return [...rows];
}
