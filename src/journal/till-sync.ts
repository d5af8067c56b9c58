import { assertNever } from '#loyalty/result.ts';
import { ENTRY_LENGTH_MAX, type JournalHead } from './chain.ts';
import {
  joinSteps,
  obeyRecall,
  reconcile,
  refuse,
  sameGrants,
  type GrantBook,
  type GrantStep,
  type InUse,
  type ServerGrant,
  type TillGrant,
} from './held-grant.ts';
import type { BatchRefusal, PushBatch } from './posting-batch.ts';

/** How far the server has come, as its till knows. */
export interface TillSync {
  readonly ackSeq: number;
  readonly ackHash: string;
  readonly durableSeq: number;
  /** Which life of the server that is; another number is another life. */
  readonly epoch: number;
}

/** An entry as it is sent: the stored bytes. */
export interface SentRow {
  readonly text: string;
  readonly hash: string;
}

/** Longest sum of texts in one batch, in UTF-16 units: under the longest body the server reads. */
const BATCH_LENGTH_MAX = ENTRY_LENGTH_MAX;

/** The next batch: what follows the acknowledged, as much as one body holds. Null where nothing does. */
export function nextBatch(sync: TillSync, inc: number, rows: readonly SentRow[]): PushBatch | null {
  let length = 0;
  const over = rows.findIndex(({ text }, index) => {
    length += text.length;
    return length > BATCH_LENGTH_MAX && index > 0;
  });
  const batch = over < 0 ? rows : rows.slice(0, over);
  const last = batch.at(-1);
  if (last === undefined) return null;
  return {
    inc,
    epoch: sync.epoch,
    from: sync.ackSeq + 1,
    previousHash: sync.ackHash,
    texts: batch.map(({ text }) => text),
    headHash: last.hash,
  };
}

/** The grants the server counts as open at a till. */
export interface OpenGrants {
  readonly count: number;
  readonly hash: string;
  /** Only where the till asked for it by HELLO. */
  readonly list: readonly ServerGrant[] | null;
  /** Held ones that are wanted elsewhere. */
  readonly recalled: readonly string[];
}

/** What the server says of a till's journal: taken, or why not. */
export type ServerWord =
  | ({
      readonly outcome: 'acknowledged';
      readonly openGrants: OpenGrants;
    } & TillSync)
  | BatchRefusal;

/** What a till knows when the word arrives. */
export interface TillView<Held extends TillGrant> extends GrantBook<Held> {
  readonly head: JournalHead;
  /** Hash of the entry at `seq`; the genesis hash at 0; null where there is none. */
  hashAt(seq: number): string | null;
  readonly sync: TillSync;
  /** Grants asked for or accepted. */
  readonly open: readonly Held[];
  readonly inUse: InUse;
  sha256Hex(text: string): string;
}

/** What a till makes of it; each with what is written in one transaction. No entry is ever dropped. */
export type SyncStep<Held extends TillGrant> =
  | {
      readonly kind: 'taken';
      readonly sync: TillSync;
      readonly grants: GrantStep<Held>;
      /** The server counts other grants as open than this till: ask for the list by HELLO. */
      readonly greet: boolean;
    }
  /** Ask again at once, from where the server stands. */
  | { readonly kind: 'rewind'; readonly sync: Pick<TillSync, 'ackSeq' | 'ackHash'> }
  /** The server was restored: nothing read or asked in its former life holds any more. */
  | { readonly kind: 'new-life'; readonly epoch: number; readonly grants: GrantStep<Held> }
  /** The server takes no more; a person must look. */
  | { readonly kind: 'stop'; readonly why: 'fork' | 'fenced' | 'rolled-back' | 'malformed' }
  | { readonly kind: 'nonsense'; readonly detail: string };

/**
 * Compares the server's open grants with the till's, and gives back what is asked back.
 *
 * Every answer brings them, also PULL's: a question that was given up may arrive at the server late,
 * and a till that sells nothing would otherwise never hear of its grant. While entries or questions
 * are on their way the two may differ.
 */
export function takeOpenGrants<Held extends TillGrant>(
  view: TillView<Held>,
  theirs: OpenGrants,
): { readonly grants: GrantStep<Held>; readonly greet: boolean } {
  const grants = joinSteps([
    reconcile(theirs.list ?? [], view),
    obeyRecall(view.open, theirs.recalled, view.inUse),
  ]);
  const settled =
    theirs.list === null &&
    grants.bodies.length === 0 &&
    view.sync.ackSeq === view.head.seq &&
    !view.open.some((held) => held.state === 'asked' && view.isOutstanding(held));
  return { grants, greet: settled && !sameGrants(view.open, theirs, view.sha256Hex) };
}

/**
 * Whether a page of changes comes from the life of the server this till knows.
 *
 * A till that has nothing to send hears of a restore by PULL alone; then it takes nothing from the page
 * and says HELLO. A restored server waits for each till, so that a silent one would hold up all.
 */
export function isOfThisLife(sync: TillSync, page: { readonly epoch: number }): boolean {
  return page.epoch === sync.epoch;
}

/**
 * Decides what an answer to HELLO or PUSH means.
 *
 * The acknowledged hash is compared with our own journal: an acknowledgement of something else is a
 * fork. One that ends earlier than the last is from a server that was restored: send again from there.
 */
export function takeWord<Held extends TillGrant>(
  view: TillView<Held>,
  word: ServerWord,
): SyncStep<Held> {
  const { sync } = view;
  switch (word.outcome) {
    case 'acknowledged': {
      if (word.epoch !== sync.epoch) return { kind: 'nonsense', detail: 'of another epoch' };
      if (word.ackSeq > view.head.seq || view.hashAt(word.ackSeq) !== word.ackHash) {
        return { kind: 'stop', why: 'fork' };
      }
      const { ackSeq, ackHash, durableSeq, epoch, openGrants } = word;
      const taken = { ackSeq, ackHash, durableSeq, epoch };
      return {
        kind: 'taken',
        sync: taken,
        ...takeOpenGrants({ ...view, sync: taken }, openGrants),
      };
    }
    case 'gap': {
      const ackSeq = word.expected - 1;
      const ackHash = view.hashAt(ackSeq);
      if (ackHash === null) return { kind: 'nonsense', detail: 'gap beyond the journal' };
      return { kind: 'rewind', sync: { ackSeq, ackHash } };
    }
    case 'epoch':
      if (word.epoch === sync.epoch) return { kind: 'nonsense', detail: 'the epoch it has' };
      return {
        kind: 'new-life',
        epoch: word.epoch,
        grants: joinSteps(view.open.filter(({ state }) => state === 'asked').map(refuse)),
      };
    case 'fork':
    case 'fenced':
    case 'rolled-back':
    case 'malformed':
      return { kind: 'stop', why: word.outcome };
    default:
      return assertNever(word, 'answer to a batch');
  }
}
