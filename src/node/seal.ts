import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Length of a key, in bytes. */
export const KEY_BYTES = 32;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** A new random key. */
export function newKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/**
 * Seals a text under a key (AES-256-GCM, a random nonce in front, base64).
 *
 * `context` says what and whose it is; sealed text put in another's place does not open.
 */
export function seal(key: Uint8Array, context: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = [cipher.update(text, 'utf8'), cipher.final()];
  return Buffer.concat([nonce, ...body, cipher.getAuthTag()]).toString('base64');
}

/** Opens what `seal` made; null under another key, in another context, or where it was changed. */
export function openSealed(key: Uint8Array, context: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  cipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([cipher.update(body), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
