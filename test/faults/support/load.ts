import { setTimeout as sleep } from 'node:timers/promises';
import { hashesOf } from '#test/server/support/archived.ts';
import type { Database } from '#server/database/database.ts';
import type { Verdict } from '#test/faults/fault.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import type { WireTill } from '#test/server/support/shop-server.ts';

const RETRY_PAUSE_MS = 30;
/** A restart takes a second or two, a promotion a few more. */
const TRIES_MAX = 3000;

/** Tills that push as fast as their server answers, whatever happens to its database. */
export interface Load {
  acknowledged(): number;
  /** Ends after what is under way was acknowledged. */
  stop(): Promise<void>;
  /** Ends at once; what is under way gets no answer any more. */
  abandon(): void;
  /** Checks that every acknowledged entry is there, each once, and no other. */
  expectKept(verdict: Verdict, database: Database): Promise<void>;
}

interface Pusher {
  till: WireTill;
  ackSeq: number;
}

/** Starts the load. `number` must not have been used before: transactions and receipts begin there. */
export function startLoad(tills: readonly WireTill[], number: number): Load {
  const pushers: Pusher[] = tills.map((till) => ({ till, ackSeq: 0 }));
  let stopping = false;
  let abandoned = false;
  let next = number;
  let acknowledged = 0;

  const pushOne = async (pusher: Pusher): Promise<void> => {
    const { till } = pusher;
    next += 1;
    till.journal.append(
      txOf(next),
      body.sale(next, `m-${till.till}`),
      body.earn(`m-${till.till}`, txOf(next), 1),
    );
    for (let tries = 0; tries < TRIES_MAX && !abandoned; tries += 1) {
      try {
        const answer = await till.push(pusher.ackSeq + 1);
        if (answer.outcome === 'acknowledged') {
          pusher.ackSeq = answer.durableSeq;
          acknowledged += 1;
          return;
        }
        throw new Error(answer.outcome);
      } catch {
        // The database is away: the same again, as a till does.
        await sleep(RETRY_PAUSE_MS);
      }
    }
    if (!abandoned) throw new Error('The server did not come back');
  };
  const working: Promise<void>[] = pushers.map(async (pusher) => {
    pusher.till.journal.append(txOf((next += 1)), body.enrol(`m-${pusher.till.till}`));
    while (!stopping) await pushOne(pusher);
  });

  return {
    acknowledged: () => acknowledged,
    async stop() {
      stopping = true;
      await Promise.all(working);
    },
    abandon() {
      stopping = true;
      abandoned = true;
    },
    async expectKept(verdict, database) {
      for (const { till, ackSeq } of pushers) {
        const known = await hashesOf(database, till.till);
        const lost = till.journal.entries
          .slice(0, ackSeq)
          .filter(({ entry, hash }) => known.get(entry.seq) !== hash).length;
        verdict.expect(lost === 0, `${lost} of ${ackSeq} acknowledged entries are lost`);
        const [account] = await database.query<{ posted: number }>(
          'select posted from account where owner = $1',
          [`m-${till.till}`],
        );
        const earned = till.journal.entries
          .slice(0, known.size)
          .filter(({ entry }) => entry.body.kind === 'earn').length;
        verdict.expect(
          account?.posted === earned,
          `${earned} points were earned, the balance is ${account?.posted}`,
        );
      }
    },
  };
}
