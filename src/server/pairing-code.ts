import { createHash, randomBytes } from 'node:crypto';
import { normaliseCode } from '#loyalty/card.ts';

/** How long a pairing code is good. */
export const PAIRING_CODE_MS = 600_000;

/** SHA-256 of a pairing code as people write it, hex. */
export function pairingCodeHash(code: string): string {
  return createHash('sha256').update(normaliseCode(code)).digest('hex');
}

/** Eight characters without look-alikes; 40 bits for ten minutes and five tries. */
export function newPairingCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return [...randomBytes(8)].map((byte) => alphabet.charAt(byte % 32)).join('');
}
