import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScanSource } from '#scan/code.ts';
import { decodeCandidates, decodeScan } from '#scan/decode.ts';
import { hasLuhnCheck } from '#scan/digits.ts';
import { isPaymentCardNumber } from '#scan/payment-card.ts';
import { defaultScanSettings } from '#scan/settings.ts';

const sources: readonly ScanSource[] = ['keyboard', 'serial', 'hid', 'typed'];
const refused = { kind: 'payment-card' };

/** Numbers of every length a bank card may have, with the check digit right. */
const cardNumber = fc
  .tuple(
    fc.constantFrom('34', '36', '4', '51', '55', '2221', '2720', '6011', '62', '67'),
    fc.integer({ min: 13, max: 19 }),
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 19, maxLength: 19 }),
  )
  .map(([issuer, length, filler]) => {
    const body = (issuer + filler).slice(0, length - 1);
    return [...'0123456789'].map((check) => body + check).find(hasLuhnCheck) ?? '';
  });
const expiry = fc.constantFrom('2512', '3001', '2911');
const settings = defaultScanSettings;

describe('a payment card', () => {
  it('is refused by either track, from any source, with and without sentinels', () => {
    fc.assert(
      fc.property(cardNumber, expiry, fc.constantFrom(...sources), (number, yymm, source) => {
        for (const text of [
          `%B${number}^DOE/JANE^${yymm}101000000?;${number}=${yymm}101000000?\r`,
          `%B${number}^DOE/JANE^${yymm}101000000?`,
          `;${number}=${yymm}101000000?`,
          `;${number}?`,
          `${number}=${yymm}`,
          `%E?;${number}=${yymm}1010?+E?`,
          `]X0;${number}=${yymm}1010?`,
          `b${number}^doe/jane^${yymm}`,
          `\u0002junk\u0001;${number}=${yymm}1010?`,
        ]) {
          expect([text, decodeScan(text, source, settings)]).toEqual([text, refused]);
        }
      }),
    );
  });

  it('leaves no run of its digits in any result, however the text around it is broken', () => {
    fc.assert(
      fc.property(
        cardNumber,
        fc.string({ maxLength: 40 }),
        fc.string({ maxLength: 40 }),
        fc.constantFrom(...sources),
        (number, before, after, source) => {
          for (const text of [
            `${before}${number}${after}`,
            `${before} ${spaced(number)} ${after}`,
          ]) {
            const code = decodeScan(text, source, settings);
            // Thirteen and fourteen digits alone can also be goods; longer ones never are.
            if (code.kind === 'product' || code.kind === 'card') continue;
            expect(JSON.stringify(code)).not.toContain(number);
            expect(JSON.stringify(code)).not.toContain(spaced(number));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is refused when typed or sent alone, but a product is not', () => {
    expect(decodeScan('4111 1111 1111 1111', 'typed', settings)).toEqual(refused);
    expect(decodeScan('4111111111111111', 'serial', settings)).toEqual(refused);
    expect(decodeScan('378282246310005\r\n', 'hid', settings)).toEqual(refused);
    expect(decodeScan('4006381333931', 'serial', settings).kind).toBe('product');
  });

  it('is refused if any spelling of a keyboard scan shows one', () => {
    const spellings = ['$!!!!!!!', ';4111111111111111=30121010?'];
    expect(decodeCandidates(spellings, 'keyboard', settings)).toEqual(refused);
  });

  it('is not the card of a tenant who declared the issuer range its own', () => {
    const number = '6035718888880528923';
    expect(decodeScan(`;${number}=4912?`, 'hid', settings)).toEqual(refused);
    const own = {
      ...settings,
      ownIssuerPrefixes: ['603571'],
      cardPatterns: [
        { prefix: '603571', lengthMin: 19, lengthMax: 19, characters: 'digits', check: 'luhn' },
      ],
    } as const;
    expect(decodeScan(`;${number}=4912?`, 'hid', own)).toEqual({
      kind: 'card',
      number,
      symbology: 'magstripe',
    });
    expect(decodeScan(';4111111111111111=4912?', 'hid', own)).toEqual(refused);
  });

  it('cannot be let in by a whitelist so short that it names a whole network', () => {
    expect(isPaymentCardNumber('4111111111111111', ['4', '41', '411', ''])).toBe(true);
    expect(isPaymentCardNumber('4111111111111111', ['4111'])).toBe(false);
  });

  it('cannot be let in by a card pattern alone', () => {
    const pattern = {
      prefix: '',
      lengthMin: 6,
      lengthMax: 32,
      characters: 'digits',
      check: 'none',
    } as const;
    expect(
      decodeScan('4111111111111111', 'typed', { ...settings, cardPatterns: [pattern] }),
    ).toEqual(refused);
  });

  it('torn in two shows neither half', () => {
    expect(decodeScan(';41111111', 'serial', settings)).toEqual({
      kind: 'unreadable',
      reason: 'track-error',
    });
    expect(decodeScan('11111111=30121010000000000000?', 'serial', settings)).toEqual({
      kind: 'unreadable',
      reason: 'track-error',
    });
  });

  it('whose track was read with a wrong digit shows only its end', () => {
    const code = decodeScan(';4111111111111112=3012?', 'serial', settings);
    expect(code).toEqual({ kind: 'unknown', text: '••••••••••••1112', symbology: 'magstripe' });
  });
});

function spaced(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}
