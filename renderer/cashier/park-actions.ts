import type { Counter } from './counter.ts';
import { show } from './member-actions.ts';
import { perform } from './perform.ts';

/** Sets the open sale aside: the counter is free for the next shopper. */
export function park(counter: Counter): void {
  counter.change({ selectedLine: null, entry: '', panel: { kind: 'sell' } });
  void perform(counter, () => counter.till.call['sale.park'](null));
}

/** The sales that were set aside. */
export function showParked(counter: Counter): void {
  show(counter, { kind: 'parked' });
}

/** Goes on with a sale that was set aside. */
export async function recall(counter: Counter, sale: string): Promise<void> {
  const done = await perform(counter, () => counter.till.call['sale.recall']({ sale }));
  if (done) counter.change({ panel: { kind: 'sell' }, selectedLine: null });
}
