import type { Message } from '#contract/till-state.ts';
import type { EntryBody } from '#journal/entry.ts';
import { receiptTokenFromBytes } from '#loyalty/card.ts';
import { assert, err, ok, type Result } from '#loyalty/result.ts';
import { freezeSale } from '#loyalty/sale.ts';
import { saveSession, writeRefusal, type Core } from './core.ts';
import type { SaleRow, TillWrites } from './database.ts';
import { closeHeld } from './grants.ts';
import { appendEntries } from './journal-writer.ts';
import { bodiesOf } from './last-sale.ts';
import { priceSale, type PricedSale } from './pricing.ts';
import { saleReceipt } from './receipt/sale-receipt.ts';
import { countSale, openShiftIfNeeded } from './shifts.ts';
import { emptySession, refusal, type Session } from './session.ts';
import { shownBalances } from './standing.ts';

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

  const priced = priceSale(core, open);
  const settled: SettledSale = {
    open,
    priced,
    tender,
    receipt: receiptTokenFromBytes(core.ports.ids.randomBytes(TOKEN_BYTES)),
    next: emptySession(core.ports.ids.uuid()),
    printJob: core.ports.ids.uuid(),
  };
  const written = database.write((writes) => write(core, writes, settled));
  if (!written.ok) {
    core.ports.log.error('settle-failed', {
      problem: written.error.code,
      detail: written.error.detail,
    });
    const known = written.error.code !== 'outcome-unknown' || database.read.saleByTx(saleId) === null;
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
  core.wakePrinter();
  core.wakeSync();
  return ok(null);
}

interface SettledSale {
  readonly open: Session;
  readonly priced: PricedSale;
  readonly tender: Tender;
  readonly receipt: string;
  readonly next: Session;
  readonly printJob: string;
}

function answerAgain(core: Core, row: SaleRow, tender: Tender): Result<null, Message> {
  const [sale] = bodiesOf(core.ports.database.read, row);
  const same = sale?.kind === 'sale' && sale.tender === tender;
  return same ? ok(null) : err(refusal('sale-settled-otherwise'));
}

/** Everything a settled sale leaves behind; runs inside the one transaction. */
function write(core: Core, writes: TillWrites, settled: SettledSale): void {
  const { open, priced, receipt, next, printJob } = settled;
  const { quote } = priced;
  const shift = openShiftIfNeeded(core, writes);
  const before = open.member === null ? null : writes.member(open.member.member);
  const bodies = entriesOf(core, settled);
  const stored = appendEntries(core, writes, open.saleId, bodies);
  const first = stored[0];
  const last = stored.at(-1);
  assert(first !== undefined && last !== undefined, 'a settled sale has entries');
  for (const { hold, programme } of open.rewards) {
    if (hold === null) continue;
    const held = writes.grantByRequest(hold.request);
    assert(held?.state === 'accepted', 'a reward on the sale has its points on hold');
    const spent = quote.redemptions.find((done) => done.programme === programme && done.points > 0);
    if (spent === undefined || spent.points < held.amount) {
      closeHeld(core, writes, held, 'spent');
    } else {
      writes.saveGrant({ ...held, state: 'spent' });
    }
  }
  const number = (writes.lastSale()?.number ?? 0) + 1;
  const balances = before === null ? [] : shownBalances(core, before);
  const touched = quote.earnings[0]?.programme ?? quote.redemptions[0]?.programme;
  const main = balances.find(({ programme }) => programme === touched) ?? balances[0];
  writes.saveSale({
    seq: first.entry.seq,
    lastSeq: last.entry.seq,
    number,
    tx: open.saleId,
    kind: 'sale',
    receipt,
    contentHash: core.ports.crypto.sha256Hex(first.text),
    of: null,
    balanceAfter: main?.total ?? null,
  });
  countSale(writes, shift);
  writes.savePrintJob({
    job: printJob,
    sale: open.saleId,
    copy: 0,
    kind: 'sale',
    document: saleReceipt(core, {
      session: open,
      quote,
      tender: settled.tender,
      receipt,
      number,
      atMs: first.entry.atMs,
      member: before,
      balances,
    }),
    state: 'queued',
    problem: null,
    detail: '',
    sentBytes: 0,
    totalBytes: 0,
  });
  saveSession(writes, next);
}

function entriesOf(core: Core, settled: SettledSale): readonly EntryBody[] {
  const { open, priced, tender, receipt } = settled;
  const { input, quote } = priced;
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
  return [sale, ...earnings(member, open.saleId, quote.earnings), ...redemptions(core, settled, member)];
}

/** The entries of what a sale earns; `source` is the sale's transaction. */
export function earnings(
  member: string,
  source: string,
  earned: PricedSale['quote']['earnings'],
): readonly EntryBody[] {
  return earned
    .filter(({ points }) => points > 0)
    .map(({ programme, version, points, effectiveAtMs, expiresAtMs, basisMinor, breakdown, allocatedMinor }) => ({
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
    }));
}

function redemptions(core: Core, settled: SettledSale, member: string): readonly EntryBody[] {
  const { open, priced } = settled;
  return priced.quote.redemptions.flatMap((done): EntryBody[] => {
    if (done.holderKind !== 'member' || done.points === 0) return [];
    const hold = open.rewards.find(({ reward }) => reward === done.reward)?.hold ?? null;
    if (hold === null) {
      core.ports.log.error('redemption-without-grant', { reward: done.reward });
      throw new Error('points are only spent from a grant this till has accepted');
    }
    const { programme, version, reward, points, valueMinor } = done;
    return [
      {
        kind: 'redeem',
        member,
        programme,
        version,
        source: open.saleId,
        reward,
        grant: hold.grant,
        points,
        valueMinor,
      },
    ];
  });
}
