import { commit, type Core } from './core.ts';
import { queuedJob } from './print-job.ts';
import { cardSlip } from './receipt/card-slip.ts';

/** Prints a member's card on a slip of its own, as a durable job. */
function printCardSlip(core: Core, tx: string, number: string, language: string): void {
  const saved = commit(core, (writes) =>
    writes.savePrintJob(
      queuedJob(core.ports.ids.uuid(), tx, 'card', cardSlip(core, number, language)),
    ),
  );
  if (!saved.ok) {
    core.notify('warning', saved.error);
    return;
  }
  core.counter.lastTx = tx;
  core.wakePrinter();
}

/**
 * A card waits for the receipt of its sale. When its member leaves that sale first, the card is
 * printed at once: a shopper who was given a card must hold it.
 */
export function rescueIssuedCard(core: Core, staying: string | null): void {
  const { issuedCard } = core.counter.session;
  if (issuedCard === null || issuedCard.member === staying) return;
  const language = core.ports.database.read.member(issuedCard.member)?.language ?? 'en';
  core.counter.session = { ...core.counter.session, issuedCard: null };
  printCardSlip(core, core.ports.ids.uuid(), issuedCard.number, language);
}
