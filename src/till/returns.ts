import { usualStaffRules } from '#contract/staff.ts';
import type { Message } from '#contract/till-state.ts';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import type { Refund } from '#loyalty/refund.ts';
import { expiresAt } from '#loyalty/expiry.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { type Approver, forgetApproval, permit } from './approvals.ts';
import { codesOfReturn } from './codes.ts';
import { commit, saveSession, setSession, wallMs, type Core } from './core.ts';
import type { LocalFact, TillWrites } from './database.ts';
import { closeHeld } from './grants.ts';
import { countsAnything, factOfReturn, membershipsAmong } from './local-facts.ts';
import { appendEntries } from './journal-writer.ts';
import { holdPrepaid, type PrepaidHold } from './prepaid.ts';
import { quoteSettings } from './pricing.ts';
import { queuedJob } from './print-job.ts';
import { refundsBefore } from './read-sale.ts';
import { returnReceipt } from './receipt/return-receipt.ts';
import type { Returning } from './return-in-progress.ts';
import {
  isSameRefund,
  leftMilliOf,
  paidBackMinor,
  refundMessage,
  refundOf,
  returnFigures,
  returnedBefore,
} from './returning.ts';
import { returnEntries, type Spent } from './return-entries.ts';
import { refusal, type Session } from './session.ts';
import type { SessionCode } from './session-shape.ts';
import { lookAgain, prepare } from './resume-return.ts';
import { openShiftIfNeeded } from './shifts.ts';
import { sameActor } from './staff.ts';
import { findSale, missingProgramme, programmesOf } from './sold-sale.ts';
import { shownBalances } from './standing.ts';

const TOKEN_BYTES = 5;

/** Opens the return of a scanned or typed receipt. The open sale stays as it is. */
export async function openReturn(core: Core, receipt: string): Promise<Result<null, Message>> {
  const question = core.ports.ids.uuid();
  core.counter.openingReturn = question;
  const found = await findSale(core, receipt);
  // Another one was opened while the server was asked: that one is on the screen.
  if (core.counter.openingReturn !== question) return ok(null);
  if (!found.ok) return found;
  if (found.value.currency !== core.config.currency) return err(refusal('receipt-other-currency'));
  const missing = missingProgramme(core, found.value.snapshot);
  if (missing !== null) {
    return err(refusal('programme-version-missing', { programme: missing }));
  }
  prepare(core, { returnId: core.ports.ids.uuid(), sale: found.value, chosen: new Map() });
  core.counter.notice = null;
  core.counter.lastTx = null;
  core.changed();
  return ok(null);
}

/** Chooses how many of a line come back. */
export function chooseLine(core: Core, line: string, quantityMilli: number): Result<null, Message> {
  const { returning } = core.counter;
  if (returning === null) return err(refusal('no-return-open'));
  if (!returning.sale.snapshot.lines.some(({ id }) => id === line)) {
    return err(refusal('no-such-line'));
  }
  const leftMilli = leftMilliOf(returning.sale, line);
  if (quantityMilli > leftMilli) return err(refusal('return-more-than-sold', { leftMilli }));
  const chosen = new Map(returning.chosen);
  if (quantityMilli === 0) chosen.delete(line);
  else chosen.set(line, quantityMilli);
  prepare(core, { ...returning, chosen });
  core.changed();
  return ok(null);
}

/** Puts the return away. Nothing has happened. */
export function cancelReturn(core: Core): Result<null, Message> {
  if (core.counter.returning === null) return err(refusal('no-return-open'));
  prepare(core, null);
  core.changed();
  return ok(null);
}

/** Returns that are being made: a second tap is answered by the first one's deed. */
const underWay = new WeakMap<Core, Map<string, Promise<Result<null, Message>>>>();

/**
 * Gives the money and the points back: return, reversals and receipt in one transaction.
 *
 * Once per return id. The sale's own record decides what goes back, whatever the rules say today. Where
 * another till changed that meanwhile, the new figures are shown and nothing is done: money leaves by
 * what the cashier has seen.
 */
export async function commitReturn(core: Core, returnId: string): Promise<Result<null, Message>> {
  const all = underWay.get(core) ?? new Map<string, Promise<Result<null, Message>>>();
  underWay.set(core, all);
  const before = all.get(returnId);
  if (before !== undefined) return before;
  const done = makeReturn(core, returnId);
  all.set(returnId, done);
  try {
    return await done;
  } finally {
    all.delete(returnId);
  }
}

