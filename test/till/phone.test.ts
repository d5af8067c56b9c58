import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked, readPhone } from '#till/phone.ts';

describe('telephone numbers', () => {
  test.each([
    ['TR', '0532 123 45 67', '+905321234567', true],
    ['TR', '5321234567', '+905321234567', true],
    ['TR', '0090 532 1234567', '+905321234567', true],
    ['TR', '+90 532 123 45 67', '+905321234567', true],
    ['TR', '٠٥٣٢ ١٢٣ ٤٥ ٦٧', '+905321234567', true],
    ['TR', '0212 345 67 89', '+902123456789', false],
    ['DE', '01512 3456789', '+4915123456789', true],
    ['DE', '0049 1512 3456789', '+4915123456789', true],
    ['DE', '0171/2345678', '+491712345678', true],
    ['DE', '030 12345678', '+493012345678', false],
    ['US', '(201) 555-0123', '+12015550123', true],
    ['US', '+1 201 555 0123', '+12015550123', true],
    ['SA', '051 234 5678', '+966512345678', true],
    ['SA', '٠٥١٢٣٤٥٦٧٨', '+966512345678', true],
    ['SA', '00966 51 234 5678', '+966512345678', true],
    ['DE', '+90 532 123 45 67', '+905321234567', true],
  ] as const)('%s %s is %s', (market, text, e164, takesSms) => {
    expect(readPhone(text, market)).toEqual({
      ok: true,
      value: { e164, takesSms, unusual: false },
    });
  });

  test('an unusual length is a warning and no refusal', () => {
    expect(readPhone('0171 234567890', 'DE')).toMatchObject({ ok: true, value: { unusual: true } });
  });

  test.each([
    ['', 'phone-empty'],
    ['  - ', 'phone-empty'],
    ['123', 'phone-too-short'],
    ['0532123456789012345', 'phone-too-long'],
    ['zero five', 'phone-not-a-number'],
    ['0532+123', 'phone-not-a-number'],
    ['😀😀😀😀😀😀😀', 'phone-not-a-number'],
  ])('%j is refused as %s', (text, code) => {
    expect(readPhone(text, 'TR')).toEqual({ ok: false, error: { code } });
  });

  test('whatever is typed, the answer is an E.164 number or a refusal', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 32 }),
        fc.constantFrom('TR', 'DE', 'US', 'SA'),
        (text, market) => {
          const read = readPhone(text, market as 'TR');
          if (read.ok) expect(read.value.e164).toMatch(/^\+[1-9][0-9]{6,14}$/);
        },
      ),
    );
  });

  test('every way to write a Turkish mobile number is the same number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.constantFrom('', '0', '+90', '0090', '0 ', '+90 '),
        (rest, prefix) => {
          const national = `53${String(rest).padStart(8, '0')}`;
          const read = readPhone(`${prefix}${national.slice(0, 3)} ${national.slice(3)}`, 'TR');
          expect(read).toMatchObject({ ok: true, value: { e164: `+90${national}` } });
        },
      ),
    );
  });

  test('only the last two characters are ever shown', () => {
    expect(masked('+905321234567')).toBe('··67');
  });
});
