import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCode, groupPhone, looksLikePhone } from '#renderer/format/phone.ts';

const markets = fc.constantFrom('TR' as const, 'DE' as const, 'US' as const, 'SA' as const);
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 16 });

describe('a phone number while it is typed', () => {
  it('keeps every digit, in order, in every market', () => {
    fc.assert(
      fc.property(digits, markets, (typed, market) => {
        expect(groupPhone(typed, market).replace(/\D/g, '')).toBe(typed);
      }),
    );
  });

  it('grows at its end only: what stands there does not jump while digits follow', () => {
    fc.assert(
      fc.property(digits, markets, (typed, market) => {
        const whole = groupPhone(typed, market);
        const shorter = groupPhone(typed.slice(0, -1), market);
        // Two zeros in front turn a national number into an international one.
        if (!typed.startsWith('00')) expect(whole.startsWith(shorter.trimEnd())).toBe(true);
      }),
    );
  });

  it('is grouped the national way, with and without the trunk digit', () => {
    expect(groupPhone('05321234567', 'TR')).toBe('0532 123 45 67');
    expect(groupPhone('5321234567', 'TR')).toBe('532 123 45 67');
    expect(groupPhone('015123456789', 'DE')).toBe('01512 3456789');
    expect(groupPhone('2015550123', 'US')).toBe('(201) 555-0123');
    expect(groupPhone('0512345678', 'SA')).toBe('051 234 5678');
    expect(groupPhone('+905321234567', 'TR')).toBe('+905321234567');
    expect(groupPhone('00905321234567', 'TR')).toBe('00905321234567');
  });
});

describe('telling a phone number from other digits', () => {
  it('accepts the forms people say it in', () => {
    for (const form of ['05321234567', '5321234567', '+905321234567', '00905321234567'])
      expect([form, looksLikePhone(form, 'TR')]).toEqual([form, true]);
    expect(looksLikePhone('1512345678', 'DE')).toBe(true);
    expect(looksLikePhone('12015550123', 'US')).toBe(true);
    expect(looksLikePhone('512345678', 'SA')).toBe(true);
  });

  it('takes no amount for one: seven digits and fewer are never a national number', () => {
    fc.assert(
      fc.property(digits, markets, (typed, market) => {
        fc.pre(!typed.startsWith('00') && typed.length <= 7);
        expect(looksLikePhone(typed, market)).toBe(false);
      }),
    );
  });

  it('does not depend on the trunk digit', () => {
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('TR' as const, 'DE' as const, 'SA' as const),
        (typed, market) => {
          fc.pre(!typed.startsWith('0'));
          expect(looksLikePhone(`0${typed}`, market)).toBe(looksLikePhone(typed, market));
        },
      ),
    );
  });
});

it('every market has its country code', () => {
  expect((['TR', 'DE', 'US', 'SA'] as const).map(countryCode)).toEqual([
    '+90',
    '+49',
    '+1',
    '+966',
  ]);
});
