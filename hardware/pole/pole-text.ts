import type { PoleLine } from '#contract/device.ts';
import { codePageHas, encodeText } from '#hardware/escpos/code-page.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { cleanText, withSpokenLira } from '#hardware/escpos/printable-text.ts';
import { POLE_COLUMNS } from './pole-commands.ts';

/** What a letter is called where its mark cannot be shown. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  '€': 'EUR',
  '£': 'GBP',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '…': '...',
};

/**
 * One line as bytes of the display's page, at most 20 of them.
 *
 * The end is kept whole, a blank before it: it is the amount. A letter the page lacks loses its mark
 * (ş becomes s); what has no plain letter becomes a blank, never a "?" and never a control byte.
 */
export function poleLineBytes(line: PoleLine, page: CodePageName | null): Buffer {
  const end = shown(line.end, page).slice(0, POLE_COLUMNS);
  const room = end === '' ? POLE_COLUMNS : Math.max(0, POLE_COLUMNS - end.length - 1);
  const start = shown(line.start, page).slice(0, room);
  const text = end === '' ? start : start.padEnd(POLE_COLUMNS - end.length) + end;
  return encodeText(page ?? 'cp437', text.trimEnd());
}

function shown(text: string, page: CodePageName | null): string {
  return [...withSpokenLira(cleanText(text))]
    .map((character) => showable(character, page))
    .join('')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

function showable(character: string, page: CodePageName | null): string {
  if (has(page, character)) return character;
  const named = PLAIN_LETTERS[character];
  if (named !== undefined) return named;
  const bare = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return [...bare].every((each) => has(page, each)) ? bare : ' ';
}

/** Without a page only printable ASCII is sure. */
function has(page: CodePageName | null, character: string): boolean {
  return page === null ? /^[ -~]$/.test(character) : codePageHas(page, character);
}
