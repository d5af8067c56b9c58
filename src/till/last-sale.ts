import type { LastSaleView, TillState } from '#contract/till-state.ts';
import { journalEntry, type EntryBody } from '#journal/entry.ts';
import { assert } from '#loyalty/result.ts';
import type { Core } from './core.ts';
import type { PrintJob, SaleRow, TillReads } from './database.ts';

/** The bodies of one sale or return, read back from the journal. */
export function bodiesOf(read: TillReads, row: SaleRow): readonly EntryBody[] {
  return read
    .entriesBetween(row.seq, row.lastSeq)
    .map(({ text }) => journalEntry.parse(JSON.parse(text)).body);
}

const lastRead = new WeakMap<TillReads, { readonly tx: string; bodies: readonly EntryBody[] }>();

/** The same of the last sale, which is on the screen until the next one: read once. */
function bodiesOfLast(read: TillReads, row: SaleRow): readonly EntryBody[] {
  const known = lastRead.get(read);
  if (known?.tx === row.tx) return known.bodies;
  const bodies = bodiesOf(read, row);
  lastRead.set(read, { tx: row.tx, bodies });
  return bodies;
}

/** What the screen says after a sale, a return or an issued card: read from what was written. */
export function lastSaleView(core: Core, tx: string): LastSaleView | null {
  const { read } = core.ports.database;
  const row = read.saleByTx(tx);
  const job = read.printJobsOf(tx)[0] ?? null;
  if (row === null) return job?.kind === 'card' ? cardView(tx, job) : null;
  const bodies = bodiesOfLast(read, row);
  const first = bodies[0];
  assert(first?.kind === 'sale' || first?.kind === 'return', 'a sale row points at its entry');
  return {
    saleId: tx,
    kind: row.kind,
    receipt: row.receipt,
    totalMinor: first.kind === 'sale' ? first.totalMinor : first.refundMinor,
    dueMinor:
      first.kind === 'sale'
        ? first.totalMinor - first.snapshot.paidByValueMinor
        : first.refundMinor,
    earned: earnedOf(bodies),
    claimable:
      first.kind === 'sale' && read.claimOf(tx) === null
        ? first.snapshot.claimable.reduce((total, { points }) => total + points, 0)
        : 0,
    redeemed: sum(bodies, (body) => (body.kind === 'redeem' ? body.points : 0)),
    balanceAfter: row.balanceAfter,
    awards: core.counter.lastAwards?.tx === tx ? [...core.counter.lastAwards.awards] : [],
    print: printView(job),
  };
}

function cardView(tx: string, job: PrintJob): LastSaleView {
  return {
    saleId: tx,
    kind: 'card',
    receipt: '',
    totalMinor: 0,
    dueMinor: 0,
    earned: 0,
    claimable: 0,
    redeemed: 0,
    balanceAfter: null,
    awards: [],
    print: printView(job),
  };
}

function printView(job: PrintJob | null): NonNullable<TillState['lastSale']>['print'] {
  if (job === null) return null;
  return { jobId: job.job, state: job.state, problem: job.problem, copy: job.copy };
}

/** Of the programme that earned first; what others gave is among the awards. */
function earnedOf(bodies: readonly EntryBody[]): number {
  const first = bodies.find((body) => body.kind === 'earn');
  return first?.kind === 'earn' ? first.points : 0;
}

function sum(bodies: readonly EntryBody[], of: (body: EntryBody) => number): number {
  return bodies.reduce((total, body) => total + of(body), 0);
}
