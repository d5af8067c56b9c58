/**
 * The first and the last day that anything is posted under. What looks around them, a tier's window or
 * a report, still finds years of four digits, as calendars and databases want them.
 */
export const DAY_POSTED_MIN = '1000-01-01';
export const DAY_POSTED_MAX = '9000-12-31';

/** The day an entry is posted under: its own, or the nearest there is. A till's clock may say any day. */
export function postedDay(day: string): string {
  if (day < DAY_POSTED_MIN) return DAY_POSTED_MIN;
  return day > DAY_POSTED_MAX ? DAY_POSTED_MAX : day;
}
