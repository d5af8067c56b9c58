import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codePageHas,
  decodeByte,
  encodeText,
  UnencodableTextError,
} from '#hardware/escpos/code-page.ts';
import { CODE_PAGE_UPPER_HALVES, type CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { printableText } from '#hardware/escpos/printable-text.ts';
import { tableLines } from '#hardware/escpos/table-lines.ts';
import { columnsOf, graphemesOf, padText, wrapText } from '#hardware/escpos/text-width.ts';
import { captured, hex } from './captured.ts';

const PAGES = Object.keys(CODE_PAGE_UPPER_HALVES) as CodePageName[];
const anyPage = fc.constantFrom(...PAGES);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'IıİiŞşĞğÇçÖöÜü€₺ 0123\u001B\u0010\u0004\n'),
    maxLength: 60,
  }),
);

describe('code pages', () => {
  it('every byte that means a character comes back from that character', () => {
    for (const page of PAGES) {
      for (let byte = 0x20; byte <= 0xff; byte += 1) {
        const character = decodeByte(page, byte);
        if (character === '\uFFFD') continue;
        expect([page, byte, encodeText(page, character)[0]]).toEqual([page, byte, byte]);
      }
    }
  });

  it('whatever the text, what is left after printableText encodes, and without a command byte', () => {
    fc.assert(
      fc.property(anyPage, anyText, (page, text) => {
        const { text: printable, missing } = printableText(page, text);
        const writable = [...printable].filter((each) => !missing.includes(each)).join('');
        const bytes = encodeText(page, writable);
        expect(bytes.every((each) => each >= 0x20 && each !== 0x7f)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('a character the page lacks is reported, never printed as "?"', () => {
    fc.assert(
      fc.property(anyPage, anyText, (page, text) => {
        const { text: printable, missing } = printableText(page, text);
        for (const character of missing) expect(codePageHas(page, character)).toBe(false);
        const questions = (value: string): number =>
          [...value].filter((each) => each === '?').length;
        expect(questions(printable)).toBe(questions(text.normalize('NFC')));
      }),
      { numRuns: 500 },
    );
  });

  it('text straight to the printer throws with the name of the character', () => {
    expect(() => captured((printer) => printer.text('Ayşe 😀'))).toThrow(UnencodableTextError);
    expect(() => captured((printer) => printer.text('مرحبا'))).toThrow('U+0645 is not in cp857');
  });

  it('a name that holds printer commands prints as a name', () => {
    expect(hex(captured((printer) => printer.text('A\u001Bp\u0000\u0019ÿB')))).toBe(
      '41 70 ED 42 0A',
    );
  });

  it.each([
    ['₺40,00', '40,00 TL'],
    ['-₺45,00', '-45,00 TL'],
    ['₺ 1.234,50 / ₺', '1.234,50 TL / TL'],
    ['“Bakiye” – 12\u00A0puan…', '"Bakiye" - 12 puan...'],
    ['I\u0307stanbul s\u0327u', 'İstanbul şu'],
  ])('%s is written %s on page 857', (text, written) => {
    const { text: printable, missing } = printableText('cp857', text);
    expect([printable, missing]).toEqual([written, []]);
  });
});

describe('wrapping', () => {
  const columns = fc.integer({ min: 2, max: 64 });

  it('no line is wider than the paper and no letter is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), columns, (text, width) => {
        const lines = wrapText(text, width);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { numRuns: 500 },
    );
  });

  it('breaks between words, and only cuts a word longer than the line', () => {
    expect(wrapText('Platinum için 380 puan kaldı', 16)).toEqual([
      'Platinum için',
      '380 puan kaldı',
    ]);
    expect(
      wrapText('Muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsiniz', 32),
    ).toHaveLength(2);
    expect(wrapText('', 10)).toEqual(['']);
  });

  it('counts what a reader sees: composed letters once, wide ones twice', () => {
    expect(columnsOf('s\u0327')).toBe(1);
    expect(graphemesOf('👩‍👧')).toHaveLength(1);
    expect(columnsOf('積分')).toBe(4);
    expect(padText('abc', 6, 'end')).toBe('   abc');
    expect(padText('abc', 6, 'center')).toBe(' abc  ');
  });

  it('a table fills its line exactly, whatever the cells hold', () => {
    const cell = fc.record({
      text: fc.string({ maxLength: 40 }),
      align: fc.constantFrom('LEFT' as const, 'CENTER' as const, 'RIGHT' as const),
    });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        for (const line of tableLines(cells, 48)) {
          expect(line.reduce((sum, piece) => sum + columnsOf(piece.text), 0)).toBe(48);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a table row prints its pieces in their styles and returns to normal', () => {
    const bytes = captured((printer) =>
      printer.tableCustom(
        [
          { text: 'Toplam', style: 'B' },
          { text: '5', align: 'RIGHT' },
        ],
        { size: [2, 1] },
      ),
    );
    expect(hex(bytes)).toBe(
      `1D 21 10 1B 45 01 1B 2D 00 54 6F 70 6C 61 6D ${'20 '.repeat(6)}1B 45 00 1B 2D 00 ${'20 '.repeat(11)}35 1B 45 00 1B 2D 00 0A 1D 21 00`,
    );
  });
});
