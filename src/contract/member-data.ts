import { z } from 'zod';
import { businessDay, ref } from '#journal/entry.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { accountBalance, consentRecord, memberStatus, monthDay } from './member.ts';

/** Most ledger rows, and most sales, that one export carries; beyond it says that there are more. */
export const EXPORT_ROWS_MAX = 2000;

/** Everything that is held about one member, as the member may have it (GDPR art. 15 and 20, KVKK art. 11). */
export const memberExport = z.strictObject({
  format: z.literal('regulars-member-1'),
  exportedAtMs: z.int(),
  member: ref,
  /** References under which the same person was known before. */
  formerly: z.array(ref).max(64),
  status: memberStatus,
  enrolledOn: businessDay,
  market: z.string().max(2).nullable(),
  /** One for each time somebody joined who turned out to be the same person. */
  profiles: z
    .array(
      z.strictObject({
        name: z.string().max(80).nullable(),
        phone: z.string().max(16).nullable(),
        birthday: monthDay.nullable(),
        language: z.string().max(8),
      }),
    )
    .max(64),
  /** Cards and numbers by which the member is found: only their ends are kept in the clear. */
  identifiers: z
    .array(z.strictObject({ kind: z.enum(['card', 'phone']), masked: z.string().max(16) }))
    .max(256),
  /** Every answer, oldest first. */
  consents: z.array(consentRecord).max(1000),
  balances: z.array(accountBalance).max(programmesMax),
  tiers: z
    .array(z.strictObject({ programme: ref, tier: z.string().max(64), since: businessDay }))
    .max(programmesMax),
  ledger: z
    .array(
      z.strictObject({
        programme: ref,
        type: z.string().max(16),
        points: z.int(),
        day: businessDay,
        source: z.string().max(160),
        till: ref,
      }),
    )
    .max(EXPORT_ROWS_MAX),
  sales: z
    .array(
      z.strictObject({
        day: businessDay,
        receipt: z.string().max(16),
        totalMinor: z.int(),
        currency: z.string().length(3),
        till: ref,
      }),
    )
    .max(EXPORT_ROWS_MAX),
  /** True where the lists above are cut at their newest `EXPORT_ROWS_MAX` rows. */
  isCut: z.boolean(),
});
export type MemberExport = z.infer<typeof memberExport>;

/** What an erasure would take, before it takes it. */
export const erasurePreview = z.strictObject({
  member: ref,
  name: z.string().max(64).nullable(),
  /** Ends of cards and numbers: `··67`. */
  masked: z.array(z.string().max(16)).max(256),
  points: z.array(z.strictObject({ programme: ref, points: z.int() })).max(programmesMax),
  /** Points that tills hold; they give them back when they hear of it. */
  openGrants: z.int().nonnegative(),
  /** The word that orders it. Another one once anything about the member has changed. */
  confirm: z.string().max(16),
});
export type ErasurePreview = z.infer<typeof erasurePreview>;

/** Who orders something: whoever is signed in at the till. */
const by = ref;
const unknown = z.strictObject({
  outcome: z.literal('refused'),
  code: z.enum(['unknown-member', 'already-erased']),
});

/** Till ↔ server: what a person may ask of what is held about them. */
export const memberDataCalls = {
  'member-data': {
    input: z.strictObject({ member: ref }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('found'), data: memberExport }),
      unknown,
    ]),
  },
  /** In two steps: with `confirm` null nothing happens but the preview, whose word orders it. */
  'erase-member': {
    input: z.strictObject({ member: ref, confirm: z.string().max(16).nullable(), by }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('confirm'), preview: erasurePreview }),
      z.strictObject({ outcome: z.literal('erased'), member: ref }),
      unknown,
    ]),
  },
  /** Withdraws a consent, or gives it again: a new answer beside the old ones. */
  consent: {
    input: z.strictObject({
      member: ref,
      purpose: z.enum(['personalised-offers', 'sms', 'email', 'call']),
      given: z.boolean(),
      /** The text that was shown, and its language. */
      textVersion: z.string().min(1).max(32),
      language: z.string().min(2).max(8),
      channel: consentRecord.shape.channel,
    }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('recorded'), consent: consentRecord }),
      unknown,
    ]),
  },
} as const;
