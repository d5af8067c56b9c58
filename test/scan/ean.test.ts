import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gs1CheckDigit as checkDigitOfCards } from '#loyalty/ean13.ts';
import { hasLuhnCheck } from '#scan/digits.ts';
import { expandUpcE, gs1CheckDigit, gtinOfDigits, hasGs1Check } from '#scan/ean.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

describe('the GS1 check digit', () => {
  it('agrees with the one that member cards are issued with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }).chain(digits), (body) => {
        expect(gs1CheckDigit(body)).toBe(String(checkDigitOfCards(body)));
      }),
    );
  });

  it('catches every single wrong digit', () => {
    fc.assert(
      fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
        const right = body + gs1CheckDigit(body);
        const wrong = (Number(right[at]) + by) % 10;
        expect(hasGs1Check(right.slice(0, at) + String(wrong) + right.slice(at + 1))).toBe(false);
      }),
    );
  });

  it('is the printed one on known goods', () => {
    for (const code of [
      '4006381333931',
      '8690504000013',
      '96385074',
      '036000291452',
      '10614141000415',
    ]) {
      expect([code, hasGs1Check(code)]).toEqual([code, true]);
    }
  });
});

describe('a product number', () => {
  it('comes out with 14 digits whatever the symbol', () => {
    expect(gtinOfDigits('4006381333931', null)).toBe('04006381333931');
    expect(gtinOfDigits('036000291452', null)).toBe('00036000291452');
    expect(gtinOfDigits('96385074', null)).toBe('00000096385074');
    expect(gtinOfDigits('10614141000415', null)).toBe('10614141000415');
  });

  it('is the magazine without its add-on', () => {
    expect(gtinOfDigits('977147396801212345', ']E3')).toBe('09771473968012');
    expect(gtinOfDigits('977147396801212345', null)).toBe(null);
  });

  it('expands UPC-E by its last digit', () => {
    expect(expandUpcE('04252614')).toBe('042100005264');
    expect(expandUpcE('01234565')).toBe('012345000065');
    expect(expandUpcE('04252615')).toBe(null);
    expect(expandUpcE('24252614')).toBe(null);
  });

  it('takes eight digits as the reader named them', () => {
    expect(gtinOfDigits('04252614', null)).toBe('00042100005264');
    expect(gtinOfDigits('04252614', ']E0')).toBe('00042100005264');
    expect(gtinOfDigits('04252614', ']E4')).toBe(null);
  });

  it('is never made of a wrong check digit', () => {
    fc.assert(
      fc.property(digits(13), (code) => {
        expect(gtinOfDigits(code, null) !== null).toBe(hasGs1Check(code));
      }),
    );
  });
});

describe('the Luhn check', () => {
  it('knows the test numbers of the card networks', () => {
    for (const number of [
      '4111111111111111',
      '5555555555554444',
      '378282246310005',
      '30569309025904',
      '79927398713',
    ]) {
      expect([number, hasLuhnCheck(number)]).toEqual([number, true]);
    }
    expect(hasLuhnCheck('4111111111111112')).toBe(false);
    expect(hasLuhnCheck('')).toBe(false);
    expect(hasLuhnCheck('4111-1111')).toBe(false);
  });
});
