import type { DayReport, PointsOfDay } from '#contract/day.ts';
import type { LocalText } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { businessDayStart, hourOfDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { mainProgramme } from '#loyalty/programme.ts';
import type { Database, ReadableDb } from '#server/database/database.ts';
import { countOpenExceptions } from '#server/manager/exceptions.ts';
import { rulesOf } from '#server/shop.ts';
import { readBudgets, readRenewals, readTierMoves } from './day-loyalty.ts';
import { pointWorth } from './point-worth.ts';
import {
  readExceptions,
  readNewMembers,
  readPoints,
  readStores,
  readTills,
  readTraffic,
  type DaySpan,
  type Traffic,
} from './day-rows.ts';

/** Whose day or days, and by which clock. */
export interface DayQuestion {
  readonly tenant: string;
  readonly day: string;
  /** The last day, inclusive; the first where it is left out or lies before it. */
  readonly through?: string | null | undefined;
  /** Null or left out = all stores. */
  readonly store?: string | null | undefined;
  readonly config: ShopConfig;
  readonly nowMs: number;
}

type Figures = DayReport['byHour'][number];
type Sums = Omit<Figures, 'hour'>;

const NOTHING: Sums = {
  sales: 0,
  salesWithMember: 0,
  salesTotalMinor: 0,
  returns: 0,
  returnsMinor: 0,
  earned: 0,
  redeemed: 0,
};

/** Most days that one report spans. */
const SPAN_DAYS_MAX = 92;

/** The manager's day from the ledger, read in one moment: nothing posted meanwhile tears it apart. */
export async function dayReport(database: Database, question: DayQuestion): Promise<DayReport> {
  return database.transaction(async (db) => {
    await db.execute('set transaction isolation level repeatable read, read only');
    return readReport(db, question);
  });
}

async function readReport(db: ReadableDb, question: DayQuestion): Promise<DayReport> {
  const { tenant, day, config } = question;
  const span = spanOf(question);
  const main = mainProgramme(config.programmes)?.id ?? '';
  const traffic = await readTraffic(db, tenant, span, main);
  const tills = await readTills(db, tenant);
  const rules = rulesOf('', config);
  const names = new Map(tills.map(({ till, name }) => [till, name]));
  const perTill = Map.groupBy(traffic, ({ till }) => till);
  return {
    day,
    source: 'server',
    asOfMs: question.nowMs,
    currency: config.currency,
    through: span.through,
    store: span.store,
    stores: await readStores(db, tenant),
    totals: totalsOf(traffic, await readNewMembers(db, tenant, span)),
    compare: await compare(db, tenant, span, main),
    points: (await readPoints(db, tenant, span, main)).map((row): PointsOfDay => ({
      ...row,
      closing: row.opening + row.earned - row.redeemed - row.expired + row.reversed + row.other,
      worth: pointWorth(config.programmes.find(({ id }) => id === row.programme)),
    })),
    byTill: [...perTill]
      .map(([till, rows]) => ({ till, name: names.get(till) ?? till, ...sumOf(rows) }))
      .toSorted((a, b) =>
        a.name === b.name ? (a.till < b.till ? -1 : 1) : a.name < b.name ? -1 : 1,
      ),
    byHour: hoursOf(traffic, config),
    openExceptions: await countOpenExceptions(db, tenant),
    exceptions: [...(await readExceptions(db, tenant, span))],
    names: namesOf(config),
    tierMoves: await readTierMoves(db, tenant, span),
    budgets: await readBudgets(db, tenant, rules),
    renewals: await readRenewals(db, tenant, rules, endOfDay(span.through, config, question.nowMs)),
    tills: [...tills],
  };
}

/** Days in order, and no more than one report may span. */
function spanOf({ day, through, store }: DayQuestion): DaySpan {
  const last = through ?? day;
  const most = addDays(day, SPAN_DAYS_MAX - 1);
  const end = last < day ? day : last > most ? most : last;
  return { from: day, through: end, store: store ?? null };
}

function totalsOf(traffic: readonly Traffic[], newMembers: number): DayReport['totals'] {
  return {
    ...sumOf(traffic),
    discountMinor: traffic.reduce((sum, row) => sum + row.discountMinor, 0),
    newMembers,
    unprovenSales: traffic.reduce((sum, row) => sum + row.unprovenSales, 0),
  };
}

/** The same figures of as many days before, and of the same weekdays a week earlier. */
async function compare(
  db: ReadableDb,
  tenant: string,
  span: DaySpan,
  main: string,
): Promise<DayReport['compare']> {
  const days = daysOf(span);
  const earlier = async (by: number): Promise<DayReport['totals']> => {
    const moved = {
      ...span,
      from: addDays(span.from, -by),
      through: addDays(span.through, -by),
    };
    const traffic = await readTraffic(db, tenant, moved, main);
    return totalsOf(traffic, await readNewMembers(db, tenant, moved));
  };
  return { before: await earlier(days), weekAgo: await earlier(Math.ceil(days / 7) * 7) };
}

/** How many days a span has. */
function daysOf({ from, through }: DaySpan): number {
  let days = 1;
  for (let day = from; day < through; day = addDays(day, 1)) days += 1;
  return days;
}

function namesOf({ programmes }: ShopConfig): DayReport['names'] {
  return Object.fromEntries(
    programmes.flatMap(({ id, name, tiers }) => [
      [id, name],
      ...tiers.map((tier): [string, LocalText] => [`${id}/${tier.id}`, tier.name]),
    ]),
  );
}

/** The instant a report is of: now, or the end of a business day that is over. */
function endOfDay(day: string, config: ShopConfig, nowMs: number): number {
  return Math.min(nowMs, businessDayStart(addDays(day, 1), config) - 1);
}

function sumOf(rows: readonly Traffic[]): Sums {
  return rows.reduce<Sums>(
    (sum, row) => ({
      sales: sum.sales + row.sales,
      salesWithMember: sum.salesWithMember + row.salesWithMember,
      salesTotalMinor: sum.salesTotalMinor + row.salesTotalMinor,
      returns: sum.returns + row.returns,
      returnsMinor: sum.returnsMinor + row.returnsMinor,
      earned: sum.earned + row.earned,
      redeemed: sum.redeemed + row.redeemed,
    }),
    NOTHING,
  );
}

/** Quarters of an hour are grouped by the store's own clock; zones are all off by whole quarters. */
const QUARTER_MS = 900_000;

/** From the first busy hour to the last, in the order of the business day, quiet ones between kept. */
function hoursOf(traffic: readonly Traffic[], config: ShopConfig): Figures[] {
  const clock = { timeZone: config.timeZone, cutOverHour: config.cutOverHour };
  const place = (row: Traffic): number =>
    (hourOfDay(row.quarter * QUARTER_MS, clock) - config.cutOverHour + 24) % 24;
  const byPlace = Map.groupBy(traffic, place);
  const busy = [...byPlace.keys()];
  if (busy.length === 0) return [];
  const first = Math.min(...busy);
  return Array.from({ length: Math.max(...busy) - first + 1 }, (_, index) => ({
    hour: (first + index + config.cutOverHour) % 24,
    ...sumOf(byPlace.get(first + index) ?? []),
  }));
}
