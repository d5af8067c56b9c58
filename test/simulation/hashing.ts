import { hash } from 'node:crypto';
import type { ChainHash } from '#journal/chain.ts';
import type { StoredEntry } from '#journal/entry.ts';
import type { PushBatch } from '#journal/posting-batch.ts';
import { postingNeeds, type PostingNeeds } from '#journal/posting-needs.ts';

/** How long a till of the simulation keeps a grant. */
export const SIM_LEASE_MS = 120_000;

/** SHA-256 over the sorted references joined by newline, as the contract has it. */
export function sha256Hex(text: string): string {
  return hash('sha256', text);
}

/** The chain's hash in the simulation: as strong as the product's, over text, and quicker. */
export const simChain: ChainHash = (previousHashHex, text) =>
  hash('sha256', previousHashHex + text);

const neededBy = new WeakMap<PushBatch, PostingNeeds>();

/** Notes which rows a batch will lock, so that it need not be read for that. */
export function noteNeeds(batch: PushBatch, entries: readonly StoredEntry[]): void {
  neededBy.set(batch, postingNeeds(entries));
}

/** Which rows a batch will lock. */
export function needsOf(batch: PushBatch): PostingNeeds {
  return neededBy.get(batch) ?? postingNeeds([]);
}
