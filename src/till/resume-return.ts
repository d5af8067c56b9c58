import { z } from 'zod';
import { QUANTITY_MILLI_MAX } from '#contract/till.ts';
import { ref } from '#journal/entry.ts';
import { ok } from '#loyalty/result.ts';
import { saleSnapshot } from '#loyalty/sale.ts';
import type { Core } from './core.ts';
import { parseJson } from './parse-json.ts';
import type { Returning } from './return-in-progress.ts';
import { leftMilliOf } from './returning.ts';
import { findSale, missingProgramme } from './sold-sale.ts';
import { LINES_MAX } from './session-shape.ts';

const lineOfReturn = z.strictObject({
  line: z.string().max(64),
  quantityMilli: z.int().positive().max(QUANTITY_MILLI_MAX),
});

const soldSale = z.strictObject({
  tx: z.uuid(),
  receipt: z.string().max(32),
  soldAtMs: z.int(),
  member: ref.nullable(),
  currency: z.string().max(3),
  snapshot: saleSnapshot,
  claimed: z.boolean(),
  returns: z.array(z.array(lineOfReturn)),
  returnsBeforeClaim: z.int().nonnegative(),
});

/** What is kept of a return on the disk. */
const draft = z.strictObject({
  returnId: z.uuid(),
  /** As it was found: another till's cannot be asked for again while offline. */
  sale: soldSale,
  chosen: z.array(lineOfReturn).max(LINES_MAX),
});

/** The return's next value: kept in memory and on disk, so that a killed till comes back with it. */
export function prepare(core: Core, next: Returning | null): void {
  core.counter.returning = next;
  const json =
    next === null
      ? null
      : JSON.stringify({
          returnId: next.returnId,
          sale: next.sale,
          chosen: [...next.chosen].map(([line, quantityMilli]) => ({ line, quantityMilli })),
        });
  const saved = core.ports.database.write((writes) => writes.saveDraftReturn(json));
  if (!saved.ok) core.ports.log.warn('return-not-kept', { problem: saved.error.code });
}

/**
 * Brings back the return that the last process left, under the same id: made once, it is not made again.
 *
 * Its sale is looked for again, since more of it may have gone back elsewhere; offline it is the one
 * that was found then. Where it cannot be had, the cashier is told that nothing went back, and which
 * receipt to scan again.
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
  const { returnId, sale: known, chosen } = kept.data;
  const { receipt } = known;
  const again = await findSale(core, receipt);
  const isAway = !again.ok && again.error.code === 'receipt-not-here-offline';
  const found = isAway ? ok(known) : again;
  // Somebody has begun another one meanwhile: theirs is on the screen.
  if (core.counter.returning !== null) return;
  if (!found.ok || missingProgramme(core, found.value.snapshot) !== null) {
    prepare(core, null);
    core.notify('info', { code: 'return-not-made', params: { receipt } });
  } else {
    const sale = found.value;
    const still = chosen.filter(
      ({ line, quantityMilli }) => quantityMilli <= leftMilliOf(sale, line),
    );
    const chosenNow = still.map(({ line, quantityMilli }) => [line, quantityMilli] as const);
    prepare(core, { returnId, sale, chosen: new Map(chosenNow) });
  }
  core.changed();
}
