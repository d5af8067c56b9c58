import type { LoyaltyReport } from '#contract/manager-figures.ts';
import { addDays } from '#loyalty/calendar.ts';
import {
  couponIncrementality,
  customerLifetimeValue,
  redemptionRates,
  repeatPurchaseRate,
  retentionRate,
} from '#loyalty/metrics.ts';
import {
  multiply,
  one,
  rational,
  roundToInteger,
  toNumber,
  type Rational,
} from '#loyalty/rational.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { readMainProgramme } from '#server/shop.ts';
import { surveyReport } from '#server/reports/survey.ts';
import { daysOf, type FigureDays } from './figure-days.ts';
import { couponMembers, membersOfDays } from './member-groups.ts';

/** Days below which a year's worth of a member would be guessed and not counted. */
const VALUE_DAYS_MIN = 28;
const DAYS_A_YEAR = 365;

/** How loyal the members were in these days; whatever has no data says so. */
export async function readLoyalty(
  db: ReadableDb,
  till: { readonly tenant: string; readonly store: string },
  days: FigureDays,
): Promise<LoyaltyReport> {
  const { tenant, store } = till;
  const length = daysOf(days);
  const before = { from: addDays(days.from, -length), through: addDays(days.from, -1) };
  const [buyers] = await db.query<Buyers>(BUYERS, [tenant, days.from, days.through]);
  const kept = await countKept(db, tenant, before, days);
  return {
    repeat: repeatOf(buyers ?? NOBODY),
    value: valueOf(buyers ?? NOBODY, length),
    retention: {
      ...kept,
      // Those who are new did not buy before: of those who did, the kept remain.
      share: shareOf(retentionRate(kept.before, kept.kept, 0)),
    },
    points: await pointsOf(db, tenant, await readMainProgramme(db, till), days),
    coupon: await couponOf(db, tenant, days),
    survey: await surveyOf(db, tenant, store, days),
  };
}

/** A share to a ten-thousandth: the page says per cent. */
function shareOf(value: Rational | null): number | null {
  return value === null ? null : Math.round(toNumber(value) * 10_000) / 10_000;
}

interface Buyers {
  readonly buyers: number;
  readonly repeat: number;
  readonly sales: number;
  readonly spent: number;
}

const NOBODY: Buyers = { buyers: 0, repeat: 0, sales: 0, spent: 0 };

const BUYERS = `
  select count(*)::bigint as buyers, count(*) filter (where sales >= 2)::bigint as repeat,
    coalesce(sum(sales), 0)::bigint as sales, coalesce(sum(spent), 0)::bigint as spent
  from (${membersOfDays('$2', '$3')}) as b`;

function repeatOf({ buyers, repeat }: Buyers): LoyaltyReport['repeat'] {
  const sales = [...Array<number>(repeat).fill(2), ...Array<number>(buyers - repeat).fill(1)];
  return { buyers, repeat, share: shareOf(repeatPurchaseRate(sales)) };
}

function valueOf({ buyers, sales, spent }: Buyers, days: number): LoyaltyReport['value'] {
  if (sales === 0) return { averageSaleMinor: null, salesPerYear: null, yearMinor: null };
  const averageSaleMinor = rational(spent, sales);
  const average = roundToInteger(averageSaleMinor, 'half-up');
  if (days < VALUE_DAYS_MIN) {
    return { averageSaleMinor: average, salesPerYear: null, yearMinor: null };
  }
  const salesPerYear = multiply(rational(sales, buyers), rational(DAYS_A_YEAR, days));
  const value = customerLifetimeValue({ averageSaleMinor, salesPerYear, years: one, margin: one });
  return {
    averageSaleMinor: average,
    salesPerYear: Math.round(toNumber(salesPerYear) * 10) / 10,
    yearMinor: roundToInteger(value.revenueMinor, 'half-up'),
  };
}

async function countKept(
  db: ReadableDb,
  tenant: string,
  before: FigureDays,
  days: FigureDays,
): Promise<{ readonly before: number; readonly kept: number }> {
  const [row] = await db.query<{ before: number; kept: number }>(
    `select count(*)::bigint as before, count(n.owner)::bigint as kept
     from (${membersOfDays('$2', '$3')}) as o
       left join (${membersOfDays('$4', '$5')}) as n on n.owner = o.owner`,
    [tenant, before.from, before.through, days.from, days.through],
  );
  return row ?? { before: 0, kept: 0 };
}

interface PointSums {
  readonly issued: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly reversed: number;
}

async function pointsOf(
  db: ReadableDb,
  tenant: string,
  programme: string,
  { from, through }: FigureDays,
): Promise<LoyaltyReport['points']> {
  const [row] = await db.query<PointSums>(
    `select coalesce(sum(points) filter (where type = 'earn'), 0)::bigint as issued,
       coalesce(-sum(points) filter (where type = 'redeem'
         or (type = 'reverse' and of_type = 'redeem')), 0)::bigint as redeemed,
       coalesce(-sum(points) filter (where type = 'expire'), 0)::bigint as expired,
       coalesce(-sum(points) filter (where type = 'reverse' and of_type = 'earn'), 0)::bigint as reversed
     from ledger where tenant = $1 and day between $2::date and $3::date and programme = $4`,
    [tenant, from, through, programme],
  );
  const sums = row ?? { issued: 0, redeemed: 0, expired: 0, reversed: 0 };
  const rates = redemptionRates(sums);
  return {
    issued: sums.issued,
    redeemed: Math.max(0, sums.redeemed),
    expired: Math.max(0, sums.expired),
    reversed: Math.max(0, sums.reversed),
    redemption: shareOf(rates.redemptionRate),
    breakage: shareOf(rates.breakageRate),
    outstanding: rates.outstanding,
  };
}

interface CouponSums {
  readonly tested: boolean;
  readonly members: number;
  readonly back: number;
  readonly spentMinor: number;
}

async function couponOf(
  db: ReadableDb,
  tenant: string,
  { from, through }: FigureDays,
): Promise<LoyaltyReport['coupon']> {
  const rows = await db.query<CouponSums>(
    `select tested, count(*)::bigint as members, count(*) filter (where later > 0)::bigint as back,
       coalesce(sum(spent_later), 0)::bigint as "spentMinor"
     from (${couponMembers('$2', '$3')}) as c group by tested`,
    [tenant, from, through],
  );
  const group = (tested: boolean) => {
    const row = rows.find((found) => found.tested === tested);
    return { members: row?.members ?? 0, back: row?.back ?? 0, spentMinor: row?.spentMinor ?? 0 };
  };
  const [test, control] = [group(true), group(false)];
  const lift = couponIncrementality(
    { members: test.members, marginMinor: test.spentMinor },
    { members: control.members, marginMinor: control.spentMinor },
    0,
  );
  const liftMinor = lift === null ? null : roundToInteger(lift.liftPerMemberMinor, 'half-up');
  return { test, control, liftMinor };
}

async function surveyOf(
  db: ReadableDb,
  tenant: string,
  store: string,
  { from, through }: FigureDays,
): Promise<LoyaltyReport['survey']> {
  const { asked, answered, nps, cli } = await surveyReport(db, tenant, store, from, through);
  if (asked === 0) return null;
  const { score, promoters, passives, detractors } = nps;
  return {
    asked,
    answered,
    nps: score === null ? null : Math.round(toNumber(score)),
    promoters,
    passives,
    detractors,
    cli: cli.index === null ? null : Math.round(toNumber(cli.index)),
    cliAnswers: cli.respondents,
  };
}
