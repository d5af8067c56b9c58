import { z } from 'zod';
import { ref } from '#journal/entry.ts';

/** Words in several languages, keyed by language (`en`, `tr`, `de`, `ar`); a reader falls back to any. */
export const localText = z.record(z.string().max(8), z.string().max(120));
export type LocalText = z.infer<typeof localText>;

/** How strongly somebody showed to be this member. See DESIGN §5, proof levels. */
export const proofLevel = z.enum(['declared', 'presented', 'verified']);

/** A way to find a member. `hash` is HMAC-SHA-256 (hex) of `kind:value` under the tenant's identifier key. */
export const identifier = z.strictObject({
  kind: z.enum(['card', 'phone']),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** What may be shown: the last two characters, `··67`. */
  masked: z.string().max(16),
});
export type Identifier = z.infer<typeof identifier>;

/** A balance as the server's ledger sees it; points in the programme's smallest unit. */
export const accountBalance = z.strictObject({
  programme: ref,
  /** Sum of the ledger entries that count today. */
  posted: z.int(),
  /** Earned, effective later. */
  pending: z.int(),
  /** Posted less what open grants hold. */
  available: z.int(),
  /** Grows with every change of this account. */
  version: z.int().nonnegative(),
});
export type AccountBalance = z.infer<typeof accountBalance>;

export const memberStatus = z.enum(['active', 'blocked', 'merged', 'erased']);

/** A member as tills cache it: enough to greet and to serve, no more. */
export const memberRecord = z.strictObject({
  member: ref,
  /** Grows with every change of this record; an older one never replaces a newer one. */
  version: z.int().nonnegative(),
  status: memberStatus,
  mergedInto: ref.nullable(),
  provisional: z.boolean(),
  /** First name and initial, `Ayşe K.`; null where none was given. */
  displayName: z.string().max(64).nullable(),
  language: z.string().max(8),
  tier: z.string().max(64).nullable(),
  /** Earned in the tier's window, for "188 points to Gold". */
  tierProgress: z.int().nonnegative(),
  identifiers: z.array(identifier).max(16),
  balances: z.array(accountBalance).max(16),
});
export type MemberRecord = z.infer<typeof memberRecord>;

/** One consent as it was asked and answered. No consent is a condition of joining. */
export const consentRecord = z.strictObject({
  /** `membership`, `personalised-offers`, `sms`, `email`, `call`, or `notice-shown`. */
  purpose: z.enum(['notice-shown', 'membership', 'personalised-offers', 'sms', 'email', 'call']),
  given: z.boolean(),
  textVersion: z.string().max(32),
  language: z.string().max(8),
  atMs: z.int(),
  till: ref,
});
export type ConsentRecord = z.infer<typeof consentRecord>;

/** Personal data of a member: travels beside the journal, never in it. */
export const memberProfile = z.strictObject({
  member: ref,
  version: z.int().positive(),
  market: z.string().regex(/^[A-Z]{2}$/),
  name: z.string().max(80).nullable(),
  /** E.164, `+905321234567`. */
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{6,14}$/)
    .nullable(),
  /** False for landlines: messages cannot reach them. */
  phoneTakesSms: z.boolean(),
  language: z.string().max(8),
  identifiers: z.array(identifier).max(16),
  consents: z.array(consentRecord).max(32),
});
export type MemberProfile = z.infer<typeof memberProfile>;
