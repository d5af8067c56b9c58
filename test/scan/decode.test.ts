import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scannedCode } from '#contract/scan.ts';
import {
  cardNumberFromBytes,
  displayReceiptToken,
  displayVoucherCode,
  receiptTokenFromBytes,
  voucherCodeFromBytes,
} from '#loyalty/card.ts';
import type { ScannedCode, ScanSource } from '#scan/code.ts';
import { decodeCandidates, decodeScan } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';

const settings = defaultScanSettings;
const sources = fc.constantFrom<ScanSource>('keyboard', 'serial', 'hid', 'typed');
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

describe('a member card', () => {
  it('is known as EAN-13, Code 128, QR, track 2 or typed with spaces', () => {
    fc.assert(
      fc.property(bytes(7), (random) => {
        const number = cardNumberFromBytes(random);
        const card = (symbology: string) => ({ kind: 'card', number, symbology });
        expect(decodeScan(`]E0${number}\r\n`, 'serial', settings)).toEqual(card('ean'));
        expect(decodeScan(`]C0${number}`, 'hid', settings)).toEqual(card('code128'));
        expect(decodeScan(`]Q1${number}`, 'hid', settings)).toEqual(card('qr'));
        expect(decodeScan(number, 'keyboard', settings)).toEqual(card('none'));
        expect(decodeScan(`;${number}=4912?\r`, 'keyboard', settings)).toEqual(card('magstripe'));
        const typed = `${number.slice(0, 2)} ${number.slice(2, 7)}-${number.slice(7)}`;
        expect(decodeScan(typed, 'typed', settings)).toEqual(card('none'));
      }),
    );
  });

  it('with one wrong digit is unknown, not somebody else', () => {
    fc.assert(
      fc.property(
        bytes(7),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        (random, at, by) => {
          const number = cardNumberFromBytes(random);
          const wrong =
            number.slice(0, at) + String((Number(number[at]) + by) % 10) + number.slice(at + 1);
          expect(decodeScan(wrong, 'serial', settings).kind).toBe('unknown');
        },
      ),
    );
  });

  it('of the time before Regulars is known by its pattern', () => {
    const taught = {
      ...settings,
      cardPatterns: [
        {
          prefix: 'KRT',
          lengthMin: 8,
          lengthMax: 10,
          characters: 'digits-and-letters',
          check: 'none',
        },
        { prefix: '77', lengthMin: 10, lengthMax: 10, characters: 'digits', check: 'luhn' },
      ],
    } as const;
    const kindOf = (text: string): string => decodeScan(text, 'serial', taught).kind;
    expect(decodeScan('krt00981', 'keyboard', taught)).toEqual({
      kind: 'card',
      number: 'KRT00981',
      symbology: 'none',
    });
    expect(kindOf('KRT0098123')).toBe('card');
    expect(kindOf('KRT00981234')).toBe('unknown');
    expect(kindOf('KRT-0981')).toBe('unknown');
    expect(kindOf('7700000009')).toBe('unknown');
    expect(kindOf('7700000008')).toBe('card');
  });
});

describe('a receipt or voucher', () => {
  it('made by the engine is read back, in any case, also typed from the paper', () => {
    fc.assert(
      fc.property(bytes(5), bytes(7), (forToken, forCode) => {
        const token = receiptTokenFromBytes(forToken);
        const code = voucherCodeFromBytes(forCode);
        const receipt = { kind: 'receipt', token, symbology: 'none' };
        const voucher = { kind: 'voucher', code, symbology: 'none' };
        expect(decodeScan(`R:${token}`, 'serial', settings)).toEqual(receipt);
        expect(decodeScan(`r:${token.toLowerCase()}`, 'keyboard', settings)).toEqual(receipt);
        expect(decodeScan(`V:${code}\r`, 'hid', settings)).toEqual(voucher);
        expect(decodeScan(`R: ${displayReceiptToken(token)}`, 'typed', settings)).toEqual(receipt);
        if (/[A-Z]/.test(token))
          expect(decodeScan(displayReceiptToken(token), 'typed', settings)).toEqual(receipt);
        if (/[A-Z]/.test(code))
          expect(decodeScan(displayVoucherCode(code), 'typed', settings)).toEqual(voucher);
      }),
    );
  });

  it('with one wrong character or two swapped is neither', () => {
    const letters = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ');
    fc.assert(
      fc.property(bytes(5), fc.nat(8), letters, (random, at, letter) => {
        const token = receiptTokenFromBytes(random);
        const wrong = token.slice(0, at) + letter + token.slice(at + 1);
        expect(decodeScan(`R:${wrong}`, 'serial', settings).kind).toBe(
          wrong === token ? 'receipt' : 'unknown',
        );
        const swapped =
          token.slice(0, at) +
          token
            .slice(at, at + 2)
            .split('')
            .toReversed()
            .join('') +
          token.slice(at + 2);
        expect(decodeScan(`R:${swapped}`, 'serial', settings).kind).toBe(
          swapped === token ? 'receipt' : 'unknown',
        );
      }),
    );
  });

  it('is never made of a typed phone number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000, max: 99_999_999_999 }), (phone) => {
        expect(['unknown', 'product']).toContain(decodeScan(String(phone), 'typed', settings).kind);
      }),
    );
  });
});

