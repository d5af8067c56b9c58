import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A certificate with its private key, both PEM. */
export interface SelfMadeCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** DER tags used here. */
const tag = {
  integer: 0x02,
  bits: 0x03,
  oid: 0x06,
  text: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
} as const;

/** `ecdsa-with-SHA256`, 1.2.840.10045.4.3.2. */
const ECDSA_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');
/** `commonName`, 2.5.4.3. */
const COMMON_NAME = Buffer.from('550403', 'hex');
/**
 * Nobody looks at the dates: the key is what is trusted, and a till whose clock is wrong must still
 * reach its server.
 */
const FROM = '20000101000000Z';
const TO = '20991231235959Z';
const SERIAL_BYTES = 16;

/**
 * Makes a self-signed X.509 certificate over a new P-256 key, for a server whose key is pinned.
 *
 * Node makes keys and signs; only the frame around them is written here (RFC 5280 §4.1), and read by
 * OpenSSL at each handshake.
 */
export function makeCertificate(name: string): SelfMadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(tag.sequence, der(tag.oid, ECDSA_SHA256));
  const serial = randomBytes(SERIAL_BYTES);
  // Positive, and in the shortest form there is.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const attribute = der(tag.sequence, der(tag.oid, COMMON_NAME), der(tag.text, Buffer.from(name)));
  const subject = der(tag.sequence, der(tag.set, attribute));
  const signed = der(
    tag.sequence,
    der(tag.version, der(tag.integer, Buffer.of(2))),
    der(tag.integer, serial),
    algorithm,
    subject,
    der(tag.sequence, der(tag.time, Buffer.from(FROM)), der(tag.time, Buffer.from(TO))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', signed, privateKey);
  const whole = der(
    tag.sequence,
    signed,
    algorithm,
    der(tag.bits, Buffer.concat([Buffer.of(0), signature])),
  );
  return {
    certificate: new X509Certificate(whole).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** SHA-256 of a certificate's public key (its SubjectPublicKeyInfo): what is pinned. */
export function publicKeyHash(certificate: string | Uint8Array): Uint8Array {
  const { publicKey } = new X509Certificate(certificate);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function der(of: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 128
      ? [length]
      : length < 256
        ? [0x81, length]
        : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([of, ...size]), content]);
}
