import type { SyncOutput } from '#contract/sync.ts';
import type { JournalHead } from '#journal/chain.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { ok, type Result } from '#loyalty/result.ts';

/**
 * Most pushes under way at a time. A till that catches up sends the next ones while the first is
 * posted; the server posts together what waits.
 */
export const UNDER_WAY_MAX = 20;

/** How a journal is sent: where batches come from, where they go, and what their answers mean. */
export interface PushWay<Problem> {
  /** The batch behind `after`, or behind what is acknowledged where that is null; null where nothing is left. */
  next(after: JournalHead | null): PushBatch | null;
  send(batch: PushBatch): Promise<Result<SyncOutput<'push'>, Problem>>;
  /** Takes an answer in; answers come in the order their batches were sent. */
  take(answer: SyncOutput<'push'>, batch: PushBatch): Result<null, Problem>;
  cancelled(): boolean;
}

interface UnderWay<Problem> {
  readonly batch: PushBatch;
  /** Sent before the batch in front of it was answered. */
  readonly ahead: boolean;
  readonly answer: Promise<Result<SyncOutput<'push'>, Problem>>;
}

/**
 * Sends a journal to its end.
 *
 * Order on the way is not promised: a batch that overtakes the one before it is answered with a gap,
 * which then says nothing; it is sent again, and from then on one after the other. Where an answer
 * ends the sending, those under way are waited for and forgotten: what they brought is acknowledged
 * next time. Ends after `batchesMax` batches; nothing runs forever on a server's word.
 */
export async function pushAhead<Problem>(
  way: PushWay<Problem>,
  batchesMax: number,
): Promise<Result<null, Problem>> {
  const underWay: UnderWay<Problem>[] = [];
  let sent: JournalHead | null = null;
  let most = UNDER_WAY_MAX;
  const forget = async (): Promise<void> => {
    await Promise.all(underWay.splice(0).map(({ answer }) => answer));
    sent = null;
  };
  for (let count = 0; count < batchesMax;) {
    while (underWay.length < most && !way.cancelled()) {
      const batch = way.next(sent);
      if (batch === null) break;
      sent = { seq: batch.from - 1 + batch.texts.length, hash: batch.headHash };
      underWay.push({ batch, ahead: underWay.length > 0, answer: way.send(batch) });
    }
    const first = underWay.shift();
    if (first === undefined) return ok(null);
    count += 1;
    const answer = await first.answer;
    if (answer.ok && answer.value.outcome === 'gap' && first.ahead) {
      await forget();
      most = 1;
      continue;
    }
    const taken = answer.ok ? way.take(answer.value, first.batch) : answer;
    if (!taken.ok) {
      await forget();
      return taken;
    }
  }
  await forget();
  return ok(null);
}
