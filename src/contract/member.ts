import { z } from 'zod';
import { businessDay, ref, VERSION_MAX } from '#journal/entry.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { useRecord, USES_MAX, voucherRecord, VOUCHERS_MAX } from './facts.ts';

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

/** A balance with the member it belongs to. */
export const memberBalance = z.strictObject({ member: ref, ...accountBalance.shape });
export type MemberBalance = z.infer<typeof memberBalance>;

/** Most measures of one programme: the metrics of its tiers' criteria. */
const MEASURES_MAX = 16;

/** Where a member stands in one programme, beside the balance. */
export const standingRecord = z.strictObject({
  programme: ref,
  tier: z.string().max(48).nullable(),
  /** Measures in the tier's window, keyed by metric; what is missing counts as 0. */
  measures: z
    .record(z.string().max(48), z.int())
    .refine((measures) => Object.keys(measures).length <= MEASURES_MAX),
  /** First day of that window: on a day of another one the measures are 0. Null: they stay. */
  measuredFrom: businessDay.nullable(),
  /** Exclusive end of the paid membership's term; null without one. */
  membershipUntilMs: z.int().nullable(),
  /** False where the account neither earns nor redeems. */
  enabled: z.boolean(),
});
export type StandingRecord = z.infer<typeof standingRecord>;

/**
 * A change of tier the member has not been told of: the night's, or one this sale's till did not see.
 *
 * The till that tells it journals `told` with the same `source`; then it leaves the record.
 */
export const tierNews = z.strictObject({
  programme: ref,
  source: z.string().max(160),
  kind: z.enum(['up', 'down']),
  from: z.string().max(48).nullable(),
  to: z.string().max(48).nullable(),
  day: businessDay,
});
export type TierNews = z.infer<typeof tierNews>;

/** A day of the year, `02-29`; the year is not kept. */
export const monthDay = z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/);

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
  /** Of the first programme with tiers; `standings` has all of them. */
  tier: z.string().max(64).nullable(),
  /** Earned in that tier's window, for "188 points to Gold". */
  tierProgress: z.int().nonnegative(),
  identifiers: z.array(identifier).max(16),
  balances: z.array(accountBalance).max(programmesMax),
  birthday: monthDay.nullable(),
  enrolledOn: businessDay.nullable(),
  segments: z.array(z.string().max(64)).max(32),
  /** Of the programmes that have tiers or a membership: elsewhere there is nothing to say. */
  standings: z.array(standingRecord).max(programmesMax),
  /** Completed sales, less those that were returned whole. */
  visits: z.int().nonnegative(),
  lastSaleAtMs: z.int().nullable(),
  /** When this member was last asked about the shop; left out or null: never. */
  surveyedAtMs: z.int().nullable().optional(),
  uses: z.array(useRecord).max(USES_MAX),
  vouchers: z.array(voucherRecord).max(VOUCHERS_MAX),
  news: z.array(tierNews).max(16),
});
export type MemberRecord = z.infer<typeof memberRecord>;

/**
 * By whose hand an answer came: `display` = the shopper's own, on the screen that faces them; `till` =
 * at the cashier's screen, turned to them or by the cashier on their word.
 */
const consentChannel = z.enum(['display', 'till']);
export type ConsentChannel = z.infer<typeof consentChannel>;

/** One consent as it was asked and answered. No consent is a condition of joining. */
export const consentRecord = z.strictObject({
  /** `membership`, `personalised-offers`, `sms`, `email`, `call`, or `notice-shown`. */
  purpose: z.enum(['notice-shown', 'membership', 'personalised-offers', 'sms', 'email', 'call']),
  given: z.boolean(),
  textVersion: z.string().max(32),
  language: z.string().max(8),
  atMs: z.int(),
  till: ref,
  channel: consentChannel,
});
export type ConsentRecord = z.infer<typeof consentRecord>;

/** Personal data of a member: travels beside the journal, never in it. */
export const memberProfile = z.strictObject({
  member: ref,
  version: z.int().positive().max(VERSION_MAX),
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
  /** Left out where it was not asked. */
  birthday: monthDay.nullable().optional(),
  identifiers: z.array(identifier).max(16),
  consents: z.array(consentRecord).max(32),
});
export type MemberProfile = z.infer<typeof memberProfile>;
