import { commit, type Core } from './core.ts';
import type { QueuedJob } from './database.ts';
import { queuedJob } from './print-job.ts';
import { cardSlip } from './receipt/card-slip.ts';

/**
 * The slip of a card that waits for the receipt of its sale, where its member leaves that sale first: a
 * shopper who was given a card must hold it. Null where none waits, or its member stays.
 */
export function slipOfLeaving(core: Core, staying: string | null): QueuedJob | null {
  const { issuedCard } = core.counter.session;
  if (issuedCard === null || issuedCard.member === staying) return null;
  const { database, ids } = core.ports;
  const language = database.read.member(issuedCard.member)?.language ?? 'en';
  return queuedJob(ids.uuid(), ids.uuid(), 'card', cardSlip(core, issuedCard.number, language));
}

/** Prints that slip as a durable job. Where it cannot be written the card goes on waiting. */
export function rescueIssuedCard(core: Core, staying: string | null): void {
  const slip = slipOfLeaving(core, staying);
  if (slip === null) return;
  const saved = commit(
    core,
    (writes) => writes.savePrintJob(slip),
    () => core.ports.database.read.printJob(slip.job) !== null,
  );
  if (!saved.ok) {
    core.notify('warning', saved.error);
    return;
  }
  core.counter.session = { ...core.counter.session, issuedCard: null };
  core.counter.lastTx = slip.sale;
  core.wakePrinter();
}
