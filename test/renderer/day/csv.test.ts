import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BYTE_ORDER_MARK, type Cell, csvOf } from '#renderer/day/csv.ts';

/** Reads CSV by RFC 4180, independently of how it was written. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || character === '\r') {
      rows.at(-1)?.push(cell);
      cell = '';
      if (character === '\r') {
        expect(text[at + 1]).toBe('\n');
        at += 1;
        rows.push([]);
      }
    } else cell += character;
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

const anyCell = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '=1+1',
    '+905321234567',
    '-5',
    '@SUM(A1)',
    '\t=x',
    '"',
    ',',
    '\r\n',
    ' a ',
    '\r=1',
  ),
  fc.integer(),
  fc.constant(null),
);

describe('CSV', () => {
  test('reads back as it was written, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyCell, { minLength: 1, maxLength: 6 }), { maxLength: 10 }),
        (rows: readonly (readonly Cell[])[]) => {
          const text = csvOf(rows);
          expect(text.startsWith(BYTE_ORDER_MARK)).toBe(true);
          const back = readCsv(text.slice(1));
          expect(back).toHaveLength(rows.length);
          rows.forEach((row, line) =>
            row.forEach((cell, column) => {
              const read = back[line]?.[column] ?? '';
              const plain = cell === null ? '' : String(cell);
              expect([plain, `'${plain}`]).toContain(read);
            }),
          );
        },
      ),
    );
  });

  test('no text begins a formula, whatever somebody is called', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [[cell = ''] = []] = readCsv(csvOf([[text]]).slice(1));
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    for (const text of ['=HYPERLINK("http://x")', '@SUM(1)', '-1+1', '+1', '\t=1', '\r=1', '＝1'])
      expect(readCsv(csvOf([[text]]).slice(1))[0]?.[0]).toBe(`'${text}`);
  });

  test('numbers stay numbers', () => {
    expect(csvOf([[-12.5, 0, 1_000_000, null]])).toBe(`${BYTE_ORDER_MARK}-12.5,0,1000000,\r\n`);
  });

  test('Turkish and Arabic come through, lines end in CRLF', () => {
    expect(
      csvOf([
        ['Şule Işık', 'عمر'],
        ['a,b', 'say "hi"'],
      ]),
    ).toBe(`${BYTE_ORDER_MARK}Şule Işık,عمر\r\n"a,b","say ""hi"""\r\n`);
  });
});
