import type { DayReport } from '#contract/day.ts';

export type Hour = DayReport['byHour'][number];

/** Hours that a day's picture has at least, so that a morning's two bars are not two walls. */
const hoursMin = 10;
const hoursOfClock = 24;

/** The day's hours without gaps, from the first that sold, followed by quiet ones to ten. */
export function withoutGaps(hours: readonly Hour[]): readonly Hour[] {
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return [];
  const known = new Map(hours.map((hour) => [hour.hour, hour]));
  const span = ((last.hour - first.hour + hoursOfClock) % hoursOfClock) + 1;
  return Array.from({ length: Math.max(span, hoursMin) }, (_, index) => {
    const hour = (first.hour + index) % hoursOfClock;
    return known.get(hour) ?? quietHour(hour);
  });
}

function quietHour(hour: number): Hour {
  return {
    hour,
    sales: 0,
    salesWithMember: 0,
    salesTotalMinor: 0,
    returns: 0,
    returnsMinor: 0,
    earned: 0,
    redeemed: 0,
  };
}
