import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cardNumberFromBytes,
  cardNumberFromSerial,
  cardSerials,
  displayCardNumber,
  displayReceiptToken,
  displayVoucherCode,
  isCardNumber,
  isReceiptToken,
  isVoucherCode,
  normaliseCode,
  normaliseDigits,
  receiptTokenFromBytes,
  voucherCodeFromBytes,
} from '#loyalty/card.ts';
import { gs1CheckDigit, hasGs1CheckDigit } from '#loyalty/ean13.ts';
import { runs } from './arrange.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a member card number', () => {
  it('is an EAN-13 of our own prefix, whatever the randomness', () => {
    fc.assert(
      fc.property(bytes(8), (random) => {
        const number = cardNumberFromBytes(random);
        expect(number).toMatch(/^29\d{11}$/);
        expect(isCardNumber(number)).toBe(true);
        expect(normaliseDigits(displayCardNumber(number))).toBe(number);
      }),
      runs,
    );
  });

  it('notices one wrong digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: cardSerials - 1 }),
        fc.nat({ max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        (serial, place, more) => {
          const number = cardNumberFromSerial(serial);
          const digit = (Number(number[place]) + more) % 10;
          const wrong = number.slice(0, place) + digit + number.slice(place + 1);
          expect(isCardNumber(wrong)).toBe(false);
        },
      ),
      runs,
    );
  });

  it('is read from Arabic-Indic digits too', () => {
    expect(normaliseDigits('٢٩ ٠٠٠٠٠-٠٠٠٠٠ ٢')).toBe('2900000000002');
  });

  it('has the check digit GS1 publishes', () => {
    expect(gs1CheckDigit('590123412345')).toBe(7);
    expect(hasGs1CheckDigit('5901234123457')).toBe(true);
    expect(hasGs1CheckDigit('4006381333932')).toBe(false);
    expect(hasGs1CheckDigit('96385074')).toBe(true);
  });
});

describe('a receipt token', () => {
  it('is nine characters without look-alikes and shown in two groups', () => {
    fc.assert(
      fc.property(bytes(5), (random) => {
        const token = receiptTokenFromBytes(random);
        expect(token).toMatch(/^[0-9A-HJKMNP-TV-Z]{9}$/);
        expect(isReceiptToken(token)).toBe(true);
        expect(normaliseCode(displayReceiptToken(token).toLowerCase())).toBe(token);
      }),
      runs,
    );
  });

  it('is read although O, I, L and U were typed for 0, 1, 1 and V', () => {
    fc.assert(
      fc.property(bytes(5), (random) => {
        const token = receiptTokenFromBytes(random);
        const typed = token.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('V', 'u');
        expect(normaliseCode(` ${typed} `)).toBe(token);
      }),
      runs,
    );
  });

  it('notices one wrong character and any two that changed places', () => {
    fc.assert(
      fc.property(
        bytes(5),
        fc.nat({ max: 8 }),
        fc.nat({ max: 8 }),
        fc.nat({ max: 31 }),
        (random, i, j, value) => {
          const token = receiptTokenFromBytes(random);
          const characters = [...token];
          const wrong = characters.with(i, alphabet.charAt(value)).join('');
          expect(isReceiptToken(wrong)).toBe(wrong === token);
          const left = characters[i] ?? '';
          const right = characters[j] ?? '';
          const swapped = characters.with(i, right).with(j, left).join('');
          expect(isReceiptToken(swapped)).toBe(swapped === token);
        },
      ),
      runs,
    );
  });

  it('is told from a voucher code by its length', () => {
    fc.assert(
      fc.property(bytes(7), (random) => {
        const code = voucherCodeFromBytes(random);
        expect([isVoucherCode(code), isReceiptToken(code)]).toEqual([true, false]);
        expect(normaliseCode(displayVoucherCode(code))).toBe(code);
      }),
      runs,
    );
  });
});
