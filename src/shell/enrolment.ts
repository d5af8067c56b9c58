import { z } from 'zod';
import { shopConfig } from '#contract/shop.ts';
import { syncContract } from '#contract/sync.ts';
import { ref } from '#journal/entry.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { generateSigningKeys } from '#node/ed25519.ts';
import { readIfThere, writeFileAtomic } from '#node/files.ts';
import { newPepper, pepperHash } from '#node/pin.ts';
import type { Secrets } from '#node/secrets.ts';
import type { LinkProblem, ServerLink } from '#till/ports.ts';
import { pepperStaff } from '#till/staff.ts';
import type { SecretStore } from './secret-store.ts';

const ENROL_TIMEOUT_MS = 15_000;
/** Problems that say nothing of whether the server heard the question. */
const MAY_BE_LOST: ReadonlySet<LinkProblem['code']> = new Set(['timeout', 'unreachable']);

/** Who this till is, as the server said at ENROL. Holds no secret. */
const enrolment = z.strictObject({
  tenant: ref,
  store: ref,
  till: ref,
  inc: z.int().positive(),
  epoch: z.int(),
  config: shopConfig,
  /** Certificate (PEM) of a server on the shop's network, pinned when the till joined it; else null. */
  serverCertificate: z.string().max(4000).nullable().default(null),
  /** The public half of this till's key; null in files from before it was written down. */
  publicKey: z.string().max(100).nullable().default(null),
});
export type Enrolment = z.infer<typeof enrolment>;

/** The keys that came into being with an enrolment. */
export interface TillSecrets {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Key of the identifier HMAC, hex. */
  readonly identifierKey: string;
  /** This till's own, hex: what it keeps of PINs is worth nothing without it. */
  readonly pinPepper: string;
}

/** Why a till could not be enrolled. Nothing was written. */
export type EnrolProblem =
  | { readonly code: 'no-code' }
  /** The code was mistyped in the part that says the server's key. */
  | { readonly code: 'bad-code' }
  /** Who answers is not the server the code came from. */
  | { readonly code: 'wrong-key' }
  | { readonly code: 'refused'; readonly reason: string }
  | { readonly code: 'no-server'; readonly problem: LinkProblem };

/** What is kept of an earlier enrolment; null before the first one. Throws where it cannot be read. */
export async function readEnrolment(
  path: string,
  store: SecretStore,
): Promise<{ readonly enrolment: Enrolment; readonly secrets: TillSecrets } | null> {
  const text = readIfThere(path);
  const secrets = await store.read();
  if (text === null || secrets === null) return null;
  const known = { enrolment: parsedEnrolment(path, text), secrets: tillSecrets(secrets) };
  const { publicKey } = known.enrolment;
  // With another till's keys nothing would reach the server, and no PIN would fit.
  if (publicKey !== null && publicKey !== known.secrets.publicKey) {
    throw new Error(
      `The keys are another till’s than the one in ${path}; put this till’s own back from a backup`,
    );
  }
  return known;
}

function parsedEnrolment(path: string, text: string): Enrolment {
  try {
    return enrolment.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged; restore it from a backup`, { cause: error });
  }
}

/**
 * Makes this till known to the server with a pairing code.
 *
 * The keys are written before the identity: an identity without its keys would be a till that cannot
 * sign; keys without an identity are simply replaced by the next enrolment.
 */
export async function enrolTill(options: {
  readonly link: ServerLink;
  readonly code: string | null;
  /** Certificate of the server the link is pinned to, to be kept with the enrolment. */
  readonly serverCertificate?: string | null;
  readonly tillName: string;
  readonly path: string;
  readonly store: SecretStore;
}): Promise<
  Result<{ readonly enrolment: Enrolment; readonly secrets: TillSecrets }, EnrolProblem>
> {
  const { link, code, tillName, path, store } = options;
  if (code === null) return err({ code: 'no-code' });
  const keys = generateSigningKeys();
  const input = { code, publicKey: keys.publicKey, name: tillName };
  let asked = await link.call('enrol', input, ENROL_TIMEOUT_MS);
  // The answer may be lost and the till taken in: the same code and key get it again, other keys never would.
  if (!asked.ok && MAY_BE_LOST.has(asked.error.code)) {
    asked = await link.call('enrol', input, ENROL_TIMEOUT_MS);
  }
  if (!asked.ok) return err({ code: 'no-server', problem: asked.error });
  const answer = syncContract.enrol.output.safeParse(asked.value);
  if (!answer.success) {
    const detail = z.prettifyError(answer.error).slice(0, 200);
    return err({ code: 'no-server', problem: { code: 'bad-answer', detail } });
  }
  if (answer.data.outcome === 'refused') return err({ code: 'refused', reason: answer.data.code });
  const { outcome: _outcome, identifierKey, ...identity } = answer.data;
  const secrets: TillSecrets = { ...keys, identifierKey, pinPepper: newPepper() };
  await store.write({ ...secrets });
  const kept: Enrolment = {
    ...identity,
    serverCertificate: options.serverCertificate ?? null,
    publicKey: keys.publicKey,
    config: pepperStaff(identity.config, (hash) => pepperHash(hash, secrets.pinPepper)),
  };
  writeEnrolment(path, kept);
  return ok({ enrolment: kept, secrets });
}

/** Keeps who this till is, in place of what was kept before. */
export function writeEnrolment(path: string, kept: Enrolment): void {
  writeFileAtomic(path, `${JSON.stringify(kept)}\n`);
}

function tillSecrets(secrets: Secrets): TillSecrets {
  const of = (name: keyof TillSecrets): string => {
    const secret = secrets[name];
    if (secret !== undefined) return secret;
    throw new Error(`The till’s secrets miss ${name}; restore them from a backup`);
  };
  return {
    publicKey: of('publicKey'),
    privateKey: of('privateKey'),
    identifierKey: of('identifierKey'),
    pinPepper: of('pinPepper'),
  };
}
