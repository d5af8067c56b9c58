import type { Message } from '#contract/till-state.ts';
import type { EntryBody } from '#journal/entry.ts';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import { nothingReturned } from '#loyalty/kept.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { awardsOf } from './awards.ts';
import { rescueIssuedCard } from './card-issue.ts';
import { writeRefusal, type Core } from './core.ts';
import type { HeldGrant, LocalFact, QueuedJob, SaleRow, ShiftRow, TillWrites } from './database.ts';
import { isCovered } from './covered.ts';
import { paysTermTwice, reachesNobody } from './paid-in.ts';
import { headAfter, sealEntries, writeEntries, type SealedEntries } from './journal-writer.ts';
import { bodiesOf } from './last-sale.ts';
import { countsAnything, factOfSale } from './local-facts.ts';
import { newsOf } from './member-news.ts';
import {
  membershipsPaid,
  saleEntries,
  withoutVoucherCodes,
  type SaleParts,
} from './sale-entries.ts';
import { spendGrants } from './grants.ts';
import { priceSale, type PricedSale } from './pricing.ts';
import { queuedJob } from './print-job.ts';
import { saleReceipt } from './receipt/sale-receipt.ts';
import { countSale, openedShift, SHIFT_OPEN } from './shifts.ts';
import { emptySession, refusal, type Session } from './session.ts';
import { shownBalances, withBooked } from './standing.ts';

/** How the shopper paid, elsewhere. */
export type Tender = 'cash' | 'card' | 'other';

/** How a sale is paid, and what was asked for; null where nobody says. */
export interface Payment {
  readonly tender: Tender;
  readonly dueMinor: number | null;
}

/** Random bytes of a receipt token. */
const TOKEN_BYTES = 5;

/**
 * Settles the open sale: journal, projections and print job in one durable transaction, then the next
 * sale is open.
 *
 * The sale's id makes it happen once: settled already means "done" again, and another way of paying
 * under the same id is refused. Where the outcome of the commit is unknown, what is on disk decides.
 */
export function settle(
  core: Core,
  saleId: string,
  { tender, dueMinor: asked }: Payment,
): Result<null, Message> {
  const { database } = core.ports;
  const earlier = database.read.saleByTx(saleId);
  if (earlier !== null) return answerAgain(core, earlier, tender);
  if (core.counter.session.saleId !== saleId) return err(refusal('sale-not-open'));
  if (core.counter.session.lines.length === 0) return err(refusal('basket-empty'));

  // One that could not be written when its member left waits still, and this receipt is not theirs.
  rescueIssuedCard(core, core.counter.session.member?.member ?? null);
  const open = core.counter.session;
  const priced = priceSale(core, open);
  const { dueMinor } = priced.quote;
  // A price list, a limit or the hour may have changed since: the shopper pays what they were told.
  if (asked !== null && asked !== dueMinor) return err(refusal('sale-changed', { dueMinor }));
  if (reachesNobody(core, open, priced.quote)) return err(refusal('reaches-nobody'));
  if (paysTermTwice(core, open)) return err(refusal('membership-once'));
  if (!isCovered(database.read, open, priced.quote)) return err(refusal('hold-too-small'));

  const onPaper = settleOnPaper(core, open, priced, tender);
  if (!onPaper.ok) return onPaper;
  const settled = onPaper.value;
  const written = database.write((writes) => writeSettled(writes, settled));
  if (!written.ok) {
    core.ports.log.error('settle-failed', {
      problem: written.error.code,
      detail: written.error.detail,
    });
    const known =
      written.error.code !== 'outcome-unknown' || database.read.saleByTx(saleId) === null;
    if (known) return err(writeRefusal(written.error));
  }
  core.counter.session = settled.next;
  core.counter.lastTx = saleId;
  core.counter.lastAwards = { tx: saleId, awards: settled.awards };
  core.counter.undo = null;
  core.counter.unknown = null;
  core.counter.lookup = null;
  core.counter.notice = null;
  if (database.diskNearlyFull()) core.notify('warning', { code: 'disk-nearly-full', params: {} });
  core.changed();
  core.followUp();
  return ok(null);
}

function answerAgain(core: Core, row: SaleRow, tender: Tender): Result<null, Message> {
  const [sale] = bodiesOf(core.ports.database.read, row);
  const same = sale?.kind === 'sale' && sale.tender === tender;
  return same ? ok(null) : err(refusal('sale-settled-otherwise'));
}

