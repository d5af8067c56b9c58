import {
  createPublicKey,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** Length of a raw Ed25519 public or private key, in bytes. */
const RAW_KEY_BYTES = 32;

/** A till's or server's key pair; both halves as raw 32 bytes in base64url, the way they are kept and sent. */
export interface SigningKeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Makes a new Ed25519 pair from the system's random source. */
export function generateSigningKeys(): SigningKeyPair {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (jwk.x === undefined || jwk.d === undefined)
    throw new Error('An Ed25519 key without its halves');
  return { publicKey: jwk.x, privateKey: jwk.d };
}

/** Reads a raw public key; null where the text is no Ed25519 key. */
export function readPublicKey(base64url: string): KeyObject | null {
  if (Buffer.from(base64url, 'base64url').length !== RAW_KEY_BYTES) return null;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url }, format: 'jwk' });
  } catch {
    return null;
  }
}

/** Reads a pair for signing; throws where it is no pair, since it was ours. */
export function readPrivateKey(keys: SigningKeyPair): KeyObject {
  return createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: keys.publicKey, d: keys.privateKey },
    format: 'jwk',
  });
}

/** Signs the 32 bytes of a journal's head hash (hex); base64url. Sent as `headSignature` of a PUSH. */
export function signHeadHash(headHashHex: string, privateKey: KeyObject): string {
  return sign(null, Buffer.from(headHashHex, 'hex'), privateKey).toString('base64url');
}

/** True where `signature` (base64url) is `publicKey`'s over the head hash's bytes. */
export function verifyHeadHash(
  headHashHex: string,
  signature: string,
  publicKey: KeyObject,
): boolean {
  return verify(
    null,
    Buffer.from(headHashHex, 'hex'),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
}