describe('a product', () => {
  it('is known by EAN, UPC, GS1 and Digital Link', () => {
    const product = (gtin: string, symbology: string) => ({ kind: 'product', gtin, symbology });
    expect(decodeScan('8690504000013\r', 'serial', settings)).toEqual(
      product('08690504000013', 'none'),
    );
    expect(decodeScan(']E496385074', 'hid', settings)).toEqual(product('00000096385074', 'ean'));
    expect(decodeScan(']Q3010869050400001310LOT1\u001d21SER9', 'hid', settings)).toEqual(
      product('08690504000013', 'gs1-qr'),
    );
    expect(decodeScan('010869050400001310LOT1', 'keyboard', settings)).toEqual(
      product('08690504000013', 'none'),
    );
    expect(decodeScan('https://id.gs1.org/01/08690504000013/10/LOT', 'keyboard', settings)).toEqual(
      product('08690504000013', 'none'),
    );
    expect(decodeScan('٨٦٩٠٥٠٤٠٠٠٠١٣', 'typed', settings)).toEqual(
      product('08690504000013', 'none'),
    );
  });
});

describe('bad input', () => {
  const reasonOf = (text: string): ScannedCode => decodeScan(text, 'serial', settings);

  it('says why it cannot be read', () => {
    expect(reasonOf('')).toEqual({ kind: 'unreadable', reason: 'empty' });
    expect(reasonOf(' \r\n\t\u0000')).toEqual({ kind: 'unreadable', reason: 'empty' });
    expect(reasonOf(']Q1')).toEqual({ kind: 'unreadable', reason: 'empty' });
    expect(reasonOf('9'.repeat(4_097))).toEqual({ kind: 'unreadable', reason: 'too-long' });
    expect(reasonOf('ab\u0001\u0007cd')).toEqual({ kind: 'unreadable', reason: 'binary' });
    expect(reasonOf('caf\ufffd')).toEqual({ kind: 'unreadable', reason: 'binary' });
    expect(reasonOf('%E?')).toEqual({ kind: 'unreadable', reason: 'track-error' });
  });

  it('that is only unknown is shown in 64 printable characters', () => {
    expect(reasonOf('  Şeker\u202e\nçay ')).toEqual({
      kind: 'unknown',
      text: 'Şeker çay',
      symbology: 'none',
    });
    const long = reasonOf(`${'a'.repeat(63)}🂡🂡`);
    expect(long).toEqual({ kind: 'unknown', text: 'a'.repeat(63), symbology: 'none' });
  });

  it('never throws, and every answer fits the contract that carries it', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom(...'0123456789=^?%;+B[](){}:-RV\u001d\r\n\t '),
        maxLength: 400,
      }),
      fc.array(fc.nat(0xffff), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
      fc
        .tuple(fc.constantFrom('R:', 'V:', ']Q1', ']C101', '%B', ';', 'https://x/01/'), fc.string())
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(nasty, sources, (text, source) => {
        const code = decodeScan(text, source, settings);
        expect(scannedCode.safeParse(code).error).toBe(undefined);
      }),
      { numRuns: 20_000 },
    );
  });

  it('of the largest size is still decided', () => {
    for (const filler of ['9', '1 ', '=1', '^', '(01)', 'R:', '%', ';1', '4111 1111 1111 1111 ']) {
      const text = filler.repeat(4_096).slice(0, 4_096);
      expect(scannedCode.safeParse(reasonOf(text)).success).toBe(true);
    }
  });
});

describe('a scan in several spellings', () => {
  it('is what the first meaningful spelling says', () => {
    expect(decodeCandidates(['!"£$', '4006381333931'], 'keyboard', settings)).toMatchObject({
      kind: 'product',
    });
    expect(decodeCandidates(['first', 'second'], 'keyboard', settings)).toMatchObject({
      kind: 'unknown',
      text: 'first',
    });
    expect(decodeCandidates([], 'keyboard', settings)).toEqual({
      kind: 'unreadable',
      reason: 'empty',
    });
  });

  it('has the scanner’s own prefix and suffix taken off', () => {
    const framed = { ...settings, prefix: '~', suffix: '@' };
    expect(decodeScan('~4006381333931@\r', 'keyboard', framed)).toMatchObject({ kind: 'product' });
    expect(decodeScan('4006381333931', 'keyboard', framed)).toMatchObject({ kind: 'product' });
  });
});