async function makeReturn(core: Core, returnId: string): Promise<Result<null, Message>> {
  const { database, ids } = core.ports;
  const seen = core.counter.returning;
  const shown = seen === null ? null : refundOf(core, seen);
  const isSameActor = sameActor(core);
  await lookAgain(core);
  if (database.read.saleByTx(returnId) !== null) return ok(null);
  const { returning } = core.counter;
  if (shown === null || seen?.returnId !== returnId || returning?.returnId !== returnId) {
    return err(refusal('no-return-open'));
  }
  // Money leaves in the name of whoever asked for it.
  if (!isSameActor()) return err(refusal('locked'));
  const done = refundOf(core, returning);
  if (!isSameRefund(shown, done)) {
    forgetApproval(core, 'refund-over-limit');
    return err(refusal('return-changed'));
  }
  if (!done.ok) return err(refundMessage(done.error));
  // A server that takes no more of this till's journal never hears what goes back onto an account.
  if (done.value.returns.length > 0 && database.read.syncState().stopped !== null) {
    return err(refusal('return-reaches-nobody'));
  }
  const { refundMaxMinor } = core.config.staffRules ?? usualStaffRules;
  const overLimit = paidBackMinor(core, returning.sale, done.value) > refundMaxMinor;
  const permitted = overLimit ? permit(core, 'refund-over-limit') : ok(null);
  if (!permitted.ok) return permitted;
  const approver = permitted.value;
  const receipt = receiptTokenFromBytes(ids.randomBytes(TOKEN_BYTES));
  const job = ids.uuid();
  const held = await holdPrepaid(core, returning, done.value);
  if (!held.ok) return held;
  const prepaid = held.value;
  const emptied = codesOfReturn(core.counter.session, returning.sale, done.value);
  // Asking took a moment: what was chosen, and by whom, must be what it was.
  const isSame = core.counter.returning === returning && isSameActor() && prepaid.isWhole();
  const written = isSame
    ? commit(core, (writes) =>
        write(core, writes, {
          returning,
          refund: done.value,
          receipt,
          job,
          approver,
          prepaid,
          emptied,
        }),
      )
    : err(refusal('return-changed'));
  prepaid.end();
  if (!written.ok && database.read.saleByTx(returnId) === null) return written;
  forgetApproval(core, 'refund-over-limit');
  core.counter.returning = null;
  core.counter.lastTx = returnId;
  core.counter.notice = null;
  if (emptied.length > 0) {
    setSession(core, withoutCodes(core, emptied));
    core.notify('warning', { code: 'code-went-back', params: {} });
  }
  core.changed();
  core.followUp();
  return ok(null);
}

function withoutCodes({ counter: { session } }: Core, gone: readonly SessionCode[]): Session {
  return { ...session, codes: session.codes.filter((code) => !gone.includes(code)) };
}

interface MadeReturn {
  readonly returning: Returning;
  readonly refund: Refund;
  readonly receipt: string;
  readonly job: string;
  /** Who allowed it, where it is more than the cashier may pay back. */
  readonly approver: Approver | null;
  readonly prepaid: PrepaidHold;
  /** Codes of the open sale that came with the goods: nobody may spend them any more. */
  readonly emptied: readonly SessionCode[];
}

function write(core: Core, writes: TillWrites, made: MadeReturn): void {
  const { returning, refund, receipt, job, approver } = made;
  const { sale, returnId } = returning;
  writes.saveDraftReturn(null);
  openShiftIfNeeded(core, writes);
  made.prepaid.close(writes);
  for (const { voucher } of made.emptied) {
    const held = voucher === null ? null : writes.grantByRequest(voucher.hold.request);
    if (held !== null) closeHeld(core, writes, held, 'reward-removed');
  }
  if (made.emptied.length > 0) saveSession(writes, withoutCodes(core, made.emptied));
  const entries = returnEntries({ returnId, sale, refund, receipt }, (spent) =>
    renewedEnd(core, spent),
  );
  const stored = appendEntries(core, writes, returnId, entries, { approver });
  const first = stored[0];
  const last = stored.at(-1);
  assert(first !== undefined && last !== undefined, 'a return has entries');
  const fact = factOf(core, made, first.entry.atMs);
  if (countsAnything(fact)) writes.addLocalFact({ ...fact, seq: last.entry.seq });
  const member = sale.member === null ? null : writes.member(sale.member);
  const balances = member === null ? [] : shownBalances(core, member);
  const touched = returnFigures(core, refund).programme?.id;
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

/** The end that spent points come back with, where their programme gives them a new one. */
function renewedEnd(
  core: Core,
  { programme, version }: Spent,
): { readonly expiresAtMs?: number | null } {
  const sold = core.ports.database.read.programmeVersion(programme, version);
  if (sold?.refund.returnedExpired !== 'renew') return {};
  return { expiresAtMs: expiresAt(sold.expiry, wallMs(core), core.config) };
}

/** What the return changes of the counters until the server has read it. */
function factOf(
  core: Core,
  { returning, refund }: MadeReturn,
  atMs: number,
): Omit<LocalFact, 'seq'> {
  const { sale } = returning;
  const before = returnedBefore(sale);
  const back = new Map(before);
  for (const { line, quantityMilli } of refund.lines) {
    back.set(line, (back.get(line) ?? 0) + quantityMilli);
  }
  const isGone = (of: ReadonlyMap<string, number>, id: string, milli: number): boolean =>
    (of.get(id) ?? 0) >= milli;
  const goneSkus = sale.snapshot.lines.flatMap(({ id, sku, quantityMilli }) =>
    isGone(back, id, quantityMilli) && !isGone(before, id, quantityMilli) ? [sku] : [],
  );
  const settings = quoteSettings(core);
  const { returned } = refundsBefore(sale, programmesOf(core, sale.snapshot), settings);
  return factOfReturn(
    core,
    { member: sale.member, atMs: sale.soldAtMs, snapshot: sale.snapshot, returned },
    {
      atMs,
      refund,
      endedMemberships: membershipsAmong(core.config.programmes, goneSkus).map(({ id }) => id),
    },
  );
}
