import type { ChainOutcome } from '#journal/posting-batch.ts';
import type { SyncOutput } from '#contract/sync.ts';
import { DatabaseUnreachable } from '#server/database/database.ts';
import type { PushCommand, PushedBatch } from './command.ts';

/** A push that a till signed, its texts read: nothing of that needs the database. */
export interface ReceivedPush {
  readonly tenant: string;
  readonly store: string;
  readonly nowMs: number;
  readonly batch: PushedBatch;
  readonly chain: ChainOutcome;
}

/** What is posted together at most: the transaction of one group must not keep others waiting for long. */
export const GROUP_PUSHES_MAX = 100;
export const GROUP_ENTRIES_MAX = 5000;

/** Most pushes that wait at a time, to be read or to be posted; a till whose push is turned away sends it again later. */
export const WAITING_MAX = 400;

/** Too many pushes wait already; trying again later helps. */
export class TooManyWaiting extends Error {
  constructor() {
    super('Too many pushes wait to be posted');
    this.name = 'TooManyWaiting';
  }
}

/** Posts a group: answers in the order of its pushes. */
export type PostGroup = (
  command: PushCommand,
  chains: WeakMap<PushedBatch, ChainOutcome>,
) => Promise<readonly SyncOutput<'push'>[]>;

/** Takes pushes in and answers each when it is posted. */
export interface PushQueue {
  post(push: ReceivedPush): Promise<SyncOutput<'push'>>;
}

interface Waiting {
  readonly push: ReceivedPush;
  readonly resolve: (answer: SyncOutput<'push'>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Posts pushes in groups: what came in while a store's last group was posted is the next one.
 *
 * Nobody waits for others to come; under load a group is large, and what a transaction costs (its
 * statements, its commit, the log's fsync) is paid once for all. A store's groups follow each other,
 * since they would wait for the same rows; `lanes` stores are posted side by side. Where a group
 * fails, each of its pushes is tried alone, so that none suffers from another; where the database
 * cannot be reached, all that wait hear it at once, since none of them would reach it either.
 */
export function createPushQueue(postGroup: PostGroup, lanes: number): PushQueue {
  const waiting = new Map<string, Waiting[]>();
  const posting = new Set<string>();
  let count = 0;

  /** Posts pushes together; returns why that was not possible, null where each has its answer. */
  const tryTogether = async (group: readonly Waiting[]): Promise<unknown> => {
    const nowMs = Math.max(...group.map(({ push }) => push.nowMs));
    try {
      const pushes = group.map(({ push }) => push.batch);
      const chains = new WeakMap(group.map(({ push }) => [push.batch, push.chain] as const));
      const answers = await postGroup({ kind: 'push', nowMs, pushes }, chains);
      for (const [index, one] of group.entries()) {
        const answer = answers[index];
        if (answer === undefined) one.reject(new Error('A push without an answer'));
        else one.resolve(answer);
      }
      return null;
    } catch (error) {
      return error;
    }
  };

  const turnAway = (group: readonly Waiting[], error: DatabaseUnreachable): void => {
    for (const one of [...group, ...[...waiting.values()].flat()]) one.reject(error);
    waiting.clear();
    count = 0;
  };

  const postAll = async (group: readonly Waiting[]): Promise<void> => {
    const together = await tryTogether(group);
    if (together === null) return;
    if (together instanceof DatabaseUnreachable) return turnAway(group, together);
    for (const [index, one] of group.entries()) {
      const alone = group.length === 1 ? together : await tryTogether([one]);
      if (alone instanceof DatabaseUnreachable) return turnAway(group.slice(index), alone);
      if (alone !== null) one.reject(alone);
    }
  };

  const pump = (): void => {
    for (const [key, queue] of waiting) {
      if (posting.size >= lanes) return;
      if (posting.has(key)) continue;
      const group = inOrder(queue.splice(0, groupSize(queue)));
      count -= group.length;
      // The store goes to the end of the line.
      waiting.delete(key);
      if (queue.length > 0) waiting.set(key, queue);
      posting.add(key);
      void postAll(group).finally(() => {
        posting.delete(key);
        pump();
      });
    }
  };

  return {
    post: (push) =>
      new Promise((resolve, reject) => {
        if (count >= WAITING_MAX) return reject(new TooManyWaiting());
        const key = `${push.tenant} ${push.store}`;
        const queue = waiting.get(key) ?? [];
        queue.push({ push, resolve, reject });
        waiting.set(key, queue);
        count += 1;
        pump();
      }),
  };
}

/** A till that sends ahead may be overtaken by itself on the way: its journal's order is the right one. */
function inOrder(group: readonly Waiting[]): readonly Waiting[] {
  return group.toSorted((a, b) =>
    a.push.batch.till === b.push.batch.till
      ? a.push.batch.from - b.push.batch.from
      : a.push.batch.till < b.push.batch.till
        ? -1
        : 1,
  );
}

function groupSize(queue: readonly Waiting[]): number {
  let entries = 0;
  for (const [index, { push }] of queue.entries()) {
    entries += push.chain.ok ? push.chain.value.length : 0;
    if (index >= GROUP_PUSHES_MAX || (index > 0 && entries > GROUP_ENTRIES_MAX)) return index;
  }
  return queue.length;
}
