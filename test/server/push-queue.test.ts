import { expect, test } from 'vitest';
import type { SyncOutput } from '#contract/sync.ts';
import { readTexts } from '#journal/posting-batch.ts';
import type { PushCommand } from '#server/commands/command.ts';
import { DatabaseUnreachable } from '#server/database/database.ts';
import {
  createPushQueue,
  GROUP_ENTRIES_MAX,
  GROUP_PUSHES_MAX,
  TooManyWaiting,
  type ReceivedPush,
} from '#server/commands/push-queue.ts';
import { packTexts } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { body, createTestTill, txOf } from '#test/journal/support/test-till.ts';

/** A push of one till with so many entries. */
function aPush(till: string, from: number, entries: number, store = 'moda'): ReceivedPush {
  const journal = createTestTill({ till });
  for (let index = 1; index < from + entries; index += 1)
    journal.append(txOf(index), body.enrol('m'));
  const { texts, ...head } = journal.batch(from, from + entries - 1);
  const batch = { ...head, till, headSignature: '', packed: packTexts(texts) };
  const chain = readTexts({ ...head, texts }, chainHash);
  return { tenant: 'demo', store, nowMs: 1, batch, chain };
}

const said = ({ from, till }: { from: number; till: string }): SyncOutput<'push'> => ({
  outcome: 'malformed',
  seq: from,
  detail: till,
});

/** A queue whose groups are noted, each open until `release`. */
function stage(lanes: number, poison: string | null = null) {
  const groups: PushCommand[] = [];
  const open: (() => void)[] = [];
  const queue = createPushQueue(async (command) => {
    groups.push(command);
    await new Promise<void>((resolve) => open.push(resolve));
    if (command.pushes.some(({ till }) => till === poison)) throw new Error('poisoned');
    return command.pushes.map(said);
  }, lanes);
  const release = async (): Promise<void> => {
    for (let quiet = 0; quiet < 5;) {
      const next = open.shift();
      next?.();
      quiet = next === undefined ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const shapes = (): string[][] =>
    groups.map(({ pushes }) => pushes.map(({ till, from }) => `${till} ${from}`));
  return { queue, release, shapes };
}

test('what comes while a group is posted is the next group, a till’s pushes in its journal’s order', async () => {
  const { queue, release, shapes } = stage(1);
  const answers = [
    queue.post(aPush('b', 1, 2)),
    queue.post(aPush('a', 3, 2)),
    queue.post(aPush('c', 1, 2)),
    queue.post(aPush('a', 1, 2)),
  ];
  await release();
  expect(shapes()).toEqual([['b 1'], ['a 1', 'a 3', 'c 1']]);
  expect(await Promise.all(answers)).toEqual(
    [
      ['b', 1],
      ['a', 3],
      ['c', 1],
      ['a', 1],
    ].map(([till, from]) => said({ till: String(till), from: Number(from) })),
  );
});

test('a group that fails is tried push by push: none suffers from another', async () => {
  const { queue, release, shapes } = stage(1, 'bad');
  const first = queue.post(aPush('first', 1, 1));
  const outcomes = Promise.allSettled([
    queue.post(aPush('a', 1, 1)),
    queue.post(aPush('bad', 1, 1)),
    queue.post(aPush('c', 1, 1)),
  ]);
  await release();
  expect(await first).toEqual(said({ till: 'first', from: 1 }));
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(shapes()).toEqual([['first 1'], ['a 1', 'bad 1', 'c 1'], ['a 1'], ['bad 1'], ['c 1']]);
});

test('stores are posted side by side, one group of each at a time', async () => {
  const { queue, release, shapes } = stage(2);
  const answers = ['x', 'y', 'z'].flatMap((store) => [
    queue.post(aPush(`${store}1`, 1, 1, store)),
    queue.post(aPush(`${store}2`, 1, 1, store)),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(shapes()).toEqual([['x1 1'], ['y1 1']]);
  await release();
  expect(shapes()).toHaveLength(5);
  expect(await Promise.all(answers)).toHaveLength(6);
});

test('groups and the waiting are bounded', async () => {
  const { queue, release, shapes } = stage(1);
  const big = Array.from({ length: 13 }, (_, index) => aPush('t', 1 + index * 500, 500));
  const small = Array.from({ length: 450 }, (_, index) => aPush(`s${index}`, 1, 1));
  const outcomes = Promise.allSettled([...big, ...small].map((push) => queue.post(push)));
  await release();
  const settled = await outcomes;
  const turnedAway = settled.filter(({ status }) => status === 'rejected');
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(turnedAway.every((one) => 'reason' in one && one.reason instanceof TooManyWaiting)).toBe(
    true,
  );
  expect(Math.max(...shapes().map(({ length }) => length))).toBeLessThanOrEqual(GROUP_PUSHES_MAX);
  const ofBig = shapes().map((group) => group.filter((name) => name.startsWith('t ')).length);
  expect(Math.max(...ofBig)).toBeLessThanOrEqual(GROUP_ENTRIES_MAX / 500);
});

/** A database whose every connection fails, after the time it takes to find out. */
function unreachable(failures: readonly ('lost' | 'unreachable')[]) {
  let tries = 0;
  const open: (() => void)[] = [];
  const queue = createPushQueue(async () => {
    const failure = failures[Math.min(tries, failures.length - 1)];
    tries += 1;
    await new Promise<void>((resolve) => open.push(resolve));
    throw failure === 'lost'
      ? new Error('Connection terminated unexpectedly')
      : new DatabaseUnreachable(new Error('connect ECONNREFUSED'));
  }, 1);
  const find = async (): Promise<void> => {
    while (open.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    open.shift()?.();
  };
  return { queue, find, tries: () => tries };
}

test('where the database cannot be reached, all that wait are turned away by one try', async () => {
  const { queue, find, tries } = unreachable(['unreachable']);
  const outcomes = Promise.allSettled([
    ...['a', 'b', 'c'].map((till) => queue.post(aPush(till, 1, 1))),
    queue.post(aPush('d', 1, 1, 'another store')),
  ]);
  await find();
  const reasons = (await outcomes).map((one) => ('reason' in one ? one.reason : null));
  expect(reasons.map((reason) => reason instanceof DatabaseUnreachable)).toEqual(
    Array.from({ length: 4 }, () => true),
  );
  expect(tries()).toBe(1);
  // What comes later is tried again.
  const later = queue.post(aPush('a', 1, 1));
  later.catch(() => undefined);
  await find();
  await expect(later).rejects.toBeInstanceOf(DatabaseUnreachable);
  expect(tries()).toBe(2);
});

test('a group whose connection is lost is tried alone only until nothing can be reached', async () => {
  const { queue, find, tries } = unreachable(['lost', 'lost', 'unreachable']);
  const busy = queue.post(aPush('busy', 1, 1));
  const group = Promise.allSettled(['a', 'b', 'c'].map((till) => queue.post(aPush(till, 1, 1))));
  await find();
  await expect(busy).rejects.toThrow('terminated');
  await find();
  await find();
  const reasons = (await group).map((one) => ('reason' in one ? one.reason : null));
  expect(reasons.every((reason) => reason instanceof DatabaseUnreachable)).toBe(true);
  expect(tries()).toBe(3);
});
