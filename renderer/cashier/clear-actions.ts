import type { Counter } from './counter.ts';
import { perform } from './perform.ts';

/** Empties the sale without asking: Undo brings it back as it was. */
export function clearBasket(counter: Counter): void {
  counter.change({ selectedLine: null });
  void perform(counter, () => counter.till.call['basket.clear'](null));
}
