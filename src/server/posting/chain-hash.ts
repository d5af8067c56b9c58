import { createHash } from 'node:crypto';
import type { ChainHash } from '#journal/chain.ts';

/** SHA-256 over the previous hash's bytes and the text's, as the journal defines it. */
export const chainHash: ChainHash = (previousHashHex, text) =>
  createHash('sha256').update(previousHashHex, 'hex').update(text, 'utf8').digest('hex');
