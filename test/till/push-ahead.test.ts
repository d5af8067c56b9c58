import { expect, test } from 'vitest';
import type { SyncOutput } from '#contract/sync.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { pushAhead, type PushWay, UNDER_WAY_MAX } from '#till/push-ahead.ts';
import { body, createTestTill, txOf } from '#test/journal/support/test-till.ts';
import { createMemoryServer } from '#test/journal/support/memory-server.ts';

const ENTRIES_PER_PUSH = 4;
type Answer = Result<SyncOutput<'push'>, string>;

/** A journal, a server in memory, and a way between them that a test may disturb. */
function stage(entries: number, disturb: (batch: PushBatch, sent: number) => Promise<void>) {
  const till = createTestTill();
  for (let index = 0; index < entries; index += 1)
    till.append(txOf(index + 1), body.enrol(`m-${index}`));
  const server = createMemoryServer();
  server.addTill(till.till);
  const log = { acknowledged: 0, sent: 0, underWay: 0, mostUnderWay: 0, answers: [] as string[] };
  const way: PushWay<string> = {
    next(after) {
      const from = (after?.seq ?? log.acknowledged) + 1;
      return from > entries
        ? null
        : till.batch(from, Math.min(entries, from + ENTRIES_PER_PUSH - 1));
    },
    async send(batch): Promise<Answer> {
      log.sent += 1;
      log.underWay += 1;
      log.mostUnderWay = Math.max(log.mostUnderWay, log.underWay);
      try {
        await disturb(batch, log.sent);
        const answer = server.push(till.till, batch);
        return ok(answer as SyncOutput<'push'>);
      } catch (error) {
        return err(String(error));
      } finally {
        log.underWay -= 1;
      }
    },
    take(answer) {
      log.answers.push(answer.outcome);
      if (answer.outcome !== 'acknowledged') return err(answer.outcome);
      log.acknowledged = answer.ackSeq;
      return ok(null);
    },
    cancelled: () => false,
  };
  return { till, server, log, way };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a journal is sent to its end with several pushes under way, each once', async () => {
  const { log, way } = stage(41, () => pause(1));
  expect(await pushAhead(way, 1000)).toEqual(ok(null));
  expect(log).toMatchObject({ acknowledged: 41, sent: 11, underWay: 0 });
  expect(log.mostUnderWay).toBeGreaterThan(1);
});

test('a push that overtakes the one before it is sent again, and nothing is taken for a gap', async () => {
  const { log, way } = stage(40, (_batch, sent) => pause(sent === 1 ? 20 : 1));
  expect(await pushAhead(way, 1000)).toEqual(ok(null));
  expect(log.acknowledged).toBe(40);
  expect(new Set(log.answers)).toEqual(new Set(['acknowledged']));
});

test('a failure ends the sending when all that was under way is over; the next time goes on from there', async () => {
  let failing = true;
  const { log, way } = stage(40, async (batch) => {
    await pause(1);
    if (failing && batch.from === 13) throw new Error('cut');
  });
  expect(await pushAhead(way, 1000)).toEqual(err('Error: cut'));
  expect(log).toMatchObject({ acknowledged: 12, underWay: 0 });
  failing = false;
  expect(await pushAhead(way, 1000)).toEqual(ok(null));
  expect(log.acknowledged).toBe(40);
});

test('it ends after so many batches, whatever the server says', async () => {
  const { log, way } = stage(40, () => pause(0));
  const deaf: PushWay<string> = { ...way, take: () => ok(null), next: () => way.next(null) };
  expect(await pushAhead(deaf, 5)).toEqual(ok(null));
  expect(log.underWay).toBe(0);
  expect(log.sent).toBeLessThan(5 + UNDER_WAY_MAX);
});
