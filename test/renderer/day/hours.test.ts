import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hour, withoutGaps } from '#renderer/day/hours.ts';

const busy = (hour: number, sales = 1): Hour => ({
  hour,
  sales,
  salesWithMember: 0,
  salesTotalMinor: 100 * sales,
  returns: 0,
  returnsMinor: 0,
  earned: 0,
  redeemed: 0,
});

/** Hours of one business day in its order, which may pass midnight. */
const day = fc
  .record({
    first: fc.nat(23),
    after: fc.uniqueArray(fc.integer({ min: 1, max: 23 }), { maxLength: 12 }),
  })
  .map(({ first, after }) =>
    [0, ...after.toSorted((one, other) => one - other)].map((step) =>
      busy((first + step) % 24, step + 1),
    ),
  );

describe('the day’s hours', () => {
  it('follow each other without a gap, through midnight too', () => {
    fc.assert(
      fc.property(day, (hours) => {
        const shown = withoutGaps(hours);
        expect(shown[0]?.hour).toBe(hours[0]?.hour);
        for (const [index, { hour }] of shown.entries())
          expect(hour).toBe(((shown[0]?.hour ?? 0) + index) % 24);
      }),
    );
  });

  it('keep every figure and add nothing but quiet ones, between ten and a whole day', () => {
    fc.assert(
      fc.property(day, (hours) => {
        const shown = withoutGaps(hours);
        expect(shown.filter(({ sales }) => sales > 0)).toEqual(hours);
        expect(shown.length).toBeGreaterThanOrEqual(10);
        expect(shown.length).toBeLessThanOrEqual(24);
      }),
    );
  });

  it('are none on a day without a sale', () => {
    expect(withoutGaps([])).toEqual([]);
  });
});
