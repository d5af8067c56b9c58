import { readTexts } from '#journal/posting-batch.ts';
import type { SyncInput } from '#contract/sync.ts';
import { packTexts } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import type { ReceivedPush } from './push-queue.ts';

/**
 * Reads a push of a till that is believed: its texts, their shape and their chain.
 *
 * All of this needs nothing but the push, so that it is done while others are posted and no row is
 * locked. Whether it belongs where it says is decided with the till's row locked.
 */
export function receivePush(
  till: { readonly tenant: string; readonly store: string; readonly till: string },
  input: SyncInput<'push'>,
  nowMs: number,
): ReceivedPush {
  const { entries: texts, ...head } = input;
  const batch = { ...head, till: till.till, packed: packTexts(texts) };
  const chain = readTexts({ ...head, texts }, chainHash);
  const { tenant, store } = till;
  return { tenant, store, nowMs, batch, chain };
}
