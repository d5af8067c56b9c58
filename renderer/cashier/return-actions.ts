import type { ReturnView } from '#contract/till-state.ts';
import type { Counter } from './counter.ts';
import { perform } from './perform.ts';
import { step } from './step.ts';

const onePiece = 1_000;

/** A tap takes one piece more back; after the last one it starts again from none. */
export function chooseBack(
  counter: Counter,
  { returnId, line: sold }: { returnId: string; line: ReturnView['lines'][number] },
): void {
  const { line, soldMilli, returnedBeforeMilli, chosenMilli } = sold;
  const left = soldMilli - returnedBeforeMilli;
  void step(counter, {
    key: `${returnId}/${line}`,
    shown: chosenMilli,
    next: (from) => (from >= left ? 0 : Math.min(from + onePiece, left)),
    deed: (quantityMilli) =>
      perform(counter, () => counter.till.call['return.choose']({ line, quantityMilli })),
  });
}

/** Money leaves: the deed after the one confirmation there is. */
export async function refund(counter: Counter, returnId: string): Promise<void> {
  const done = await perform(counter, () => counter.till.call['return.commit']({ returnId }));
  if (done) counter.change({ panel: { kind: 'settled', saleId: returnId, changeMinor: null } });
}

/** Gives an unclaimed sale's points to the member who is attached now. */
export async function claim(counter: Counter, receipt: string): Promise<void> {
  await perform(counter, () => counter.till.call['claim.commit']({ receipt }));
}

/** Opens an old sale by what its receipt says under the QR code. */
export async function openReceipt(counter: Counter, receipt: string): Promise<void> {
  const done = await perform(counter, () => counter.till.call['return.open']({ receipt }));
  if (done) counter.change({ panel: { kind: 'sell' } });
}
