import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  barcodeCommand,
  barcodeRefusal,
  code128Modules,
  eanCheckDigit,
} from '#hardware/escpos/barcode.ts';
import { createBitmap, rowBytes, startsRealTimeCommand } from '#hardware/escpos/bitmap.ts';
import { graphicsCommand, rasterCommand } from '#hardware/escpos/image-commands.ts';
import { qrCommand } from '#hardware/escpos/matrix-commands.ts';
import { qrModulesAcross } from '#hardware/escpos/qr-size.ts';
import { qrMatrix } from '#hardware/escpos/qr-bitmap.ts';
import { hex } from './captured.ts';

/** Bytes that make real-time commands likely. */
const treacherous = fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x08, 0x10, 0x14, 0xff);

describe('images', () => {
  it('never hold a real-time command, and change only in dots added to a 10', () => {
    const picture = fc.tuple(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 600 }));
    fc.assert(
      fc.property(picture, fc.infiniteStream(treacherous), ([width, height], stream) => {
        const bitmap = createBitmap(width, height);
        for (let index = 0; index < bitmap.data.length; index += 1)
          bitmap.data[index] = stream.next().value ?? 0;
        for (const sent of [rasterCommand(bitmap), graphicsCommand(bitmap)]) {
          expect(sent.findIndex((_, index) => startsRealTimeCommand(sent, index))).toBe(-1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come in bands of at most 256 lines that add up to the picture', () => {
    const sent = rasterCommand(createBitmap(576, 600));
    const heights: number[] = [];
    for (let at = 0; at < sent.length; at += 8 + 72 * sent.readUInt16LE(at + 6))
      heights.push(sent.readUInt16LE(at + 6));
    expect(heights).toEqual([256, 256, 88]);
  });

  it('refuse sizes no printer has', () => {
    expect(() => createBitmap(0, 5)).toThrow('bitmap width 0');
    expect(() => createBitmap(5, 65_536)).toThrow('bitmap height 65536');
    expect(rowBytes(9)).toBe(2);
  });
});

describe('barcodes', () => {
  it('twelve digits of an EAN-13 get their check digit, a wrong one is refused', () => {
    expect(hex(barcodeCommand('869050400001', 'EAN13'))).toBe(
      hex(barcodeCommand('8690504000013', 'EAN13')),
    );
    expect(barcodeRefusal('EAN13', '8690504000014')).toContain('check digit');
    expect(eanCheckDigit('400638133393')).toBe('1');
  });

  it('Code 128 never carries a real-time command, even where digit pairs would spell one', () => {
    expect(hex(barcodeCommand('160401', 'CODE128').subarray(12))).toBe(
      '1D 6B 49 08 7B 42 31 36 30 34 30 31',
    );
    fc.assert(
      fc.property(fc.stringMatching(/^([0-9]{2}){1,20}$/), (digits) => {
        const sent = barcodeCommand(digits, 'CODE128');
        expect(sent.findIndex((_, index) => startsRealTimeCommand(sent, index))).toBe(-1);
      }),
      { numRuns: 300 },
    );
  });

  it('Code 128 escapes the brace and knows how wide it gets', () => {
    expect(hex(barcodeCommand('A{', 'CODE128').subarray(12))).toBe('1D 6B 49 05 7B 42 41 7B 7B');
    expect(code128Modules('LYL-000123')).toBe(12 * 11 + 13);
    expect(code128Modules('213243')).toBe(5 * 11 + 13);
    expect(code128Modules('A{')).toBe(4 * 11 + 13);
  });

  it.each([
    ['EAN8', '1234567a'],
    ['ITF', '123'],
    ['CODE39', 'abc'],
    ['CODE128', 'ğ'],
    ['CODE128', ''],
  ] as const)('%s refuses %s with the reason', (type, code) => {
    const refusal = barcodeRefusal(type, code) ?? 'accepted';
    expect(() => barcodeCommand(code, type)).toThrow(refusal);
  });
});

describe('QR codes', () => {
  it('refuse control characters, which could be commands inside the data', () => {
    expect(() => qrCommand('a\u0010\u0004\u0001', 'M', 6)).toThrow('control characters');
    expect(() => qrCommand('A'.repeat(3_000), 'L', 6)).toThrow('2953');
  });

  it('are as large as reckoned: 13 characters 21 modules, a short address 25 to 29', () => {
    expect(qrMatrix('REG1000000457', 'M').width).toBe(21);
    expect(qrMatrix('HTTPS://R.EXAMPLE/7F3K9Q2M', 'M').width).toBe(25);
    expect(() => qrMatrix('', 'M')).toThrow('empty');
  });

  it('are never larger than reckoned, at any length', () => {
    for (let length = 1; length <= 1_000; length += length < 60 ? 1 : 37) {
      for (const content of ['A'.repeat(length), 'a'.repeat(length)]) {
        expect([content[0], length, qrMatrix(content, 'M').width]).toEqual([
          content[0],
          length,
          qrModulesAcross(content),
        ]);
      }
    }
    expect(qrModulesAcross('ğ'.repeat(1_200))).toBeNull();
  });
});
