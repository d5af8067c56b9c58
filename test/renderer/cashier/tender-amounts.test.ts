import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyExponent } from '#loyalty/money.ts';
import { quickCash, receivedMinor } from '#renderer/cashier/tender-amounts.ts';

const currencies = fc.constantFrom('TRY', 'EUR', 'USD', 'SAR', 'JPY', 'KWD');

describe('likely amounts of cash', () => {
  it('are at most three, growing, each more than the total and a whole number of five', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), currencies, (total, currency) => {
        const amounts = quickCash(total, currency);
        const five = 5 * 10 ** currencyExponent(currency);
        expect(amounts.length).toBeGreaterThan(0);
        expect(amounts.length).toBeLessThanOrEqual(3);
        expect(amounts).toEqual([...new Set(amounts)].toSorted((one, other) => one - other));
        for (const amount of amounts) {
          expect(amount).toBeGreaterThan(total);
          expect(amount % five).toBe(0);
        }
      }),
    );
  });

  it('are the notes a cashier would expect', () => {
    expect(quickCash(4_500, 'TRY')).toEqual([5_000, 10_000, 20_000]);
    expect(quickCash(320, 'EUR')).toEqual([500, 1_000, 2_000]);
    expect(quickCash(50_000, 'TRY')).toEqual([55_000, 60_000, 100_000]);
    expect(quickCash(12_000, 'TRY')).toEqual([15_000, 20_000, 50_000]);
    expect(quickCash(450, 'JPY')).toEqual([500, 600, 1_000]);
  });
});

describe('what was handed over', () => {
  it('is what the digits say, in minor units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (minor) => {
        expect(receivedMinor(String(minor))).toBe(minor);
      }),
    );
  });

  it('is nothing where nothing, too much or no number was typed', () => {
    for (const entry of ['', '+90', '1234567890', '1e5', ' 5', '-5', '5.00'])
      expect([entry, receivedMinor(entry)]).toEqual([entry, null]);
  });
});
