import { columnsOf, padText, wrapText } from '#hardware/escpos/text-width.ts';

/** Fewest columns a label keeps beside its value; below that the value gets lines of its own. */
const LABEL_COLUMNS_MIN = 8;

/**
 * A label and its value on the two edges of as many rows as they need, each exactly `columns` wide.
 *
 * A long label goes on below and the value stands beside its last row, where the eye arrives; a value
 * that leaves the label no room stands alone at the far edge.
 */
export function pairRows(start: string, end: string, columns: number): string[] {
  const endColumns = columnsOf(end);
  const labelColumns = end === '' ? columns : columns - endColumns - 1;
  if (labelColumns < LABEL_COLUMNS_MIN && columnsOf(start) > labelColumns) {
    const label = (start === '' ? [] : wrapText(start, columns)).map((row) =>
      padText(row, columns, 'start'),
    );
    return [...label, ...wrapText(end, columns).map((row) => padText(row, columns, 'end'))];
  }
  const rows = wrapText(start, Math.max(1, labelColumns));
  const last = rows.pop() ?? '';
  return [
    ...rows.map((row) => padText(row, columns, 'start')),
    padText(last, columns - endColumns, 'start') + end,
  ];
}
