import type { DayReport, KnownProgramme } from '#contract/day.ts';
import { galleryNowMs } from './fixtures.ts';

const hours = [
  [8, 9, 1500, 200],
  [9, 22, 3600, 480],
  [10, 31, 4800, 760],
  [11, 24, 3600, 620],
  [12, 38, 5200, 1060],
  [13, 40, 5640, 930],
  [14, 17, 2500, 430],
  [15, 0, 0, 0],
  [16, 0, 0, 0],
  [17, 0, 0, 0],
] as const;

const dayTotals: DayReport['totals'] = {
  sales: 181,
  salesWithMember: 123,
  salesTotalMinor: 4_731_000,
  returns: 2,
  returnsMinor: 8000,
  earned: 21340,
  redeemed: 5900,
  discountMinor: 194_000,
  newMembers: 14,
  unprovenSales: 3,
};
const dayPoints: DayReport['points'][number] = {
  programme: 'points',
  opening: 398_215,
  earned: 21_340,
  redeemed: 5_900,
  expired: 760,
  reversed: -25,
  other: 0,
  closing: 412_870,
  sumOfBalances: 412_870,
  worth: { numerator: 10, denominator: 1 },
};
/** Cashback beside the points: ₺1,204.50 in, ₺310.00 out. */
const dayCashback: DayReport['points'][number] = {
  programme: 'cashback',
  opening: 1_840_000,
  earned: 120_450,
  redeemed: 31_000,
  expired: 0,
  reversed: 0,
  other: 0,
  closing: 1_929_450,
  sumOfBalances: 1_929_450,
  worth: { numerator: 1, denominator: 1 },
};
const pointsName = { en: 'Points', tr: 'Puan', de: 'Punkte', ar: 'نقاط' };

/** The programmes of that shop, its main one first. */
export const someProgrammes: readonly KnownProgramme[] = [
  { programme: 'points', name: pointsName, unit: { kind: 'points', scale: 0 } },
  {
    programme: 'cashback',
    name: { en: 'Cashback', tr: 'Para iadesi', de: 'Guthaben', ar: 'استرداد نقدي' },
    unit: { kind: 'money', scale: 0 },
  },
];
const figuresOfTill = {
  sales: 60,
  salesWithMember: 41,
  salesTotalMinor: 1_576_000,
  returns: 1,
  returnsMinor: 4000,
  earned: 7113,
  redeemed: 1966,
};
const tillNames = ['Till 1', 'Till 2', 'Till 3'] as const;

/** The day of the picture: 398,215 + 21,340 − 5,900 − 760 − 25 = 412,870. */
export function aDay(change: Partial<DayReport> = {}): DayReport {
  const hour = 3_600_000;
  return {
    day: '2026-11-21',
    source: 'server',
    asOfMs: galleryNowMs - 60_000,
    currency: 'TRY',
    totals: dayTotals,
    points: [dayPoints, dayCashback],
    byTill: tillNames.map((name, index) => ({ till: `t${index + 1}`, name, ...figuresOfTill })),
    byHour: hours.map(([hourOfDay, sales, earned, redeemed]) => ({
      hour: hourOfDay,
      sales,
      salesWithMember: Math.floor(sales * 0.7),
      salesTotalMinor: sales * 26_000,
      returns: 0,
      returnsMinor: 0,
      earned,
      redeemed,
    })),
    names: {
      points: pointsName,
      'points/silver': { en: 'Silver', tr: 'Gümüş', de: 'Silber', ar: 'فضي' },
      'points/gold': { en: 'Gold', tr: 'Altın', de: 'Gold', ar: 'ذهبي' },
    },
    tierMoves: [
      {
        member: 'm1',
        name: 'Ayşe K.',
        programme: 'points',
        kind: 'up',
        from: 'silver',
        to: 'gold',
        atMs: galleryNowMs - hour,
        till: 't1',
      },
    ],
    budgets: [
      {
        programme: 'points',
        budgetPoints: 400_000,
        givenPoints: 398_215,
        overPoints: 0,
        state: 'within',
      },
    ],
    renewals: [
      {
        member: 'm2',
        name: '··67',
        programme: 'points',
        sku: 'membership-year',
        paidUntilMs: galleryNowMs - 24 * hour,
      },
    ],
    through: '2026-11-21',
    store: null,
    stores: [{ store: 'moda', name: 'Moda Kahve' }],
    compare: {
      before: {
        ...dayTotals,
        sales: 163,
        salesWithMember: 104,
        newMembers: 11,
        discountMinor: 171_000,
      },
      weekAgo: {
        ...dayTotals,
        sales: 178,
        salesWithMember: 110,
        newMembers: 11,
        discountMinor: 203_500,
      },
    },
    openExceptions: 3,
    exceptions: [
      {
        id: 'e1',
        code: 'refund-over-sale',
        params: { over: 240 },
        till: 't1',
        atMs: galleryNowMs - 2 * hour,
      },
      { id: 'e2', code: 'receipt-unconfirmed', params: {}, till: 't3', atMs: galleryNowMs - hour },
      { id: 'e3', code: 'till-offline', params: {}, till: 't2', atMs: galleryNowMs - 3 * hour },
    ],
    tills: tillNames.map((name, index) => ({
      till: `t${index + 1}`,
      name,
      lastContactMs: galleryNowMs,
      ackSeq: 900,
    })),
    ...change,
  };
}
