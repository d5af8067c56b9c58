import type { Done } from '#contract/till.ts';
import type { Counter } from './counter.ts';
import { perform, performTyped } from './perform.ts';

/** Gives the till a code. Where it is refused, what was typed stays to be corrected. */
export async function enterCode(counter: Counter, text: string): Promise<void> {
  const give = (): Promise<Done> => counter.till.call['code.enter']({ text });
  const isTaken = await (counter.ui().panel.kind === 'code'
    ? perform(counter, give)
    : performTyped(counter, text, give));
  if (isTaken && counter.ui().panel.kind === 'code') counter.change({ panel: { kind: 'sell' } });
}

/** Takes a code off the sale. */
export function removeCode(counter: Counter, text: string): void {
  void perform(counter, () => counter.till.call['code.remove']({ text }));
}
