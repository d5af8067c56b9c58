import type { Counter } from './counter.ts';
import { perform } from './perform.ts';

/** Gives the till a code. Where it is refused, what was typed stays to be corrected. */
export async function enterCode(counter: Counter, text: string): Promise<void> {
  const taken = await perform(counter, () => counter.till.call['code.enter']({ text }));
  if (!taken) return;
  const { panel } = counter.ui();
  counter.change({ entry: '', ...(panel.kind === 'code' ? { panel: { kind: 'sell' } } : {}) });
}

/** Takes a code off the sale. */
export function removeCode(counter: Counter, text: string): void {
  void perform(counter, () => counter.till.call['code.remove']({ text }));
}
