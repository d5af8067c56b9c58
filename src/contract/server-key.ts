import { code32FromBytes, isCode32, normaliseCode32 } from '#loyalty/code32.ts';

/** Characters of a pairing code: 40 random bits, for ten minutes and five tries. */
const CODE_LENGTH = 8;
/** Data characters of a key's short form: 80 bits nobody finds a second key for. */
const KEY_LENGTH = 16;
const GROUP = 4;

/** A server's public key as people carry it to another till: of its SHA-256, with a check character. */
export function serverKeyCode(publicKeyHash: Uint8Array): string {
  return code32FromBytes(publicKeyHash, KEY_LENGTH);
}

/** A pairing code that carries the server's key: `ABCD1234-…`, in groups people can read. */
export function pairingCodeWithKey(code: string, key: string): string {
  const groups = key.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
  return [code, ...groups].join('-');
}

/** What a pairing code says: the code itself and, for a server on the shop's network, its key. */
export interface PairingCode {
  readonly code: string;
  /** Null where the server's name vouches for it, or it is on this machine. */
  readonly key: string | null;
}

/** Reads what somebody typed; null where a character of the key is wrong. */
export function readPairingCode(text: string): PairingCode | null {
  const typed = normaliseCode32(text);
  if (typed.length !== CODE_LENGTH + KEY_LENGTH + 1) return { code: text, key: null };
  const key = typed.slice(CODE_LENGTH);
  return isCode32(key, KEY_LENGTH) ? { code: typed.slice(0, CODE_LENGTH), key } : null;
}
