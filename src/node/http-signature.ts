import { createHash, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto';

/**
 * HTTP message signatures (RFC 9421) with a content digest (RFC 9530), Ed25519 only.
 *
 * One form is written and one is read: fixed components in a fixed order. A verifier that let the
 * sender choose what is covered would have to check that choice; this one has nothing to check.
 */
const COMPONENTS = ['@method', '@authority', '@path', '@query', 'content-digest'] as const;
const COVERED = `(${COMPONENTS.map((name) => `"${name}"`).join(' ')})`;
const LABEL = 'sig1';

/** What is signed of a request. The body is the bytes on the wire; a GET signs the empty body. */
export interface SignableRequest {
  readonly method: string;
  /** The `Host` header, `127.0.0.1:8080`. */
  readonly authority: string;
  /** Path and query as in the request line, `/v1/push`. */
  readonly target: string;
  readonly body: Uint8Array;
}

/** Who signs, when by the server's clock as far as known, and a value never used before. */
export interface SignatureParameters {
  readonly keyId: string;
  /** Seconds since 1970. */
  readonly createdS: number;
  readonly nonce: string;
}

/** The three headers a signed request carries. */
export interface SignatureHeaders {
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/** Why a signature was not taken. */
export type SignatureRefusal =
  | 'unsigned'
  | 'malformed-signature'
  | 'wrong-digest'
  | 'wrong-signature';

/** What the headers say, before anything is believed. */
export interface ReadSignature extends SignatureParameters {
  readonly contentDigest: string;
  readonly parameters: string;
  readonly signature: Buffer;
}

const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;
const NONCE = /^[A-Za-z0-9_-]{8,64}$/;

/** Signs a request; the headers go with it. Throws for a key id or nonce that could not be read back. */
export function signRequest(
  request: SignableRequest,
  parameters: SignatureParameters,
  privateKey: KeyObject,
): SignatureHeaders {
  if (!KEY_ID.test(parameters.keyId) || !NONCE.test(parameters.nonce)) {
    throw new Error('A key id or nonce outside its alphabet');
  }
  const contentDigest = digestOf(request.body);
  const written = `${COVERED};created=${parameters.createdS};nonce="${parameters.nonce}";keyid="${parameters.keyId}";alg="ed25519"`;
  const base = signatureBase(componentsOf(request, contentDigest), written);
  return {
    'content-digest': contentDigest,
    'signature-input': `${LABEL}=${written}`,
    signature: `${LABEL}=:${sign(null, Buffer.from(base), privateKey).toString('base64')}:`,
  };
}

const INPUT =
  /^sig1=(\("@method" "@authority" "@path" "@query" "content-digest"\);created=([0-9]{1,12});nonce="([A-Za-z0-9_-]{8,64})";keyid="([A-Za-z0-9_-]{1,64})";alg="ed25519")$/;
const SIGNATURE = /^sig1=:([A-Za-z0-9+/]{86}==):$/;

/** Reads the headers, so that the verifier can look the key up by `keyId`. Believes nothing yet. */
export function readSignature(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ReadSignature | SignatureRefusal {
  const digest = headers['content-digest'];
  const input = headers['signature-input'];
  const signature = headers['signature'];
  if (input === undefined && signature === undefined) return 'unsigned';
  if (typeof digest !== 'string' || typeof input !== 'string' || typeof signature !== 'string') {
    return 'malformed-signature';
  }
  const inputParts = INPUT.exec(input);
  const signatureParts = SIGNATURE.exec(signature);
  const [, parameters, created, nonce, keyId] = inputParts ?? [];
  const encoded = signatureParts?.[1];
  if (
    parameters === undefined ||
    created === undefined ||
    nonce === undefined ||
    keyId === undefined ||
    encoded === undefined
  ) {
    return 'malformed-signature';
  }
  return {
    keyId,
    nonce,
    createdS: Number(created),
    contentDigest: digest,
    parameters,
    signature: Buffer.from(encoded, 'base64'),
  };
}

/** Null where body and request line are the key holder's; else why not. */
export function verifyRequest(
  request: SignableRequest,
  read: ReadSignature,
  publicKey: KeyObject,
): SignatureRefusal | null {
  const digest = Buffer.from(digestOf(request.body));
  const claimed = Buffer.from(read.contentDigest);
  if (digest.length !== claimed.length || !timingSafeEqual(digest, claimed)) return 'wrong-digest';
  const base = signatureBase(componentsOf(request, read.contentDigest), read.parameters);
  return verify(null, Buffer.from(base), publicKey, read.signature) ? null : 'wrong-signature';
}

/** The text that is signed (RFC 9421 §2.5): one line per component, then the parameters. */
export function signatureBase(
  components: readonly (readonly [name: string, value: string])[],
  parameters: string,
): string {
  const lines = components.map(([name, value]) => `"${name}": ${value}`);
  return [...lines, `"@signature-params": ${parameters}`].join('\n');
}

function componentsOf(request: SignableRequest, contentDigest: string): [string, string][] {
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = mark < 0 ? '?' : request.target.slice(mark);
  const values: Record<(typeof COMPONENTS)[number], string> = {
    '@method': request.method.toUpperCase(),
    '@authority': request.authority.toLowerCase(),
    '@path': path,
    '@query': query,
    'content-digest': contentDigest,
  };
  return COMPONENTS.map((name) => [name, values[name]]);
}

function digestOf(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
