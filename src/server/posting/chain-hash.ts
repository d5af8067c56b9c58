import { createHash, hash } from 'node:crypto';
import type { ChainHash } from '#journal/chain.ts';

const HASH_BYTES = 32;
/** Nearly every entry is shorter. */
const ROOM_LENGTH = 131_072;
/** UTF-8 needs three bytes at most for a unit of UTF-16. */
const room = Buffer.allocUnsafe(HASH_BYTES + 3 * ROOM_LENGTH);

/**
 * SHA-256 over the previous hash's bytes and the text's, as the journal defines it.
 *
 * Both are laid out in one buffer and hashed in one call: an object per entry costs as much as the hash.
 */
export const chainHash: ChainHash = (previousHashHex, text) => {
  if (text.length > ROOM_LENGTH) return longHash(previousHashHex, text);
  room.write(previousHashHex, 0, HASH_BYTES, 'hex');
  const length = room.write(text, HASH_BYTES, 'utf8');
  return hash('sha256', room.subarray(0, HASH_BYTES + length), 'hex');
};

/** A long sale, or what the server itself wrote. */
function longHash(previousHashHex: string, text: string): string {
  return createHash('sha256').update(previousHashHex, 'hex').update(text, 'utf8').digest('hex');
}
