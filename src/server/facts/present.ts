import { businessDay, toldInstant, type StoreClock } from '#loyalty/business-day.ts';
import { addDays, type LocalDate } from '#loyalty/calendar.ts';

const DAY_MS = 86_400_000;

/**
 * The server's own day and instant, and the last ones that can be believed.
 *
 * A till's clock that stood a year ahead, or the server's own before it was put right, must not be
 * what a member's last use is for a year: their limits would not hold, and waits would not end.
 */
export interface Present {
  readonly day: LocalDate;
  readonly atMs: number;
  readonly dayMost: LocalDate;
  readonly atMsMost: number;
}

/** What the server's clock says, with a day's room for tills that are ahead of it. */
export function presentAt(atMs: number, clock: StoreClock): Present {
  const day = businessDay(toldInstant(atMs), clock);
  return { day, atMs, dayMost: addDays(day, 1), atMsMost: atMs + DAY_MS };
}

/** Where no clock is asked: all that is written down is believed. */
export const ALL_BELIEVED: Present = {
  day: '9999-12-31',
  atMs: Number.MAX_SAFE_INTEGER,
  dayMost: '9999-12-31',
  atMsMost: Number.MAX_SAFE_INTEGER,
};

/** An instant a till told; one that has not been yet is now. */
export function believedAt(atMs: number, present: Present): number {
  return atMs > present.atMsMost ? present.atMs : atMs;
}

/** A day a till told; one that has not come yet is today. */
export function believedDay(day: LocalDate, present: Present): LocalDate {
  return day > present.dayMost ? present.day : day;
}