/** Everything a settled sale leaves behind, computed and sealed; only to be written. */
export interface SettledSale {
  /** Opens the shift with the first sale; null where one is open. */
  readonly opening: SealedEntries | null;
  readonly sealed: SealedEntries;
  readonly shift: ShiftRow;
  readonly sale: SaleRow;
  readonly job: QueuedJob;
  /** Grants as they are after the sale. */
  readonly grants: readonly HeldGrant[];
  /** What it adds to the server's facts until those include it. */
  readonly fact: LocalFact | null;
  /** What the shopper is told besides points. */
  readonly awards: readonly Message[];
  /** The sale that is open next, and as the text that is kept of it. */
  readonly next: Session;
  readonly draft: string;
}

/**
 * Computes what settling writes: pure but for reading, and outside the transaction, which then is
 * nothing but its rows. Refused where the sale is too long for one entry of the journal.
 */
export function settleOnPaper(
  core: Core,
  open: Session,
  priced: PricedSale,
  tender: Tender,
): Result<SettledSale, Message> {
  const { ids, crypto, database } = core.ports;
  const { read } = database;
  const openShift = read.openShift();
  const opening =
    openShift === null ? sealEntries(core, read.head(), ids.uuid(), [SHIFT_OPEN]) : ok(null);
  assert(opening.ok, 'the opening of a shift is short');
  const opened = opening.value?.stored[0];
  const receipt = receiptTokenFromBytes(ids.randomBytes(TOKEN_BYTES));
  const member = open.member === null ? null : read.member(open.member.member);
  const news = member === null ? [] : newsOf(core, member);
  const snapshot = withoutVoucherCodes(open, freezeSale(priced.input, priced.quote));
  const parts: SaleParts = { open, priced, snapshot, tender, receipt, news };
  const sold = saleEntries(core, parts);
  const spent = spendGrants(read, open, sold);
  const bodies = [...sold, ...spent.bodies];
  const sealed = sealEntries(
    core,
    opening.value === null ? read.head() : headAfter(opening.value),
    open.saleId,
    bodies,
  );
  if (!sealed.ok) return err(refusal('sale-too-long'));
  const first = sealed.value.stored[0];
  const last = sealed.value.stored.at(-1);
  assert(first !== undefined && last !== undefined, 'a settled sale has entries');
  const number = (read.lastSale()?.number ?? 0) + 1;
  const balances = member === null ? [] : withBooked(shownBalances(core, member), bodies);
  const { quote } = priced;
  const touched = quote.earnings[0]?.programme ?? quote.redemptions[0]?.programme;
  const main = balances.find(({ programme }) => programme === touched) ?? balances[0];
  const { atMs } = first.entry;
  const next = emptySession(ids.uuid());
  const memberships = member === null ? {} : membershipsPaid(core, member, open, atMs);
  const counted = factOfSale(
    core,
    { member: member?.member ?? null, atMs, snapshot, returned: nothingReturned },
    memberships,
  );
  const fact = { ...counted, told: news.map((told) => told.news.source) };
  const awards = awardsOf(core, { open, quote, memberships, news, issued: issuedIn(bodies) });
  const figures = { session: open, quote, tender, receipt, number, atMs, member, balances, awards };
  return ok({
    opening: opening.value,
    sealed: sealed.value,
    shift: openShift ?? openedShift(read.lastShiftNumber() + 1, opened ?? first),
    sale: {
      seq: first.entry.seq,
      lastSeq: last.entry.seq,
      number,
      tx: open.saleId,
      kind: 'sale',
      receipt,
      contentHash: crypto.sha256Hex(first.text),
      of: null,
      balanceAfter: main?.total ?? null,
    },
    job: queuedJob(ids.uuid(), open.saleId, 'sale', saleReceipt(core, figures)),
    grants: spent.grants,
    fact: countsAnything(fact) ? { ...fact, seq: last.entry.seq } : null,
    awards,
    next,
    draft: JSON.stringify(next),
  });
}

/** Writes a settled sale inside the one transaction. */
export function writeSettled(writes: TillWrites, settled: SettledSale): void {
  if (settled.opening !== null) writeEntries(writes, settled.opening);
  writeEntries(writes, settled.sealed);
  for (const grant of settled.grants) writes.saveGrant(grant);
  if (settled.fact !== null) writes.addLocalFact(settled.fact);
  writes.saveSale(settled.sale);
  countSale(writes, settled.shift);
  writes.savePrintJob(settled.job);
  writes.saveDraft(settled.draft);
}

/** Vouchers a sale hands out, as its entries say. */
function issuedIn(bodies: readonly EntryBody[]): readonly Extract<EntryBody, { kind: 'issue' }>[] {
  return bodies.flatMap((body) => (body.kind === 'issue' ? [body] : []));
}
