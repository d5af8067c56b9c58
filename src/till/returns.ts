import type { Message } from '#contract/till-state.ts';
import type { EntryBody } from '#journal/entry.ts';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import type { Refund } from '#loyalty/refund.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import type { TillWrites } from './database.ts';
import { appendEntries } from './journal-writer.ts';
import { queuedJob } from './print-job.ts';
import { returnReceipt } from './receipt/return-receipt.ts';
import type { Returning } from './return-in-progress.ts';
import { refundMessage, refundOf, returnedBefore } from './returning.ts';
import { refusal } from './session.ts';
import { openShiftIfNeeded } from './shifts.ts';
import { findSale } from './sold-sale.ts';
import { shownBalances } from './standing.ts';

const TOKEN_BYTES = 5;

/** Opens the return of a scanned or typed receipt. The open sale stays as it is. */
export async function openReturn(core: Core, receipt: string): Promise<Result<null, Message>> {
  const found = await findSale(core, receipt);
  if (!found.ok) return found;
  if (found.value.currency !== core.config.currency) return err(refusal('receipt-other-currency'));
  core.counter.returning = {
    returnId: core.ports.ids.uuid(),
    sale: found.value,
    chosen: new Map(),
  };
  core.counter.notice = null;
  core.counter.lastTx = null;
  core.changed();
  return ok(null);
}

/** Chooses how many of a line come back. */
export function chooseLine(core: Core, line: string, quantityMilli: number): Result<null, Message> {
  const { returning } = core.counter;
  if (returning === null) return err(refusal('no-return-open'));
  const sold = returning.sale.snapshot.lines.find(({ id }) => id === line);
  if (sold === undefined) return err(refusal('no-such-line'));
  const leftMilli = sold.quantityMilli - (returnedBefore(returning.sale).get(line) ?? 0);
  if (quantityMilli > leftMilli) return err(refusal('return-more-than-sold', { leftMilli }));
  const chosen = new Map(returning.chosen);
  if (quantityMilli === 0) chosen.delete(line);
  else chosen.set(line, quantityMilli);
  core.counter.returning = { ...returning, chosen };
  core.changed();
  return ok(null);
}

/** Puts the return away. Nothing has happened. */
export function cancelReturn(core: Core): Result<null, Message> {
  if (core.counter.returning === null) return err(refusal('no-return-open'));
  core.counter.returning = null;
  core.changed();
  return ok(null);
}

/**
 * Gives the money and the points back: return, reversals and receipt in one transaction.
 *
 * Once per return id. The sale's own record decides what goes back, whatever the rules say today.
 */
export function commitReturn(core: Core, returnId: string): Result<null, Message> {
  const { database, ids } = core.ports;
  if (database.read.saleByTx(returnId) !== null) return ok(null);
  const { returning } = core.counter;
  if (returning?.returnId !== returnId) return err(refusal('no-return-open'));
  const done = refundOf(core, returning);
  if (!done.ok) return err(refundMessage(done.error));
  const receipt = receiptTokenFromBytes(ids.randomBytes(TOKEN_BYTES));
  const job = ids.uuid();
  const written = commit(core, (writes) =>
    write(core, writes, { returning, refund: done.value, receipt, job }),
  );
  if (!written.ok && database.read.saleByTx(returnId) === null) return written;
  core.counter.returning = null;
  core.counter.lastTx = returnId;
  core.counter.notice = null;
  core.changed();
  core.followUp();
  return ok(null);
}

interface MadeReturn {
  readonly returning: Returning;
  readonly refund: Refund;
  readonly receipt: string;
  readonly job: string;
}

function write(core: Core, writes: TillWrites, made: MadeReturn): void {
  const { returning, refund, receipt, job } = made;
  const { sale, returnId } = returning;
  openShiftIfNeeded(core, writes);
  const stored = appendEntries(core, writes, returnId, entriesOf(made));
  const first = stored[0];
  const last = stored.at(-1);
  assert(first !== undefined && last !== undefined, 'a return has entries');
  const member = sale.member === null ? null : writes.member(sale.member);
  const balances = member === null ? [] : shownBalances(core, member);
  const touched = refund.reversals[0]?.programme ?? refund.returns[0]?.programme;
  const main = balances.find(({ programme }) => programme === touched) ?? balances[0] ?? null;
  const number = (writes.lastSale()?.number ?? 0) + 1;
  writes.saveSale({
    seq: first.entry.seq,
    lastSeq: last.entry.seq,
    number,
    tx: returnId,
    kind: 'return',
    receipt,
    contentHash: core.ports.crypto.sha256Hex(first.text),
    of: sale.tx,
    balanceAfter: main?.total ?? null,
  });
  const { atMs } = first.entry;
  const figures = { sale, refund, receipt, number, atMs, member, balance: main };
  writes.savePrintJob(queuedJob(job, returnId, 'return', returnReceipt(core, figures)));
}

function entriesOf({ returning, refund, receipt }: MadeReturn): readonly EntryBody[] {
  const { sale, returnId } = returning;
  const returned: EntryBody = {
    kind: 'return',
    of: sale.tx,
    receipt,
    member: sale.member,
    currency: sale.currency,
    refundMinor: refund.refundMinor,
    lines: refund.lines.map(({ line, quantityMilli }) => ({ line, quantityMilli })),
  };
  const { member } = sale;
  if (member === null) return [returned];
  const reverse = (
    programme: string,
    version: number,
    type: 'earn' | 'redeem',
    points: number,
  ): EntryBody => ({
    kind: 'reverse',
    member,
    programme,
    version,
    of: { source: sale.tx, type },
    points,
    source: returnId,
  });
  return [
    returned,
    ...refund.reversals.flatMap(({ programme, version, points }) =>
      points === 0 ? [] : [reverse(programme, version, 'earn', -points)],
    ),
    ...refund.returns.flatMap(({ programme, version, points, holderKind }) =>
      points === 0 || holderKind !== 'member'
        ? []
        : [reverse(programme, version, 'redeem', points)],
    ),
  ];
}
