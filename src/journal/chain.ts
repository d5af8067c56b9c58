import { err, ok, type Result } from '#loyalty/result.ts';
import { journalEntry, type JournalEntry, type StoredEntry } from './entry.ts';
import { quickCheck } from './quick-check.ts';

/** SHA-256 of `previous hash bytes ‖ UTF-8 of text`, lower-case hex. Injected: this folder has no crypto. */
export type ChainHash = (previousHashHex: string, text: string) => string;

/** The hash before the first entry: 32 zero bytes. */
export const GENESIS_HASH = '0'.repeat(64);

/**
 * Longest JSON text of one entry, in UTF-16 units: the longest basket under the longest names, with
 * some thirty rewards on every line of it. One such entry fits into the longest body the server reads.
 */
export const ENTRY_LENGTH_MAX = 2_000_000;

/** Where a journal ends. */
export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_HEAD: JournalHead = { seq: 0, hash: GENESIS_HASH };

/** Why an entry cannot be written: nobody would ever read it. */
export interface EntryTooLong {
  readonly code: 'too-long';
  readonly length: number;
}

/** Turns an entry into the bytes that are stored and chained, once; nobody serialises it again. */
export function sealEntry(
  entry: JournalEntry,
  head: JournalHead,
  hash: ChainHash,
): Result<StoredEntry, EntryTooLong> {
  const text = JSON.stringify(journalEntry.parse(entry));
  const { length } = text;
  return length > ENTRY_LENGTH_MAX
    ? err({ code: 'too-long', length })
    : ok({ text, hash: hash(head.hash, text), entry });
}

/** Why a text is not the next entry of a journal. */
export type ChainRefusal =
  | { readonly code: 'too-long'; readonly seq: number }
  | { readonly code: 'malformed'; readonly seq: number; readonly detail: string }
  | { readonly code: 'wrong-seq'; readonly expected: number; readonly found: number };

/** Reads texts that follow `head`, checking shape and sequence and computing each hash. */
export function readChain(
  texts: readonly string[],
  head: JournalHead,
  hash: ChainHash,
): Result<readonly StoredEntry[], ChainRefusal> {
  const stored: StoredEntry[] = [];
  let last = head;
  for (const text of texts) {
    const seq = last.seq + 1;
    if (text.length > ENTRY_LENGTH_MAX) return err({ code: 'too-long', seq });
    const read = readEntry(text);
    if (!read.ok) return err({ code: 'malformed', seq, detail: read.error });
    const entry = read.value;
    if (entry.seq !== seq) return err({ code: 'wrong-seq', expected: seq, found: entry.seq });
    const sealed: StoredEntry = { text, hash: hash(last.hash, text), entry };
    stored.push(sealed);
    last = { seq, hash: sealed.hash };
  }
  return ok(stored);
}

const isEntry = quickCheck(journalEntry);

/** The entry a text holds, or the path of what is wrong in it. */
function readEntry(text: string): Result<JournalEntry, string> {
  const value = parseJson(text);
  if (isEntry?.(value) === true) return ok(value);
  const entry = journalEntry.safeParse(value);
  return entry.success ? ok(entry.data) : err(entry.error.issues[0]?.path.join('.') ?? '');
}

/** What a text says as JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
