import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersOf, newDraft, pastedGoods, speak } from '#renderer/setup/draft.ts';
import { amountFrom, amountText, countFrom, notch } from '#renderer/setup/numbers.ts';
import { checkAnswers } from '#contract/setup-shop.ts';

describe('a typed amount', () => {
  it('reads back whatever it wrote, in every currency and with either decimal mark', () => {
    const property = fc.property(
      fc.integer({ min: 0, max: 100_000_000 }),
      fc.constantFrom('TRY', 'EUR', 'JPY', 'KWD'),
      fc.boolean(),
      (minor, currency, comma) => {
        expect(amountFrom(amountText(minor, currency, comma), currency)).toBe(minor);
      },
    );
    fc.assert(property);
  });

  it.each([
    ['20', 2000],
    ['20,5', 2050],
    [' 20.50 ', 2050],
    ['٢٠٫٥', 2050],
    ['۲۰', 2000],
  ])('takes %s', (text, minor) => expect(amountFrom(text, 'TRY')).toBe(minor));

  it.each(['', '-5', '−5', '1e9', '5,5,5', '1.234,50', '20 TL', '0x10', '20.505', '9'.repeat(13)])(
    'is none: “%s”',
    (text) => expect(amountFrom(text, 'TRY')).toBeNaN(),
  );

  it('is a whole number for a count', () => {
    expect([countFrom('12'), countFrom('٣')]).toEqual([12, 3]);
    for (const text of ['', '-1', '1.5', '1e3', 'ten']) expect(countFrom(text)).toBeNaN();
  });

  it('turns by about a tenth, never through the floor', () => {
    expect([notch(5, 1), notch(100, 1), notch(950, 1), notch(Number.NaN, 1)]).toEqual([
      1, 10, 10, 1,
    ]);
  });
});

describe('pasted goods', () => {
  it('come out of a spreadsheet, a list or a note, with their currency sign', () => {
    const lines = pastedGoods('Tea\t3.50\r\nCake; 4,20 €\n\nRoll 2\nWater\t$1', 'EUR');
    expect(lines.map(({ goods }) => goods)).toEqual([
      { name: 'Tea', priceMinor: 350 },
      { name: 'Cake', priceMinor: 420 },
      { name: 'Roll', priceMinor: 200 },
      { name: 'Water', priceMinor: 100 },
    ]);
  });

  it('name the line that cannot be read', () => {
    const lines = pastedGoods('Tea\t3.50\nbroken\nCake;free\nRoll;0', 'EUR');
    expect(lines.filter(({ goods }) => goods === null).map(({ number }) => number)).toEqual([
      2, 3, 4,
    ]);
  });
});

describe('a draft', () => {
  it('brings the country of its language along, until something was typed', () => {
    const fresh = newDraft('en');
    expect(speak(fresh, 'tr')).toMatchObject({ market: 'TR', currency: 'TRY', tax: 'included' });
    expect(speak({ ...fresh, storeName: 'A' }, 'tr')).toMatchObject({
      language: 'tr',
      market: 'US',
    });
  });

  it('needs a name, a cashier and a PIN, and nothing else', () => {
    for (const language of ['en', 'tr', 'de', 'ar'] as const) {
      const problems = checkAnswers(answersOf(newDraft(language), 'Coffee'));
      expect([language, problems.map(({ path }) => path)]).toEqual([
        language,
        ['storeName', 'cashiers.0', 'managerPin'],
      ]);
    }
  });
});
