import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, allocateSteadily } from '#loyalty/allocate.ts';
import { addMoney, currencyExponent, isCurrency, money, roundToMultiple } from '#loyalty/money.ts';
import { pointsToSmallest, scaleOf } from '#loyalty/points.ts';
import {
  add,
  compare,
  divide,
  formatRational,
  multiply,
  parseRational,
  rate,
  rational,
  round,
  type Rounding,
  roundings,
  subtract,
} from '#loyalty/rational.ts';
import { runs } from './arrange.ts';

const anyRational = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([top, bottom]) => rational(top, bottom));

describe('a fraction', () => {
  it('obeys arithmetic exactly', () => {
    fc.assert(
      fc.property(anyRational, anyRational, (a, b) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        const factor = b.numerator === 0n ? rational(7) : b;
        expect(divide(multiply(a, factor), factor)).toEqual(a);
        expect(compare(a, b) + compare(b, a)).toBe(0);
      }),
      runs,
    );
  });

  it('is written so that it reads back the same', () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: -1e9, max: 1e9 }),
          fc.constantFrom(1, 2, 3, 7, 8, 40, 111, 1000),
        ),
        ([top, bottom]) => {
          const value = rational(top, bottom);
          expect(parseRational(formatRational(value))).toEqual(value);
        },
      ),
      runs,
    );
    expect(formatRational(rate('18.40'))).toBe('18.4');
    expect(formatRational(rational(1, 3))).toBe('1/3');
    expect(formatRational(rational(-5, 1000))).toBe('-0.005');
  });

  it('rounds within one unit, each way as it is named', () => {
    fc.assert(
      fc.property(anyRational, fc.constantFrom<Rounding>(...roundings), (value, rounding) => {
        const rest = subtract(rational(round(value, rounding)), value);
        expect(compare(rest, rational(1))).toBeLessThan(0);
        expect(compare(rest, rational(-1))).toBeGreaterThan(0);
      }),
      runs,
    );
    const half = (rounding: Rounding): bigint[] =>
      ['-2.5', '-1.5', '-0.4', '0.5', '1.5', '2.5'].map((text) => round(rate(text), rounding));
    expect(half('floor')).toEqual([-3n, -2n, -1n, 0n, 1n, 2n]);
    expect(half('ceil')).toEqual([-2n, -1n, 0n, 1n, 2n, 3n]);
    expect(half('half-up')).toEqual([-3n, -2n, 0n, 1n, 2n, 3n]);
    expect(half('half-even')).toEqual([-2n, -2n, 0n, 0n, 2n, 2n]);
    expect(half('toward-zero')).toEqual([-2n, -1n, 0n, 0n, 1n, 2n]);
  });

  it('refuses text that is no number', () => {
    for (const text of ['', '1.', '.5', '1,5', '1/0', '1e3', 'NaN', '--1', ' 1']) {
      expect(parseRational(text)).toBeNull();
    }
  });
});

describe('an allocation', () => {
  it('sums exactly and never gives a part more than its weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, share) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          const total = Math.floor(sum * share);
          const parts = allocate(total, weights);
          expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
          parts.forEach((part, index) => {
            expect(part).toBeLessThanOrEqual(weights[index] ?? 0);
            expect(
              Math.abs(part - (total * (weights[index] ?? 0)) / Math.max(1, sum)),
            ).toBeLessThan(1.001);
          });
        },
      ),
      runs,
    );
  });

  it('split anew as it grows gives no part less than before, and each its own in the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 }), (weights) => {
        const all = weights.reduce((sum, weight) => sum + weight, 0);
        let before = weights.map(() => 0);
        for (let total = 0; total <= all; total += 1) {
          const parts = allocateSteadily(total, weights);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
          for (const [index, part] of parts.entries()) {
            expect(part).toBeGreaterThanOrEqual(before[index] ?? 0);
          }
          before = parts;
        }
        expect(before).toEqual(weights);
      }),
      runs,
    );
    expect(allocateSteadily(3, [2, 4])).toEqual([1, 2]);
    expect(allocateSteadily(1, [2, 2])).toEqual([1, 0]);
    expect(() => allocateSteadily(5, [2, 2])).toThrow('at most');
    expect(() => allocateSteadily(-1, [2, 2])).toThrow('at most');
  });

  it('gives a rest to the largest remainder, ties to the earlier part', () => {
    expect(allocate(4000, [3000, 2500])).toEqual([2182, 1818]);
    expect(allocate(1, [1, 1, 1])).toEqual([1, 0, 0]);
    expect(allocate(3, [1, 2, 2, 1])).toEqual([1, 1, 1, 0]);
    expect(allocate(2, [1, 3, 3])).toEqual([0, 1, 1]);
    expect(allocate(0, [])).toEqual([]);
  });

  it('is of whole amounts over whole weights, none below zero: anything else is a bug', () => {
    for (const total of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => allocate(total, [1])).toThrow('whole, positive amount');
    }
    for (const weight of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => allocate(1, [5, weight])).toThrow('a weight is a whole number');
      expect(() => allocate(0, [5, weight])).toThrow('a weight is a whole number');
    }
    expect(() => allocate(1, [0, 0])).toThrow('at least one positive weight');
    expect(() => allocate(1, [])).toThrow('at least one positive weight');
  });
});

describe('money', () => {
  it('knows how many decimals a currency has', () => {
    expect(['TRY', 'JPY', 'KWD', 'EUR'].map(currencyExponent)).toEqual([2, 0, 3, 2]);
    expect([isCurrency('TRY'), isCurrency('TL'), isCurrency('try')]).toEqual([true, false, false]);
  });

  it('never adds two currencies or holds part of a cent', () => {
    expect(addMoney(money(150, 'EUR'), money(50, 'EUR'))).toEqual(money(200, 'EUR'));
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('one currency');
    expect(() => money(1.5, 'EUR')).toThrow('whole number');
  });

  it('rounds cash to a multiple', () => {
    expect(roundToMultiple(10_060, 100, 'half-up')).toBe(10_100);
    expect(roundToMultiple(1234, 5, 'half-up')).toBe(1235);
    expect(roundToMultiple(1234, 1, 'half-up')).toBe(1234);
  });
});

describe('points', () => {
  it('are counted in their smallest unit', () => {
    expect(pointsToSmallest(rate('26.57'), { kind: 'points', scale: 1 }, 'floor')).toBe(265);
    expect(pointsToSmallest(rate('26.5'), { kind: 'stamps' }, 'half-up')).toBe(27);
    expect(scaleOf({ kind: 'money', currency: 'KWD' })).toBe(3);
  });
});
