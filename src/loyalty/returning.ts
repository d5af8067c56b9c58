import type { RefundsBefore, Returning } from './refund.ts';
import type { SaleSnapshot } from './sale.ts';

/** Goods brought back, by their product code; quantities in thousandths. */
export interface GoodsBack {
  readonly sku: string;
  readonly quantityMilli: number;
}

/**
 * What to return of a sale when goods are scanned instead of lines picked.
 *
 * Taken from the lines of that product in their order, as far as they were not returned before;
 * what is too much stays on the last of them, so that the refund refuses it. A product that was not
 * sold is a line of its own name, which the refund does not know.
 */
export function returningGoods(
  sale: SaleSnapshot,
  before: RefundsBefore,
  goods: readonly GoodsBack[],
): Returning {
  const taken = new Map<string, number>();
  for (const { sku, quantityMilli } of goods) {
    const lines = sale.lines.filter((line) => line.sku === sku);
    let wanted = quantityMilli;
    for (const line of lines) {
      const gone = (before.returned.milliByLine[line.id] ?? 0) + (taken.get(line.id) ?? 0);
      const part = Math.min(wanted, Math.max(0, line.quantityMilli - gone));
      if (part > 0) taken.set(line.id, (taken.get(line.id) ?? 0) + part);
      wanted -= part;
    }
    const last = lines.at(-1)?.id ?? sku;
    if (wanted > 0) taken.set(last, (taken.get(last) ?? 0) + wanted);
  }
  const chosen = [...taken].map(([line, quantityMilli]) => ({ line, quantityMilli }));
  return { kind: 'lines', lines: chosen };
}
