import { startOfWeek } from '#loyalty/calendar.ts';
import type { UseRecord } from '#contract/facts.ts';
import { ALL_BELIEVED, believedAt, believedDay, type Present } from './present.ts';

/** The calendar periods uses are counted in, shortest first. */
export const usePeriods = ['day', 'week', 'month', 'year', 'life'] as const;

/** One calendar period. */
export type UsePeriod = (typeof usePeriods)[number];

/** Counts of one rule, reward or programme and whose they are. */
export interface OwnedUse extends UseRecord {
  readonly owner: string;
}

/** Owner of the counts that all share; it sorts before every member, so its rows are locked first. */
export const EVERYBODY = '*';

/** Who uses without a member: anonymous sales, points on vouchers. Only what all share counts them. */
export const NOBODY = '';

/** Something was used once (1), a use was taken back (−1), or only its instant became known (0). */
export interface UseChange {
  readonly owner: string;
  readonly programme: string;
  readonly id: string;
  /** Business day of the use, also when it is taken back later. */
  readonly day: string;
  readonly times: 1 | 0 | -1;
  readonly points: number;
  /** When the sale was; null for what is no use in a sale. */
  readonly atMs: number | null;
}

function startOf(period: UsePeriod, day: string): string {
  if (period === 'day') return day;
  if (period === 'week') return startOfWeek(day);
  return day.slice(0, period === 'month' ? 7 : period === 'year' ? 4 : 0);
}

/** Two counts of one thing together: a period counts where it is that of the later day. */
function together(left: OwnedUse, right: OwnedUse): OwnedUse {
  const lastDay = left.lastDay > right.lastDay ? left.lastDay : right.lastDay;
  const sum = (period: UsePeriod): UseRecord['day'] => {
    const counts = [left, right].filter(
      (use) => startOf(period, use.lastDay) === startOf(period, lastDay),
    );
    return {
      times: counts.reduce((total, use) => total + use[period].times, 0),
      points: counts.reduce((total, use) => total + use[period].points, 0),
    };
  };
  const lastAtMs =
    left.lastAtMs === null || (right.lastAtMs ?? 0) > left.lastAtMs
      ? right.lastAtMs
      : left.lastAtMs;
  const { owner, programme, id } = left;
  const [day, week, month, year, life] = [
    sum('day'),
    sum('week'),
    sum('month'),
    sum('year'),
    sum('life'),
  ];
  return { owner, programme, id, lastDay, lastAtMs, day, week, month, year, life };
}

/** Folds changes into one row per owner, programme and id; sorted, as locks are taken. */
export function foldUses(
  changes: readonly UseChange[],
  present: Present = ALL_BELIEVED,
): readonly OwnedUse[] {
  const folded = new Map<string, OwnedUse>();
  for (const { owner, programme, id, day, times, points, atMs } of changes) {
    const key = `${owner} ${programme} ${id}`;
    const count = { times, points };
    const one: OwnedUse = {
      owner,
      programme,
      id,
      lastDay: believedDay(day, present),
      lastAtMs: times < 0 || atMs === null ? null : believedAt(atMs, present),
      day: count,
      week: count,
      month: count,
      year: count,
      life: count,
    };
    const there = folded.get(key);
    folded.set(key, there === undefined ? one : together(there, one));
  }
  return [...folded].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, use]) => use);
}
