import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_LENGTH_MAX } from '#contract/till.ts';
import { gs1CheckDigit } from '#loyalty/ean13.ts';
import { ENTRY_LENGTH_MAX, meaningOfEntry, typed } from '#renderer/cashier/entry.ts';

const markets = fc.constantFrom('TR' as const, 'DE' as const, 'US' as const, 'SA' as const);
const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const withCheck = (body: string): string => body + String(gs1CheckDigit(body));

describe('what Enter makes of the digits', () => {
  it('is an amount in minor units up to seven digits, in every market', () => {
    fc.assert(
      fc.property(digits(1, 7), markets, (entry, market) => {
        expect(meaningOfEntry(entry, market)).toEqual({ kind: 'amount', minor: Number(entry) });
      }),
    );
  });

  it('is a card for 13 digits from 29 with the right check digit, and only then', () => {
    fc.assert(
      fc.property(digits(10, 10), markets, fc.integer({ min: 1, max: 9 }), (body, market, by) => {
        const card = withCheck(`29${body}`);
        expect(meaningOfEntry(card, market)).toEqual({ kind: 'card', number: card });
        const wrong = card.slice(0, 12) + String((Number(card[12]) + by) % 10);
        expect(['unclear', 'phone']).toContain(meaningOfEntry(wrong, market).kind);
      }),
    );
  });

  it('is a product of 14 digits for a printed code of 8, 12 or 13 that starts with no zero', () => {
    fc.assert(
      fc.property(fc.constantFrom(7, 11, 12), digits(12, 12), markets, (length, body, market) => {
        const code = withCheck(`4${body.slice(1, length)}`);
        expect(meaningOfEntry(code, market)).toEqual({
          kind: 'product',
          gtin: code.padStart(14, '0'),
        });
      }),
    );
  });

  it('is the same phone number with and without the trunk zero', () => {
    expect(meaningOfEntry('05321234567', 'TR')).toEqual({ kind: 'phone', digits: '05321234567' });
    expect(meaningOfEntry('5321234567', 'TR')).toEqual({ kind: 'phone', digits: '5321234567' });
    expect(meaningOfEntry('+905321234567', 'DE').kind).toBe('phone');
    expect(meaningOfEntry('015123456789', 'DE').kind).toBe('phone');
    expect(meaningOfEntry('2015550123', 'US').kind).toBe('phone');
    expect(meaningOfEntry('0512345678', 'SA').kind).toBe('phone');
  });

  it('always answers, and keeps every digit it was given', () => {
    fc.assert(
      fc.property(digits(0, ENTRY_LENGTH_MAX), markets, fc.boolean(), (rest, market, plus) => {
        const entry = (plus ? '+' : '') + rest;
        const meaning = meaningOfEntry(entry, market);
        if (meaning.kind === 'phone') expect(meaning.digits).toBe(entry);
        if (meaning.kind === 'card') expect(meaning.number).toBe(entry);
        if (meaning.kind === 'product') expect(meaning.gtin).toBe(entry.padStart(14, '0'));
        expect(meaning.kind === 'empty').toBe(entry === '');
      }),
    );
  });
});

it('is a code as soon as a letter stands in it', () => {
  for (const entry of ['A', '1A', 'SPRNG25', 'ÇAY-10']) {
    expect(meaningOfEntry(entry, 'TR')).toEqual({ kind: 'code', text: entry });
  }
});

describe('typing into the entry line', () => {
  it('takes digits of both scripts, one plus in front, and the letters and dashes of a code', () => {
    expect(typed('12', '3')).toBe('123');
    expect(typed('12', '00')).toBe('1200');
    expect(typed('12', '٣')).toBe('123');
    expect(typed('', '+')).toBe('+');
    expect(typed('12', '+')).toBe('12');
    expect(typed('12', '-')).toBe('12');
    expect(typed('12', 'e')).toBe('12E');
    expect(typed('SPRNG', '-')).toBe('SPRNG-');
    expect(typed('SPRNG-', '2')).toBe('SPRNG-2');
    expect(typed('+49', 'a')).toBe('+49');
    expect(typed('12', 'Enter')).toBe('12');
    expect(typed('A', '!')).toBe('A');
  });

  it('never holds more than fits, nor anything but a plus, Latin digits and a code', () => {
    const key = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('0', '7', '00', '+', '٠', '٩', '\u202E', 'Enter'),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
        const entry = keys.reduce(typed, '');
        expect(entry).toMatch(/^(?:\+?[0-9]*|[0-9]*\p{L}[\p{L}0-9-]*)$/u);
        expect(entry.length).toBeLessThanOrEqual(CODE_LENGTH_MAX);
        if (!/\p{L}/u.test(entry)) expect(entry.length).toBeLessThanOrEqual(ENTRY_LENGTH_MAX);
      }),
    );
  });
});
