import type { ReturnView } from '#contract/till-state.ts';
import type { Counter } from './counter.ts';
import { perform } from './perform.ts';

const onePiece = 1_000;

/** A tap takes one piece more back; after the last one it starts again from none. */
export function chooseBack(counter: Counter, line: ReturnView['lines'][number]): void {
  const left = line.soldMilli - line.returnedBeforeMilli;
  const more = Math.min(line.chosenMilli + onePiece, left);
  const quantityMilli = line.chosenMilli >= left ? 0 : more;
  void perform(counter, () =>
    counter.till.call['return.choose']({ line: line.line, quantityMilli }),
  );
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
