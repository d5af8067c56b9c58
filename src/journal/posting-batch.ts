import { err, ok, type Result } from '#loyalty/result.ts';
import { GENESIS_HASH, readChain, type ChainHash, type ChainRefusal } from './chain.ts';
import type { StoredEntry } from './entry.ts';
import type { TerminalRow } from './posting-rows.ts';

/** Where a batch says it belongs. */
export interface PushHead {
  readonly inc: number;
  readonly epoch: number;
  /** Number of the first entry. */
  readonly from: number;
  readonly previousHash: string;
  readonly headHash: string;
}

/** A batch as it came, before anything in it was read. */
export interface PushBatch extends PushHead {
  readonly texts: readonly string[];
}

/** Why a batch is not taken. Its entries stay with the till; nothing is dropped. */
export type BatchRefusal =
  | { readonly outcome: 'gap'; readonly expected: number }
  | { readonly outcome: 'fork'; readonly at: number }
  | { readonly outcome: 'fenced' }
  | { readonly outcome: 'epoch'; readonly epoch: number }
  | { readonly outcome: 'rolled-back'; readonly ackSeq: number }
  | { readonly outcome: 'malformed'; readonly seq: number; readonly detail: string };

/** What the server has of this till's journal. `hashes`: of the numbers `from − 1` up to the batch's end. */
export interface KnownJournal {
  readonly terminal: TerminalRow;
  readonly epoch: number;
  readonly hashes: ReadonlyMap<number, string>;
}

/** What a batch's texts say; it needs nothing the server has, so it can be read before anything is locked. */
export function readTexts(
  batch: Pick<PushBatch, 'from' | 'previousHash' | 'texts'>,
  hash: ChainHash,
): ChainOutcome {
  return readChain(batch.texts, { seq: batch.from - 1, hash: batch.previousHash }, hash);
}

/** A batch's entries, or why they are none. */
export type ChainOutcome = Result<readonly StoredEntry[], ChainRefusal>;

/** Reads a batch and places it: `readTexts` and `placeBatch` in one. */
export function readBatch(
  known: KnownJournal,
  batch: PushBatch,
  hash: ChainHash,
): Result<readonly StoredEntry[], BatchRefusal> {
  return placeBatch(known, batch, () => readTexts(batch, hash));
}

/**
 * Places a batch in a till's journal and returns the entries that are new.
 *
 * Overlaps and duplicates are entries that are not new, nothing more. A chain that does not follow
 * from what the server has is a fork, and is told apart from a gap and from garbage.
 */
export function placeBatch(
  known: KnownJournal,
  batch: PushHead,
  read: () => ChainOutcome,
): Result<readonly StoredEntry[], BatchRefusal> {
  const { terminal } = known;
  if (terminal.state === 'fenced' || batch.inc !== terminal.inc) return err({ outcome: 'fenced' });
  if (terminal.state === 'forked')
    return err({ outcome: 'fork', at: terminal.forkAt ?? terminal.ackSeq });
  if (batch.epoch !== known.epoch) return err({ outcome: 'epoch', epoch: known.epoch });
  if (batch.from > terminal.ackSeq + 1)
    return err({ outcome: 'gap', expected: terminal.ackSeq + 1 });
  const before = batch.from - 1;
  const expected = before === 0 ? GENESIS_HASH : known.hashes.get(before);
  if (expected !== batch.previousHash) return err({ outcome: 'fork', at: before });
  const chain = read();
  if (!chain.ok) return err(malformed(chain.error));
  const entries = chain.value;
  for (const { entry, hash: found } of entries) {
    if (entry.seq > terminal.ackSeq) break;
    if (known.hashes.get(entry.seq) !== found) return err({ outcome: 'fork', at: entry.seq });
  }
  const stray = entries.find(({ entry }) => !belongs(entry, terminal));
  if (stray !== undefined) {
    return err({ outcome: 'malformed', seq: stray.entry.seq, detail: 'of another till' });
  }
  const last = entries.at(-1);
  if (last === undefined || last.hash !== batch.headHash) {
    return err({ outcome: 'malformed', seq: last?.entry.seq ?? batch.from, detail: 'headHash' });
  }
  return ok(entries.filter(({ entry }) => entry.seq > terminal.ackSeq));
}

/** What a till says of its journal when it says HELLO. */
export interface HelloHead {
  readonly inc: number;
  readonly headSeq: number;
  readonly headHash: string;
  /** The server's life the till believes in. */
  readonly epochSeen: number;
}

/**
 * Null where the till may go on; `hashAtHead` is what the server has for its last number, if anything.
 *
 * A till that does not know of a restore is told first and says HELLO again: only then is its journal's
 * end where it stopped believing in the life that was lost.
 */
export function checkHello(
  { terminal, epoch }: Pick<KnownJournal, 'terminal' | 'epoch'>,
  hello: HelloHead,
  hashAtHead: string | null,
): BatchRefusal | null {
  if (terminal.state === 'fenced' || hello.inc !== terminal.inc) return { outcome: 'fenced' };
  if (terminal.state === 'forked')
    return { outcome: 'fork', at: terminal.forkAt ?? terminal.ackSeq };
  if (hello.epochSeen !== epoch) return { outcome: 'epoch', epoch };
  if (hello.headSeq > terminal.ackSeq) return null;
  if (hello.headSeq > 0 && hashAtHead !== hello.headHash)
    return { outcome: 'fork', at: hello.headSeq };
  if (hello.headSeq < terminal.ackSeq) return { outcome: 'rolled-back', ackSeq: terminal.ackSeq };
  return null;
}

function belongs(entry: StoredEntry['entry'], terminal: TerminalRow): boolean {
  return (
    entry.tenant === terminal.tenant &&
    entry.store === terminal.store &&
    entry.till === terminal.till &&
    entry.inc === terminal.inc
  );
}

function malformed(refusal: ChainRefusal): BatchRefusal {
  const detail =
    refusal.code === 'malformed'
      ? `malformed ${refusal.detail}`
      : refusal.code === 'wrong-seq'
        ? `seq ${refusal.found}`
        : refusal.code;
  const seq = refusal.code === 'wrong-seq' ? refusal.expected : refusal.seq;
  return { outcome: 'malformed', seq, detail: detail.slice(0, 200) };
}
