import { z } from 'zod';
import { QUANTITY_MILLI_MAX } from '#contract/till.ts';
import type { Core } from './core.ts';
import { parseJson } from './parse-json.ts';
import type { Returning } from './return-in-progress.ts';
import { leftMilliOf } from './returning.ts';
import { findSale, missingProgramme } from './sold-sale.ts';
import { LINES_MAX } from './session-shape.ts';

/** What is kept of a return on the disk: enough to ask for its sale again. */
const draft = z.strictObject({
  returnId: z.uuid(),
  receipt: z.string().max(32),
  chosen: z
    .array(z.tuple([z.string().max(64), z.int().positive().max(QUANTITY_MILLI_MAX)]))
    .max(LINES_MAX),
});

/** The return's next value: kept in memory and on disk, so that a killed till comes back with it. */
export function prepare(core: Core, next: Returning | null): void {
  core.counter.returning = next;
  const json =
    next === null
      ? null
      : JSON.stringify({
          returnId: next.returnId,
          receipt: next.sale.receipt,
          chosen: [...next.chosen],
        } satisfies z.infer<typeof draft>);
  const saved = core.ports.database.write((writes) => writes.saveDraftReturn(json));
  if (!saved.ok) core.ports.log.warn('return-not-kept', { problem: saved.error.code });
}

/**
 * Brings back the return that the last process left, under the same id: made once, it is not made again.
 *
 * What goes back is computed anew. Where its sale cannot be had now, the cashier is told that nothing
 * went back, and which receipt to scan again.
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
  const found = await findSale(core, receipt);
  // Somebody has begun another one meanwhile: theirs is on the screen.
  if (core.counter.returning !== null) return;
  if (!found.ok || missingProgramme(core, found.value.snapshot) !== null) {
    prepare(core, null);
    core.notify('info', { code: 'return-not-made', params: { receipt } });
  } else {
    const sale = found.value;
    const still = chosen.filter(
      ([line, quantityMilli]) => quantityMilli <= leftMilliOf(sale, line),
    );
    prepare(core, { returnId, sale, chosen: new Map(still) });
  }
  core.changed();
}
