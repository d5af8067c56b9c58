import type { LastSaleView } from '#contract/till-state.ts';
import { journalEntry, type EntryBody } from '#journal/entry.ts';
import { assert } from '#loyalty/result.ts';
import { mainProgramme } from '#loyalty/programme.ts';
import { programmeOf, type Core } from './core.ts';
import type { PrintJob, SaleRow, TillReads } from './database.ts';
import { progressOf } from './print-progress.ts';
import { unitView } from './unit-view.ts';

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
  if (row === null) return job?.kind === 'card' ? cardView(core, tx, job) : null;
  const bodies = bodiesOfLast(read, row);
  const first = bodies[0];
  assert(first?.kind === 'sale' || first?.kind === 'return', 'a sale row points at its entry');
  const programme = programmeShown(core, bodies);
  const claimable =
    first.kind === 'sale' && read.claimOf(tx) === null ? first.snapshot.claimable : [];
  return {
    saleId: tx,
    kind: row.kind,
    receipt: row.receipt,
    totalMinor: first.kind === 'sale' ? first.totalMinor : first.refundMinor,
    dueMinor:
      first.kind === 'sale'
        ? first.totalMinor - first.snapshot.paidByValueMinor
        : first.refundMinor,
    unit: unitView(programme === null ? undefined : programmeOf(core, programme)),
    earned: pointsOf(bodies, 'earn', programme),
    claimable: claimable.find((one) => one.programme === programme)?.points ?? 0,
    redeemed: pointsOf(bodies, 'redeem', programme),
    balanceAfter: row.balanceAfter,
    awards: core.counter.lastAwards?.tx === tx ? [...core.counter.lastAwards.awards] : [],
    print: printView(core, job),
  };
}

function cardView(core: Core, tx: string, job: PrintJob): LastSaleView {
  return {
    saleId: tx,
    kind: 'card',
    receipt: '',
    totalMinor: 0,
    dueMinor: 0,
    unit: unitView(undefined),
    earned: 0,
    claimable: 0,
    redeemed: 0,
    balanceAfter: null,
    awards: [],
    print: printView(core, job),
  };
}

function printView(core: Core, job: PrintJob | null): LastSaleView['print'] {
  if (job === null) return null;
  const { state, problem } = progressOf(core, job);
  return { jobId: job.job, state, problem, copy: job.copy };
}

/** Whose points are told: those given first, else those a member spent, else the main programme's. */
function programmeShown(core: Core, bodies: readonly EntryBody[]): string | null {
  const isMembers = (id: string): boolean => programmeOf(core, id)?.holder === 'member';
  for (const body of bodies) {
    if (body.kind === 'earn') return body.programme;
    if (body.kind === 'sale' && body.snapshot.claimable[0] !== undefined) {
      return body.snapshot.claimable[0].programme;
    }
  }
  for (const body of bodies) {
    if (body.kind !== 'redeem' && body.kind !== 'reverse') continue;
    if (isMembers(body.programme)) return body.programme;
  }
  return mainProgramme(core.config.programmes)?.id ?? null;
}

function pointsOf(
  bodies: readonly EntryBody[],
  kind: 'earn' | 'redeem',
  programme: string | null,
): number {
  return bodies.reduce(
    (sum, body) => (body.kind === kind && body.programme === programme ? sum + body.points : sum),
    0,
  );
}
