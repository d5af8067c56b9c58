import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  businessDay,
  businessDayStart,
  endOfLocalDay,
  hourOfDay,
  instantOf,
  isTimeZone,
  localTime,
} from '#loyalty/business-day.ts';
import {
  addDays,
  addMonths,
  dateOfDayNumber,
  dayNumber,
  isLocalDate,
  isoWeekday,
} from '#loyalty/calendar.ts';
import { runs } from './arrange.ts';

const zones = [
  'Europe/Istanbul',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Riyadh',
  'Australia/Lord_Howe',
];
const anyClock = fc.record({
  timeZone: fc.constantFrom(...zones),
  cutOverHour: fc.integer({ min: 0, max: 12 }),
});
const anyInstant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);

describe('a business day', () => {
  it('starts where the day before ends, and holds every instant between', () => {
    fc.assert(
      fc.property(anyInstant, anyClock, (instant, clock) => {
        const day = businessDay(instant, clock);
        const start = businessDayStart(day, clock);
        const end = businessDayStart(addDays(day, 1), clock);
        expect(start).toBeLessThanOrEqual(instant);
        expect(instant).toBeLessThan(end);
        expect(end - start).toBeGreaterThanOrEqual(22 * 3_600_000);
        expect(end - start).toBeLessThanOrEqual(26 * 3_600_000);
      }),
      runs,
    );
  });

  it('lasts until the cut-over hour of the next morning', () => {
    const clock = { timeZone: 'Europe/Istanbul', cutOverHour: 4 };
    expect(businessDay(Date.UTC(2026, 10, 21, 0, 59), clock)).toBe('2026-11-20');
    expect(businessDay(Date.UTC(2026, 10, 21, 1, 0), clock)).toBe('2026-11-21');
    expect(hourOfDay(Date.UTC(2026, 10, 21, 21, 30), clock)).toBe(0);
  });

  it('has 23 or 25 hours when summer time begins or ends', () => {
    const clock = { timeZone: 'Europe/Berlin', cutOverHour: 0 };
    const hours = (day: string): number =>
      (businessDayStart(addDays(day, 1), clock) - businessDayStart(day, clock)) / 3_600_000;
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-06-01')]).toEqual([23, 25, 24]);
  });

  it('meets an hour that summer time skips right after the jump', () => {
    const skipped = instantOf('2026-03-29', 2, 'Europe/Berlin');
    expect(localTime(skipped, 'Europe/Berlin')).toMatchObject({
      date: '2026-03-29',
      hour: 3,
      minute: 0,
    });
    expect(localTime(skipped - 1000, 'Europe/Berlin')).toMatchObject({ hour: 1, minute: 59 });
  });

  it('ends at local midnight for what expires with the day', () => {
    expect(endOfLocalDay('2025-12-31', 'Europe/Istanbul')).toBe(Date.UTC(2025, 11, 31, 21));
  });

  it('needs a time zone that exists', () => {
    expect([isTimeZone('Europe/Istanbul'), isTimeZone('Mars/Base')]).toEqual([true, false]);
  });
});

describe('a calendar date', () => {
  it('counts days like the platform does, there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50_000, max: 100_000 }), (days) => {
        const date = dateOfDayNumber(days);
        expect(date).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
        expect(dayNumber(date)).toBe(days);
        expect(isoWeekday(date)).toBe(((new Date(days * 86_400_000).getUTCDay() + 6) % 7) + 1);
      }),
      runs,
    );
  });

  it('keeps to the last day of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
  });

  it('exists or is refused', () => {
    expect(['2026-02-29', '2024-02-29', '2026-13-01', '26-1-1'].map(isLocalDate)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});
