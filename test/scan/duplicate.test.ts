import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScannedCode } from '#scan/code.ts';
import { createDuplicateFilter } from '#scan/duplicate.ts';

const card: ScannedCode = { kind: 'card', number: '2900000000001', symbology: 'ean' };
const product: ScannedCode = { kind: 'product', gtin: '04006381333931', symbology: 'ean' };

describe('the duplicate filter', () => {
  it('takes the same card within 1.5 s for one read, whatever symbol it was in', () => {
    const filter = createDuplicateFilter();
    expect(filter.isDuplicate(card, 'a', 0)).toBe(false);
    expect(filter.isDuplicate({ ...card, symbology: 'qr' }, 'a', 1_499)).toBe(true);
    expect(filter.isDuplicate(card, 'a', 1_499 + 1_500)).toBe(false);
  });

  it('takes a card left under the scanner for one read as long as it lies there', () => {
    const filter = createDuplicateFilter();
    const reads = Array.from({ length: 20 }, (_, index) =>
      filter.isDuplicate(card, 'a', index * 700),
    );
    expect(reads).toEqual([false, ...Array.from({ length: 19 }, () => true)]);
  });

  it('lets two equal bottles pass one after the other, and a row of ten count ten', () => {
    const filter = createDuplicateFilter();
    const reads = Array.from({ length: 10 }, (_, index) =>
      filter.isDuplicate(product, 'a', index * 650),
    );
    expect(reads).toEqual(Array.from({ length: 10 }, () => false));
    expect(filter.isDuplicate(product, 'a', 9 * 650 + 300)).toBe(true);
  });

  it('does not mix two scanners, nor two codes of one', () => {
    const filter = createDuplicateFilter();
    expect(filter.isDuplicate(card, 'a', 0)).toBe(false);
    expect(filter.isDuplicate(card, 'b', 10)).toBe(false);
    expect(filter.isDuplicate(product, 'a', 20)).toBe(false);
    expect(filter.isDuplicate(card, 'a', 30)).toBe(true);
  });

  it('remembers a bounded number of reads', () => {
    const filter = createDuplicateFilter();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (serial) => {
        filter.isDuplicate({ ...card, number: String(serial) }, 'a', 0);
      }),
      { numRuns: 500 },
    );
    expect(filter.isDuplicate({ ...card, number: 'OLDEST' }, 'a', 0)).toBe(false);
    for (let index = 0; index < 100; index += 1)
      filter.isDuplicate({ ...card, number: `N${index}` }, 'a', 0);
    expect(filter.isDuplicate({ ...card, number: 'OLDEST' }, 'a', 0)).toBe(false);
  });
});
