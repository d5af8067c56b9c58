import type { Message } from '#contract/till-state.ts';
import type { EntryBody } from '#journal/entry.ts';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { writeRefusal, type Core } from './core.ts';
import type { HeldGrant, QueuedJob, SaleRow, ShiftRow, TillReads, TillWrites } from './database.ts';
import { headAfter, sealEntries, writeEntries, type SealedEntries } from './journal-writer.ts';
import { bodiesOf } from './last-sale.ts';
import { priceSale, type PricedSale } from './pricing.ts';
import { queuedJob } from './print-job.ts';
import { saleReceipt } from './receipt/sale-receipt.ts';
import { countSale, openedShift, SHIFT_OPEN } from './shifts.ts';
import { emptySession, refusal, type Session } from './session.ts';
import { shownBalances, withBooked } from './standing.ts';

/** How the shopper paid, elsewhere. */
export type Tender = 'cash' | 'card' | 'other';

/** Random bytes of a receipt token. */
const TOKEN_BYTES = 5;

/**
 * Settles the open sale: journal, projections and print job in one durable transaction, then the next
 * sale is open.
 *
 * The sale's id makes it happen once: settled already means "done" again, and another way of paying
 * under the same id is refused. Where the outcome of the commit is unknown, what is on disk decides.
 */
export function settle(core: Core, saleId: string, tender: Tender): Result<null, Message> {
  const { database } = core.ports;
  const earlier = database.read.saleByTx(saleId);
  if (earlier !== null) return answerAgain(core, earlier, tender);
  const open = core.counter.session;
  if (open.saleId !== saleId) return err(refusal('sale-not-open'));
  if (open.lines.length === 0) return err(refusal('basket-empty'));

  const settled = settleOnPaper(core, open, priceSale(core, open), tender);
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
  /** The sale that is open next, and as the text that is kept of it. */
  readonly next: Session;
  readonly draft: string;
}

/**
 * Computes what settling writes: pure but for reading, and outside the transaction, which then is
 * nothing but its rows.
 */
export function settleOnPaper(
  core: Core,
  open: Session,
  priced: PricedSale,
  tender: Tender,
): SettledSale {
  const { ids, crypto, database } = core.ports;
  const { read } = database;
  const openShift = read.openShift();
  const opening =
    openShift === null ? sealEntries(core, read.head(), ids.uuid(), [SHIFT_OPEN]) : null;
  const opened = opening?.stored[0];
  const receipt = receiptTokenFromBytes(ids.randomBytes(TOKEN_BYTES));
  const grants = grantsAfter(read, open);
  const bodies = [
    ...entriesOf(open, priced, tender, receipt),
    ...grants.flatMap(({ grant }): EntryBody[] =>
      grant === null ? [] : [{ kind: 'grant-close', grant, reason: 'spent' }],
    ),
  ];
  const sealed = sealEntries(
    core,
    opening === null ? read.head() : headAfter(opening),
    open.saleId,
    bodies,
  );
  const first = sealed.stored[0];
  const last = sealed.stored.at(-1);
  assert(first !== undefined && last !== undefined, 'a settled sale has entries');
  const number = (read.lastSale()?.number ?? 0) + 1;
  const member = open.member === null ? null : read.member(open.member.member);
  const balances = member === null ? [] : withBooked(shownBalances(core, member), bodies);
  const { quote } = priced;
  const touched = quote.earnings[0]?.programme ?? quote.redemptions[0]?.programme;
  const main = balances.find(({ programme }) => programme === touched) ?? balances[0];
  const { atMs } = first.entry;
  const next = emptySession(ids.uuid());
  const figures = { session: open, quote, tender, receipt, number, atMs, member, balances };
  return {
    opening,
    sealed,
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
    grants,
    next,
    draft: JSON.stringify(next),
  };
}

/** Writes a settled sale inside the one transaction. */
export function writeSettled(writes: TillWrites, settled: SettledSale): void {
  if (settled.opening !== null) writeEntries(writes, settled.opening);
  writeEntries(writes, settled.sealed);
  for (const grant of settled.grants) writes.saveGrant(grant);
  writes.saveSale(settled.sale);
  countSale(writes, settled.shift);
  writes.savePrintJob(settled.job);
  writes.saveDraft(settled.draft);
}

/**
 * The sale ends its grants: each is spent and closed in the journal, so that the server need not
 * guess whether more will come out of it, and what was not needed goes back.
 */
function grantsAfter(read: TillReads, open: Session): readonly HeldGrant[] {
  return open.rewards.flatMap(({ hold }): HeldGrant[] => {
    if (hold === null) return [];
    const held = read.grantByRequest(hold.request);
    assert(held?.state === 'accepted', 'a reward on the sale has its points on hold');
    return [{ ...held, state: 'spent' }];
  });
}

function entriesOf(
  open: Session,
  { input, quote }: PricedSale,
  tender: Tender,
  receipt: string,
): readonly EntryBody[] {
  const member = open.member?.member ?? null;
  const sale: EntryBody = {
    kind: 'sale',
    receipt,
    member,
    proof: open.member?.proof ?? null,
    currency: quote.currency,
    subtotalMinor: quote.subtotalMinor,
    discountMinor: quote.discountMinor,
    totalMinor: quote.totalMinor,
    tender,
    snapshot: freezeSale(input, quote),
  };
  if (member === null) return [sale];
  return [
    sale,
    ...earnings(member, open.saleId, quote.earnings),
    ...redemptions(member, open, quote.redemptions),
  ];
}

/** The entries of what a sale earns; `source` is the sale's transaction. */
export function earnings(
  member: string,
  source: string,
  earned: PricedSale['quote']['earnings'],
): readonly EntryBody[] {
  return earned
    .filter(({ points }) => points > 0)
    .map(
      ({
        programme,
        version,
        points,
        effectiveAtMs,
        expiresAtMs,
        basisMinor,
        breakdown,
        allocatedMinor,
      }) => ({
        kind: 'earn',
        member,
        programme,
        version,
        source,
        points,
        effectiveAtMs,
        expiresAtMs,
        basisMinor,
        breakdown: { ...breakdown },
        allocatedMinor,
      }),
    );
}

function redemptions(
  member: string,
  open: Session,
  redeemed: PricedSale['quote']['redemptions'],
): readonly EntryBody[] {
  return redeemed.flatMap((done): EntryBody[] => {
    if (done.holderKind !== 'member' || done.points === 0) return [];
    const hold = open.rewards.find(({ reward }) => reward === done.reward)?.hold ?? null;
    assert(hold !== null, 'points are only spent from a grant this till has accepted');
    const { programme, version, reward, points, valueMinor } = done;
    const { grant } = hold;
    return [
      {
        kind: 'redeem',
        member,
        programme,
        version,
        source: open.saleId,
        reward,
        grant,
        points,
        valueMinor,
      },
    ];
  });
}
