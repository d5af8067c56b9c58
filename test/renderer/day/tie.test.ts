import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointsOfDay } from '#contract/day.ts';
import { tieOf, worthMinor } from '#renderer/day/tie.ts';

const points = fc.integer({ min: 0, max: 10_000_000 });
const signed = fc.integer({ min: -100_000, max: 100_000 });

/** A day whose movements lead to its closing, which the accounts hold. */
const tyingDay = fc
  .record({
    opening: signed,
    earned: points,
    redeemed: points,
    expired: points,
    reversed: signed,
    other: signed,
  })
  .map((moved): PointsOfDay => {
    const closing =
      moved.opening + moved.earned - moved.redeemed - moved.expired + moved.reversed + moved.other;
    return {
      programme: 'any',
      ...moved,
      closing,
      sumOfBalances: closing,
      worth: { numerator: 5, denominator: 100 },
    };
  });

describe('a day’s points as an equation', () => {
  it('ties when the movements lead to what the accounts hold, whatever sign they came with', () => {
    fc.assert(
      fc.property(tyingDay, (day) => {
        expect(tieOf(day).difference).toBe(0);
        const asEntries = { ...day, redeemed: -day.redeemed, expired: -day.expired };
        expect(tieOf(asEntries)).toEqual(tieOf(day));
      }),
    );
  });

  it('what is shown adds up: the terms lead to the closing less the difference', () => {
    fc.assert(
      fc.property(tyingDay, signed, (day, gap) => {
        const tie = tieOf({ ...day, closing: day.closing + gap });
        const led = tie.opening + tie.earned - tie.redeemed - tie.expired + tie.other;
        expect(tie.closing - led).toBe(gap);
      }),
    );
  });

  it('shows every gap, in the movements or in the accounts, with its sign', () => {
    fc.assert(
      fc.property(tyingDay, signed, (day, gap) => {
        fc.pre(gap !== 0);
        expect(tieOf({ ...day, sumOfBalances: day.sumOfBalances + gap }).difference).toBe(gap);
        expect(tieOf({ ...day, closing: day.closing + gap }).difference).toBe(gap);
      }),
    );
  });

  it('ties the example of the manager’s page', () => {
    const example = {
      programme: 'any',
      opening: 398_215,
      earned: 21_340,
      redeemed: 5_900,
      expired: 760,
      reversed: -25,
      other: 0,
      closing: 412_870,
      sumOfBalances: 412_870,
      worth: { numerator: 5, denominator: 1 },
    };
    expect(tieOf(example)).toMatchObject({ other: -25, difference: 0 });
  });
});

describe('what points are worth', () => {
  it('is rounded down to a whole minor unit, without a float', () => {
    fc.assert(
      fc.property(
        points,
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (count, numerator, denominator) => {
          const worth = worthMinor(count, { numerator, denominator });
          expect(worth * denominator).toBeLessThanOrEqual(count * numerator);
          expect((worth + 1) * denominator).toBeGreaterThan(count * numerator);
        },
      ),
    );
  });
});
