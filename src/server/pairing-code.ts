import { createHash } from 'node:crypto';
import { normaliseCode } from '#loyalty/card.ts';

/** SHA-256 of a pairing code as people write it, hex. */
export function pairingCodeHash(code: string): string {
  return createHash('sha256').update(normaliseCode(code)).digest('hex');
}
