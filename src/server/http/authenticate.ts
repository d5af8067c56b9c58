import { readPublicKey } from '#node/ed25519.ts';
import {
  readSignature,
  verifyRequest,
  type SignableRequest,
  type SignatureRefusal,
} from '#node/http-signature.ts';
import type { ReadableDb } from '#server/database/database.ts';
import type { NonceMemory } from './nonces.ts';
import type { RateLimiter } from './rate-limit.ts';

/** The till a request is from, believed. */
export interface RequestingTill {
  readonly tenant: string;
  readonly store: string;
  readonly till: string;
  readonly inc: number;
  readonly state: 'active' | 'fenced' | 'forked';
  readonly publicKey: string;
}

/** Why a request is not believed; `unknown-till` and a wrong signature look alike to the sender. */
export type AuthenticationRefusal =
  | { readonly status: 401; readonly code: SignatureRefusal | 'unknown-key' | 'replayed' }
  | { readonly status: 401; readonly code: 'resync-time'; readonly serverTimeMs: number }
  | { readonly status: 429; readonly code: 'too-many-requests' };

/** How old or how far ahead a signature may be. */
export const SIGNATURE_AGE_MAX_S = 300;

/** What the check needs besides the request. */
export interface AuthenticationEnvironment {
  readonly database: ReadableDb;
  readonly nonces: NonceMemory;
  readonly limiter: RateLimiter;
  /** Tills that were asked for before, by reference. */
  readonly knownTills: Map<string, RequestingTill>;
  nowMs(): number;
}

/**
 * Finds out which till signed a request.
 *
 * `anyTime` is for PUSH: a till with a wrong clock must never be kept from bringing its journal, and
 * bringing it twice changes nothing.
 */
export async function authenticate(
  environment: AuthenticationEnvironment,
  request: SignableRequest,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  anyTime: boolean,
): Promise<RequestingTill | AuthenticationRefusal> {
  const nowMs = environment.nowMs();
  const read = readSignature(headers);
  if (typeof read === 'string') return { status: 401, code: read };
  const till = await findTill(environment, read.keyId, anyTime);
  const key = till === undefined ? null : readPublicKey(till.publicKey);
  if (till === undefined || key === null) return { status: 401, code: 'unknown-key' };
  const refusal = verifyRequest(request, read, key);
  if (refusal !== null) return { status: 401, code: refusal };
  if (!environment.limiter.take(till.till, nowMs))
    return { status: 429, code: 'too-many-requests' };
  if (!anyTime && Math.abs(read.createdS - nowMs / 1000) > SIGNATURE_AGE_MAX_S) {
    return { status: 401, code: 'resync-time', serverTimeMs: nowMs };
  }
  if (!environment.nonces.isNew(till.till, read.nonce, nowMs))
    return { status: 401, code: 'replayed' };
  return till;
}

/** Most tills that are remembered for PUSH. */
const KNOWN_TILLS_MAX = 10_000;

/**
 * The till a signature names.
 *
 * For PUSH as it was when it was first asked for: its key never changes, and whether it may still
 * bring anything is decided when its row is locked. So the check waits for nobody's transaction.
 */
async function findTill(
  { database, knownTills }: AuthenticationEnvironment,
  keyId: string,
  forPush: boolean,
): Promise<RequestingTill | undefined> {
  const known = forPush ? knownTills.get(keyId) : undefined;
  if (known !== undefined) return known;
  const rows = await database.query<RequestingTill>(
    `select tenant, store, till, inc, state, public_key as "publicKey" from terminal where till = $1`,
    [keyId],
  );
  const [till] = rows;
  if (till === undefined) return undefined;
  if (knownTills.size >= KNOWN_TILLS_MAX) knownTills.clear();
  knownTills.set(keyId, till);
  return till;
}

/** True for a believed request. */
export function isTill(outcome: RequestingTill | AuthenticationRefusal): outcome is RequestingTill {
  return 'publicKey' in outcome;
}
