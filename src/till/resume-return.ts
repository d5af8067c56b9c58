import { z } from 'zod';
import { takenBack } from '#contract/sync.ts';
import { QUANTITY_MILLI_MAX } from '#contract/till.ts';
import { parseJson } from '#journal/chain.ts';
import { journalEntry } from '#journal/entry.ts';
import { forgetApproval } from './approvals.ts';
import type { Core } from './core.ts';
import type { Returning, SoldSale } from './return-in-progress.ts';
import { isSameRefund, leftMilliOf, refundOf } from './returning.ts';
import { lookAgainFor } from './sold-sale.ts';
import { LINES_MAX } from './session-shape.ts';

const lineOfReturn = z.strictObject({
  line: z.string().max(64),
  quantityMilli: z.int().positive().max(QUANTITY_MILLI_MAX),
});

/** What is kept of a return on the disk. */
const draft = z.strictObject({
  returnId: z.uuid(),
  receipt: z.string().max(32),
  /** What the server told of the sale: it cannot be asked again while offline. */
  elsewhere: z.array(journalEntry),
  takenBack: z.array(takenBack).default([]),
  chosen: z.array(lineOfReturn).max(LINES_MAX),
});

/**
 * The return's next value: kept in memory and on disk, so that a killed till comes back with it. A word
 * that was given for another one, or for other sums, does not hold for it.
 */
export function prepare(core: Core, next: Returning | null): void {
  const before = core.counter.returning;
  if (!isSameDeed(core, before, next)) forgetApproval(core, 'refund-over-limit');
  core.counter.returning = next;
  const json =
    next === null
      ? null
      : JSON.stringify({
          returnId: next.returnId,
          receipt: next.sale.receipt,
          elsewhere: next.sale.elsewhere,
          takenBack: next.sale.takenBack,
          chosen: [...next.chosen].map(([line, quantityMilli]) => ({ line, quantityMilli })),
        });
  const saved = core.ports.database.write((writes) => writes.saveDraftReturn(json));
  if (!saved.ok) core.ports.log.warn('return-not-kept', { problem: saved.error.code });
}

function isSameDeed(core: Core, before: Returning | null, next: Returning | null): boolean {
  return (
    before !== null &&
    before.returnId === next?.returnId &&
    isSameRefund(refundOf(core, before), refundOf(core, next))
  );
}

/**
 * Brings back the return that the last process left, under the same id: made once, it is not made again.
 *
 * While the server cannot be asked its sale is as it was found then; see `lookAgain`.
 */
export async function resumeReturn(core: Core): Promise<void> {
  const { database, log } = core.ports;
  const json = database.read.draftReturn();
  if (json === null) return;
  const kept = draft.safeParse(parseJson(json));
  if (!kept.success) {
    log.error('return-unreadable', { length: json.length });
    prepare(core, null);
    return;
  }
  const { returnId, receipt, chosen } = kept.data;
  const found = await lookAgainFor(core, kept.data);
  // Somebody has begun another one meanwhile: theirs is on the screen.
  if (core.counter.returning !== null) return;
  const chosenThen = new Map(chosen.map(({ line, quantityMilli }) => [line, quantityMilli]));
  goOn(core, { returnId, receipt, chosen: chosenThen }, found);
}

/**
 * Looks again for the sale that is being returned, since more of it may have gone back at another till:
 * when the server is reached once more, and before money leaves.
 */
export async function lookAgain(core: Core): Promise<void> {
  const { returning } = core.counter;
  if (returning === null) return;
  const { returnId, sale } = returning;
  const found = await lookAgainFor(core, sale);
  const now = core.counter.returning;
  if (now?.returnId !== returnId) return;
  goOn(core, { returnId, receipt: sale.receipt, chosen: now.chosen }, found);
}

/** A return that was begun, before its sale is looked for again. */
interface Begun extends Pick<Returning, 'returnId' | 'chosen'> {
  readonly receipt: string;
}

/**
 * Goes on with what can still come back of what was chosen. Where there is no sale, the cashier is told
 * that nothing went back, and which receipt to scan again.
 */
function goOn(core: Core, { returnId, receipt, chosen }: Begun, sale: SoldSale | null): void {
  if (sale === null) {
    prepare(core, null);
    core.notify('info', { code: 'return-not-made', params: { receipt } });
  } else {
    const still = [...chosen].filter(
      ([line, quantityMilli]) => quantityMilli <= leftMilliOf(sale, line),
    );
    prepare(core, { returnId, sale, chosen: new Map(still) });
  }
  core.changed();
}
