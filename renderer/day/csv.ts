import type { UnitView } from '#contract/till-state.ts';

/** One cell: text as somebody wrote it, or a number the shop counted. */
export type Cell = string | number | null;

/** Characters a spreadsheet would begin a formula with (OWASP, CSV injection). */
const formulaStart = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What a spreadsheet takes for UTF-8 by. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Rows as CSV by RFC 4180: commas, CRLF, quotes doubled; UTF-8 with its mark.
 *
 * A text that a spreadsheet would run as a formula gets an apostrophe in front: names come from
 * strangers. Numbers are ours and stay numbers, negative ones too, with a point for decimals.
 */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = formulaStart.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** An amount of a programme as a number with a point: money by the currency's exponent, points by their scale. */
export function amountCell(amount: number, unit: UnitView, exponent: number): number {
  return moneyCell(amount, unit.kind === 'money' ? exponent : unit.scale);
}

/** Money as a number with a point, `1234.5`: minor units would be read as whole ones. */
export function moneyCell(minor: number, exponent: number): number {
  return minor / 10 ** exponent;
}
