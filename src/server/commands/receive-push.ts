import { readTexts } from '#journal/posting-batch.ts';
import type { SyncInput } from '#contract/sync.ts';
import { keepPacked, packTexts } from '#server/posting/archive.ts';
import { chainHash } from '#server/posting/chain-hash.ts';
import type { ReceivedPush } from './push-queue.ts';

/** A push as it was read from its request. */
export interface PushInput extends SyncInput<'push'> {
  /** What its texts were unpacked from; missing where they came as plain JSON. */
  readonly packed?: Uint8Array;
}

/**
 * Reads a push of a till that is believed: its texts, their shape and their chain.
 *
 * All of this needs nothing but the push, so that it is done while others are posted and no row is
 * locked. Whether it belongs where it says is decided with the till's row locked.
 */
export function receivePush(
  till: { readonly tenant: string; readonly store: string; readonly till: string },
  input: PushInput,
  nowMs: number,
): ReceivedPush {
  const { entries: texts, packed, ...head } = input;
  const kept = packed === undefined ? packTexts(texts) : keepPacked(packed);
  const batch = { ...head, till: till.till, packed: kept };
  const chain = readTexts({ ...head, texts }, chainHash);
  const { tenant, store } = till;
  return { tenant, store, nowMs, batch, chain };
}
