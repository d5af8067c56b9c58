import { assert } from './result.ts';
import { addDays, dateOfDayNumber, dayNumber, localDate, type LocalDate } from './calendar.ts';

/**
 * Where and how a store counts its days.
 *
 * A sale at 01:30 belongs to the evening before when the cut-over hour is 4.
 */
export interface StoreClock {
  /** IANA name, e.g. `Europe/Istanbul`. */
  readonly timeZone: string;
  /** Hour at which a new business day starts, 0–23. */
  readonly cutOverHour: number;
}

/** What a wall clock in the store's time zone shows. */
export interface LocalTime {
  readonly date: LocalDate;
  /** 0–23. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 64;

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  if (formats.size >= mostFormats) formats.clear();
  const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

/** Whether this machine knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** The wall clock of a time zone at an instant (milliseconds since 1970 UTC). */
export function localTime(instantMs: number, timeZone: string): LocalTime {
  assert(Number.isSafeInteger(instantMs), 'an instant is a whole number of milliseconds');
  const found: Record<string, number> = {};
  for (const part of formatFor(timeZone).formatToParts(instantMs)) {
    if (part.type !== 'literal') found[part.type] = Number(part.value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  return { date: localDate(year, month, day), hour, minute, second };
}

/** The business day an instant belongs to. */
export function businessDay(instantMs: number, clock: StoreClock): LocalDate {
  const { date, hour } = localTime(instantMs, clock.timeZone);
  return hour < clock.cutOverHour ? addDays(date, -1) : date;
}

/** Instants between which every wall clock shows a year of four digits, and so does a term later. */
const FIRST_TOLD_MS = Date.UTC(1000, 0, 1);
const LAST_TOLD_MS = Date.UTC(9000, 11, 31);

/** A clock gone wrong may say any instant: one before the year 1000 or after 9000 is the nearest there is. */
export function toldInstant(instantMs: number): number {
  return Math.min(Math.max(instantMs, FIRST_TOLD_MS), LAST_TOLD_MS);
}

/** The hour of the day, 0–23, as the store's wall clock shows it, whatever instant a clock has said. */
export function hourOfDay(instantMs: number, clock: StoreClock): number {
  return localTime(toldInstant(instantMs), clock.timeZone).hour;
}

function wallMs(time: LocalTime): number {
  const seconds = (time.hour * 60 + time.minute) * 60 + time.second;
  return dayNumber(time.date) * 86_400_000 + seconds * 1000;
}

/**
 * The first instant at which the wall clock has reached this date and hour.
 *
 * When summer time skips that hour it is the moment after the jump; when the hour happens twice it
 * is the first one.
 */
export function instantOf(date: LocalDate, hour: number, timeZone: string): number {
  const wanted = dayNumber(date) * 86_400_000 + hour * 3_600_000;
  const before = wanted - offsetMs(wanted - 86_400_000, timeZone);
  const after = wanted - offsetMs(wanted + 86_400_000, timeZone);
  const candidates = [before, after].toSorted((a, b) => a - b);
  for (const candidate of candidates) {
    if (wallMs(localTime(candidate, timeZone)) === wanted) return candidate;
  }
  return firstReaching(wanted, candidates[0] ?? before, timeZone);
}

function offsetMs(instantMs: number, timeZone: string): number {
  const whole = Math.floor(instantMs / 1000) * 1000;
  return wallMs(localTime(whole, timeZone)) - whole;
}

function firstReaching(wanted: number, start: number, timeZone: string): number {
  let low = start - 14_400_000;
  let high = start + 14_400_000;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (wallMs(localTime(middle, timeZone)) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** First instant of a business day; the day ends where the next begins. */
export function businessDayStart(day: LocalDate, clock: StoreClock): number {
  return instantOf(day, clock.cutOverHour, clock.timeZone);
}

/** Midnight at the start of the day after `date`: the exclusive end of a local day. */
export function endOfLocalDay(date: LocalDate, timeZone: string): number {
  return instantOf(dateOfDayNumber(dayNumber(date) + 1), 0, timeZone);
}
