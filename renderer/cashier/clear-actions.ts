import type { BasketView } from '#contract/till-state.ts';
import type { ClearedBasket, Counter } from './counter.ts';
import { perform } from './perform.ts';

/** Long enough to notice a slip, too short to put one shopper's goods on the next one's sale. */
const undoForMs = 20_000;

/** Empties the sale without asking; what was in it can be brought back for a while. */
export async function clearBasket(counter: Counter): Promise<void> {
  const basket = counter.till.snapshot().state?.basket;
  if (basket === undefined || basket.lines.length === 0) return;
  const wasCleared = await perform(counter, () => counter.till.call['basket.clear'](null));
  const now = counter.till.snapshot().state?.basket;
  if (!wasCleared || now?.saleId !== basket.saleId || now.lines.length > 0) return;
  const cleared: ClearedBasket = { lines: basket.lines, rewards: basket.rewards };
  counter.change({ cleared, selectedLine: null });
  setTimeout(() => {
    if (counter.ui().cleared === cleared) counter.change({ cleared: null });
  }, undoForMs);
}

/**
 * Puts the lines of the cleared sale in again, in their order, then asks for its rewards.
 *
 * Each goes the way it came, so prices and rewards are what they are now. A refusal ends it and
 * says why; what is in already stays.
 */
export async function undoClear(counter: Counter): Promise<void> {
  const { cleared } = counter.ui();
  if (cleared === null) return;
  counter.change({ cleared: null });
  for (const line of cleared.lines) {
    if (!(await perform(counter, () => addAgain(counter, line)))) return;
  }
  for (const { reward } of cleared.rewards) {
    if (!(await perform(counter, () => counter.till.call['reward.toggle']({ reward })))) return;
  }
}

function addAgain(counter: Counter, line: BasketView['lines'][number]) {
  const { sku, quantityMilli, unitPriceMinor } = line;
  return sku === null
    ? counter.till.call['basket.add-amount']({ amountMinor: unitPriceMinor, quantityMilli })
    : counter.till.call['basket.add-product']({ sku, quantityMilli });
}
