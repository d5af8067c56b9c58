import type { DayReport, PointsOfDay } from '#contract/day.ts';
import type { LocalText } from '#contract/member.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { businessDayStart, hourOfDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import type { Database, ReadableDb } from '#server/database/database.ts';
import { rulesOf } from '#server/shop.ts';
import { readBudgets, readRenewals, readTierMoves } from './day-loyalty.ts';
import { pointWorth } from './point-worth.ts';
import {
  readExceptions,
  readNewMembers,
  readPoints,
  readTills,
  readTraffic,
  type Traffic,
} from './day-rows.ts';

/** Whose day, and by which clock. */
export interface DayQuestion {
  readonly tenant: string;
  readonly day: string;
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

/** The manager's day from the ledger, read in one moment: nothing posted meanwhile tears it apart. */
export async function dayReport(database: Database, question: DayQuestion): Promise<DayReport> {
  return database.transaction(async (db) => {
    await db.execute('set transaction isolation level repeatable read, read only');
    return readReport(db, question);
  });
}

async function readReport(db: ReadableDb, question: DayQuestion): Promise<DayReport> {
  const { tenant, day, config } = question;
  const traffic = await readTraffic(db, tenant, day);
  const tills = await readTills(db, tenant);
  const rules = rulesOf('', config);
  const names = new Map(tills.map(({ till, name }) => [till, name]));
  const perTill = Map.groupBy(traffic, ({ till }) => till);
  return {
    day,
    source: 'server',
    asOfMs: question.nowMs,
    currency: config.currency,
    totals: {
      ...sumOf(traffic),
      discountMinor: traffic.reduce((sum, row) => sum + row.discountMinor, 0),
      newMembers: await readNewMembers(db, tenant, day),
      unprovenSales: traffic.reduce((sum, row) => sum + row.unprovenSales, 0),
    },
    points: (await readPoints(db, tenant, day)).map((row): PointsOfDay => ({
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
    exceptions: [...(await readExceptions(db, tenant, day))],
    names: namesOf(config),
    tierMoves: await readTierMoves(db, tenant, day),
    budgets: await readBudgets(db, tenant, rules),
    renewals: await readRenewals(db, tenant, rules, endOfDay(day, config, question.nowMs)),
    tills: [...tills],
  };
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
