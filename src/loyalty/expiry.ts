import { businessDay, endOfLocalDay, instantOf, type StoreClock } from './business-day.ts';
import {
  addDays,
  addMonths,
  dateParts,
  endOfMonth,
  localDate,
  type LocalDate,
} from './calendar.ts';
import type { Span } from './fields.ts';
import { assertNever } from './result.ts';
import type { ExpirySettings } from './settings.ts';

/** The date a span later: months and years keep the day where it exists. */
export function addSpan(date: LocalDate, span: Span): LocalDate {
  switch (span.unit) {
    case 'day':
      return addDays(date, span.count);
    case 'month':
      return addMonths(date, span.count);
    case 'year':
      return addMonths(date, span.count * 12);
    default:
      return assertNever(span.unit, 'addSpan');
  }
}

function lastDay(settings: ExpirySettings, from: LocalDate): LocalDate | null {
  switch (settings.kind) {
    case 'never':
    case 'inactivity':
      return null;
    case 'after': {
      const end = addSpan(from, settings.span);
      if (settings.roundUp === 'end-of-month') return endOfMonth(end);
      if (settings.roundUp === 'end-of-year') return localDate(dateParts(end).year, 12, 31);
      if (settings.roundUp === 'first-of-next-month') {
        return dateParts(end).day === 1 ? addDays(end, -1) : endOfMonth(end);
      }
      return end;
    }
    case 'end-of-year':
      return localDate(dateParts(from).year + settings.plusYears, 12, 31);
    case 'yearly-on': {
      const thisYear = `${dateParts(from).year}-${settings.day}`;
      return thisYear >= from ? thisYear : `${dateParts(from).year + 1}-${settings.day}`;
    }
    default:
      return assertNever(settings, 'lastDay');
  }
}

/** The last business day on which points that become usable at `fromMs` can be spent. */
export function usableThrough(
  settings: ExpirySettings,
  fromMs: number,
  clock: StoreClock,
): LocalDate | null {
  return lastDay(settings, businessDay(fromMs, clock));
}

/** The exclusive end of those points: local midnight after the last day; `null` never. */
export function expiresAt(
  settings: ExpirySettings,
  fromMs: number,
  clock: StoreClock,
): number | null {
  const last = usableThrough(settings, fromMs, clock);
  return last === null ? null : endOfLocalDay(last, clock.timeZone);
}

/** The last business day of points that end at this instant; `null` never. */
export function lastUsableDay(expiresAtMs: number | null, clock: StoreClock): LocalDate | null {
  return expiresAtMs === null ? null : businessDay(expiresAtMs - 1, { ...clock, cutOverHour: 0 });
}

/** When points earned now can be spent: at once, or at 00:00 so many days later. */
export function effectiveAt(pendingDays: number, nowMs: number, clock: StoreClock): number {
  if (pendingDays === 0) return nowMs;
  return instantOf(addDays(businessDay(nowMs, clock), pendingDays), 0, clock.timeZone);
}
