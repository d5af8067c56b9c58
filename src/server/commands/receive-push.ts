import { setImmediate as nextTurn } from 'node:timers/promises';
import { readChain, type JournalHead } from '#journal/chain.ts';
import type { ChainOutcome } from '#journal/posting-batch.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { SyncInput } from '#contract/sync.ts';
import { ok } from '#loyalty/result.ts';
import { keepPacked, packTexts } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import { TooManyWaiting, WAITING_MAX, type ReceivedPush } from './push-queue.ts';

/** A push as it was read from its request. */
export interface PushInput extends SyncInput<'push'> {
  /** What its texts were unpacked from; missing where they came as plain JSON. */
  readonly packed?: Uint8Array;
}

/** The till a push is of. */
export interface PushingTill {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
}

/** Texts that are read in one go, in UTF-16 units: half a millisecond's work. */
const SLICE_LENGTH = 65_536;

/** Reads pushes of tills that are believed. */
export type ReceivePush = (
  till: PushingTill,
  input: PushInput,
  nowMs: number,
) => Promise<ReceivedPush>;

/**
 * Makes a reader: a push's texts, their shape and their chain.
 *
 * All of this needs nothing but the push, so that it is done while others are posted and no row is
 * locked. Whether it belongs where it says is decided with the till's row locked. A long one is read in
 * slices, between which the database's answers and other tills' questions have their turn; those of one
 * till are read one after the other, so that the first is posted first. Rejects with `TooManyWaiting`.
 */
export function createPushReceiver(): ReceivePush {
  const reading = new Map<string, Promise<unknown>>();
  let count = 0;
  return async ({ tenant, store, till }, input, nowMs) => {
    if (count >= WAITING_MAX) throw new TooManyWaiting();
    count += 1;
    const { entries: texts, packed, ...head } = input;
    const before = reading.get(till);
    const chain =
      before === undefined ? readInTurns(texts, head) : before.then(() => readInTurns(texts, head));
    reading.set(till, chain);
    try {
      const batch = {
        ...head,
        till,
        packed: packed === undefined ? packTexts(texts) : keepPacked(packed),
      };
      return { tenant, store, nowMs, batch, chain: await chain };
    } finally {
      count -= 1;
      if (reading.get(till) === chain) reading.delete(till);
    }
  };
}

async function readInTurns(
  texts: readonly string[],
  { from, previousHash }: Pick<PushInput, 'from' | 'previousHash'>,
): Promise<ChainOutcome> {
  const stored: StoredEntry[] = [];
  let head: JournalHead = { seq: from - 1, hash: previousHash };
  for (let at = 0; at < texts.length;) {
    if (at > 0) await nextTurn();
    const end = endOfSlice(texts, at);
    const read = readChain(texts.slice(at, end), head, chainHash);
    if (!read.ok) return read;
    for (const one of read.value) stored.push(withoutTrace(one));
    const last = stored.at(-1);
    if (last !== undefined) head = { seq: last.entry.seq, hash: last.hash };
    at = end;
  }
  return ok(stored);
}

/**
 * The same entry, changed in place: what explains its sale to people stays in its text, which is what is
 * kept. Posting never asks for it, and it is a third of what a push holds while it waits.
 */
function withoutTrace(stored: StoredEntry): StoredEntry {
  const { body } = stored.entry;
  if (body.kind === 'sale') body.snapshot.trace = [];
  return stored;
}

function endOfSlice(texts: readonly string[], start: number): number {
  let length = 0;
  let end = start;
  while (end < texts.length && length < SLICE_LENGTH) {
    length += texts[end]?.length ?? 0;
    end += 1;
  }
  return end;
}
