import type { Counter } from './counter.ts';
import { show } from './member-actions.ts';
import { perform } from './perform.ts';

/** With goods on the counter the sale is set aside; without, those set aside are shown. */
export function parkOrShow(counter: Counter): void {
  const state = counter.till.snapshot().state;
  if (state === null) return;
  if (state.basket.lines.length === 0) show(counter, { kind: 'parked' });
  else {
    counter.change({ selectedLine: null, entry: '', panel: { kind: 'sell' } });
    void perform(counter, () => counter.till.call['sale.park'](null));
  }
}

/** Goes on with a sale that was set aside. */
export async function recall(counter: Counter, sale: string): Promise<void> {
  const done = await perform(counter, () => counter.till.call['sale.recall']({ sale }));
  if (done) counter.change({ panel: { kind: 'sell' }, selectedLine: null });
}
