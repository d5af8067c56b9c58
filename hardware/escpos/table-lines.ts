import { assertNever } from '#loyalty/result.ts';
import type { TableCell, TextStyle } from './escpos-types.ts';
import { padText, wrapText } from './text-width.ts';

/** A stretch of one line in one style. */
export interface TablePiece {
  readonly text: string;
  readonly style: TextStyle;
}

/** Lays cells out side by side in `columns`; a cell too long for its share goes on in the lines below. */
export function tableLines(cells: readonly TableCell[], columns: number): TablePiece[][] {
  const widths = cellWidths(cells, columns);
  const wrapped = cells.map((cell, index) => wrapText(cell.text, widths[index] ?? 1));
  const height = Math.max(0, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    cells.map((cell, index) => ({
      text: padText(wrapped[index]?.[row] ?? '', widths[index] ?? 1, alignmentOf(cell)),
      style: cell.style ?? 'NORMAL',
    })),
  );
}

function cellWidths(cells: readonly TableCell[], columns: number): number[] {
  const share = Math.floor(columns / Math.max(1, cells.length));
  const widths = cells.map((cell) => {
    if (cell.cols !== undefined) return cell.cols;
    return cell.width === undefined ? share : Math.floor(columns * cell.width);
  });
  const used = widths.reduce((sum, each) => sum + each, 0);
  if (used > columns || widths.some((each) => each < 1)) {
    throw new Error(`cells of ${widths.join('+')} columns do not fit ${columns}`);
  }
  const allShared = cells.every((cell) => cell.cols === undefined && cell.width === undefined);
  const last = widths.length - 1;
  return allShared
    ? widths.map((each, index) => (index === last ? each + columns - used : each))
    : widths;
}

function alignmentOf(cell: TableCell): 'start' | 'center' | 'end' {
  const align = cell.align ?? 'LEFT';
  switch (align) {
    case 'LEFT':
      return 'start';
    case 'CENTER':
      return 'center';
    case 'RIGHT':
      return 'end';
    default:
      return assertNever(align, 'table cell alignment');
  }
}
