import { GENESIS_HASH, readChain } from '#journal/chain.ts';
import { freeAtNight } from '#journal/expiry-plan.ts';
import { planPosting } from '#journal/posting.ts';
import { planRiskGrant, riskFor } from '#journal/risk.ts';
import { checkHello, readBatch } from '#journal/posting-batch.ts';
import { NO_STEP } from '#journal/held-grant.ts';
import { takeOpenGrants, takeWord } from '#journal/till-sync.ts';
import { ok } from '#loyalty/result.ts';
import type { Replaced } from './simulate.ts';

/** A mistake somebody could make, put in from outside to see that the simulation finds it. */
export interface SeededBug extends Replaced {
  readonly name: string;
  readonly says: string;
}

/** All of them. `src` holds no switch for any. */
export const seededBugs: readonly SeededBug[] = [
  {
    name: 'no-dedupe',
    says: 'The server posts what it has posted before.',
    rules: {
      readBatch(known, batch, hash) {
        const read = readBatch(known, batch, hash);
        if (!read.ok) return read;
        const start = { seq: batch.from - 1, hash: batch.previousHash };
        return readChainOrNothing(batch.texts, start, hash) ?? read;
      },
      planPosting: (rows, batch) =>
        planPosting({ ...rows, originals: new Map(), ledgerKeys: new Set() }, batch),
    },
  },
  {
    name: 'ack-before-fsync',
    says: 'A till shows what is not on the disk yet.',
    ports: { tillSyncs: false },
  },
  {
    name: 'ack-before-commit',
    says: 'The server answers before its transaction is committed.',
    ports: { answersEarly: true },
  },
  {
    name: 'reclaim-by-lease',
    says: 'The server takes a grant back when its time is over.',
    ports: { serverReclaims: true },
  },
  {
    name: 'wall-clock-lease',
    says: 'A till counts its leases by the clock that people set.',
    ports: { leaseClock: 'wall' },
  },
  {
    name: 'no-reconcile',
    says: 'A till does not look at the grants the server counts as open.',
    rules: {
      takeWord: (view, word) => {
        const step = takeWord(view, word);
        return step.kind === 'taken' ? { ...step, grants: NO_STEP, greet: false } : step;
      },
      takeOpenGrants: () => ({ grants: NO_STEP, greet: false }),
    },
  },
  {
    name: 'no-compare-on-pull',
    says: 'A till that sells nothing does not compare its grants.',
    rules: {
      takeOpenGrants: (view, theirs) => ({ ...takeOpenGrants(view, theirs), greet: false }),
    },
  },
  {
    name: 'gap-accepted',
    says: 'The server posts a batch that does not follow what it has.',
    rules: {
      readBatch(known, batch, hash) {
        if (batch.from <= known.terminal.ackSeq + 1) return readBatch(known, batch, hash);
        const start = { seq: batch.from - 1, hash: batch.previousHash };
        return readChainOrNothing(batch.texts, start, hash) ?? readBatch(known, batch, hash);
      },
    },
  },
  {
    name: 'fork-accepted',
    says: 'Neither side compares hashes with what it has.',
    rules: {
      takeWord(view, word) {
        const step = takeWord(view, word);
        if (word.outcome !== 'acknowledged' || step.kind !== 'stop') return step;
        const ackHash = view.hashAt(word.ackSeq);
        return ackHash === null ? step : takeWord(view, { ...word, ackHash });
      },
      checkHello(known, hello, hash) {
        const refusal = checkHello(known, hello, hash);
        return refusal?.outcome === 'fork' || refusal?.outcome === 'rolled-back' ? null : refusal;
      },
      readBatch(known, batch, hash) {
        const read = readBatch(known, batch, hash);
        if (read.ok || read.error.outcome !== 'fork') return read;
        const start = { seq: batch.from - 1, hash: batch.previousHash };
        const all = readChainOrNothing(batch.texts, start, hash);
        if (all === null) return read;
        return ok(all.value.filter(({ entry }) => entry.seq > known.terminal.ackSeq));
      },
    },
  },
  {
    name: 'restore-without-epoch',
    says: 'A server that was put back from a backup goes on as if nothing had happened.',
    ports: { restoreBeginsLife: false },
  },
  {
    name: 'restore-without-waiting',
    says: 'A restored server gives grants before all tills have sent again what it lost.',
    rules: { isRecovering: () => false },
  },
  {
    name: 'restore-unheard',
    says: 'A till that only reads does not hear of a restore.',
    rules: { isOfThisLife: () => true },
  },
  {
    name: 'refund-twice',
    says: 'Returns are not held to what earlier returns took back.',
    rules: {
      planPosting: (rows, batch) =>
        planPosting(
          {
            ...rows,
            originals: new Map(
              [...rows.originals].map(([key, row]) => [key, { ...row, reversed: 0 }]),
            ),
          },
          batch,
        ),
    },
  },
  {
    name: 'claim-twice',
    says: 'The server takes a second claim of a sale as it took the first.',
    rules: {
      planPosting(rows, batch) {
        const claims = new Map(rows.claims);
        for (const { entry } of batch.entries) {
          if (entry.body.kind === 'claim') claims.delete(entry.body.of);
        }
        return planPosting({ ...rows, claims }, batch);
      },
    },
  },
  {
    name: 'risk-given-twice',
    says: 'The server does not count the risk that is in tills’ hands.',
    rules: { planRiskGrant: (rows, want) => planRiskGrant({ ...rows, outstanding: 0 }, want) },
  },
  {
    name: 'risk-without-end',
    says: 'A till spends on from a risk grant that is used up.',
    rules: {
      riskFor: (open, wish, caps) =>
        riskFor(
          open.map((held) => ({ ...held, spent: 0 })),
          wish,
          caps,
        ),
    },
  },
  {
    name: 'expire-reserved',
    says: 'Points expire that a till holds.',
    rules: {
      freeAtNight: ({ posted }, recovering) => freeAtNight({ posted, granted: 0 }, recovering),
    },
  },
];

type ReadChain = ReturnType<typeof readChain>;

function readChainOrNothing(
  ...[texts, head, hash]: Parameters<typeof readChain>
): Extract<ReadChain, { ok: true }> | null {
  const chain = readChain(texts, { ...head, hash: head.hash || GENESIS_HASH }, hash);
  return chain.ok ? chain : null;
}
