import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gs1CheckDigit } from '#scan/ean.ts';
import {
  GROUP_SEPARATOR,
  gtinOfDigitalLink,
  gtinOfElementString,
  parseElementString,
} from '#scan/gs1.ts';

const gtin14 = fc
  .string({ unit: fc.constantFrom(...'0123456789'), minLength: 13, maxLength: 13 })
  .map((body) => body + gs1CheckDigit(body));
const variableValue = fc.string({
  unit: fc.constantFrom(...'0123456789ABCXYZ-/'),
  minLength: 1,
  maxLength: 20,
});

describe('a GS1 element string', () => {
  it('gives its elements back, with the separator only where it is needed', () => {
    fc.assert(
      fc.property(gtin14, variableValue, variableValue, (gtin, lot, serial) => {
        const text = `01${gtin}17271231310300125010${lot}${GROUP_SEPARATOR}21${serial}`;
        expect(parseElementString(text)).toEqual([
          { identifier: '01', value: gtin },
          { identifier: '17', value: '271231' },
          { identifier: '3103', value: '001250' },
          { identifier: '10', value: lot },
          { identifier: '21', value: serial },
        ]);
        expect(gtinOfElementString(GROUP_SEPARATOR + text)).toBe(gtin);
        expect(gtinOfElementString(`(10)${lot}(01)${gtin}`)).toBe(gtin);
      }),
    );
  });

  it('is refused whole when an element is cut short or its check digit is wrong', () => {
    expect(parseElementString('0108690504000013')).toEqual([
      { identifier: '01', value: '08690504000013' },
    ]);
    for (const text of [
      '',
      '01',
      '010869050400001',
      '0108690504000014',
      'AB',
      `10${GROUP_SEPARATOR}21X`,
      '(01',
      '(01)1',
    ]) {
      expect([text, parseElementString(text)]).toEqual([text, null]);
    }
  });

  it('never throws and never hangs on anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789()AZ', GROUP_SEPARATOR), maxLength: 4096 }),
        (text) => {
          parseElementString(text);
          gtinOfDigitalLink(text);
        },
      ),
    );
  });
});

describe('a GS1 Digital Link', () => {
  it('carries its product on any host and at any depth', () => {
    for (const link of [
      'https://id.gs1.org/01/08690504000013',
      'HTTPS://shop.example/x/y/01/08690504000013/10/LOT1?17=271231',
      'http://shop.example/gtin/8690504000013#part',
    ]) {
      expect([link, gtinOfDigitalLink(link)]).toEqual([link, '08690504000013']);
    }
  });

  it('is only a link with a right product number in its path', () => {
    for (const link of [
      'https://shop.example/01/08690504000014',
      'https://shop.example/?x=/01/08690504000013',
      'ftp://shop.example/01/08690504000013',
      'https://01/08690504000013',
      '01/08690504000013',
    ]) {
      expect([link, gtinOfDigitalLink(link)]).toEqual([link, null]);
    }
  });
});
