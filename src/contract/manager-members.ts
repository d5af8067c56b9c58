import { z } from 'zod';
import { businessDay, ref } from '#journal/entry.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { consentRecord, memberStatus } from './member.ts';
import { erasurePreview } from './member-data.ts';
import { managerPin, memberLabel, pageCursor } from './manager-parts.ts';

/** Most members of one page of a list. */
export const MEMBERS_PAGE = 50;
/** Longest follow-up note. */
export const NOTE_LENGTH_MAX = 280;
/** Most points one decision gives or takes. */
export const ADJUST_POINTS_MAX = 10_000_000;

/** A member as the list shows it. Never a whole name or number. */
export const memberListRow = z.strictObject({
  member: ref,
  name: z.string().max(64).nullable(),
  masked: z.string().max(16).nullable(),
  status: memberStatus,
  /** A card somebody used that nobody enrolled. */
  provisional: z.boolean(),
  enrolledAtMs: z.int(),
  visits: z.int().nonnegative(),
  lastSaleAtMs: z.int().nullable(),
  /** All programmes together. */
  points: z.int(),
});
export type MemberListRow = z.infer<typeof memberListRow>;

/** `text` empty: who joined last first, page by page. */
export const membersAsk = z.strictObject({ text: z.string().max(80), cursor: pageCursor });
export const membersPage = z.strictObject({
  rows: z.array(memberListRow).max(MEMBERS_PAGE),
  next: pageCursor,
  /** A search found more than are shown, or could not look at everybody. */
  partly: z.boolean(),
});

/** Something somebody means to do. */
export const followUp = z.strictObject({
  id: z.uuid(),
  member: memberLabel.nullable(),
  till: ref.nullable(),
  exception: z.string().max(160).nullable(),
  /** Empty where it came from an exception: that says what it is about. Null where it was erased. */
  words: z.string().max(NOTE_LENGTH_MAX).nullable(),
  by: ref,
  atMs: z.int(),
});
export type FollowUp = z.infer<typeof followUp>;

/** One member with everything a manager may need; the entries are asked for by page. */
export const memberDetail = z.strictObject({
  ...memberListRow.shape,
  fullName: z.string().max(80).nullable(),
  language: z.string().max(8).nullable(),
  enrolledOn: businessDay,
  /** Cards and numbers, by their ends. */
  identifiers: z
    .array(z.strictObject({ kind: z.enum(['card', 'phone']), masked: z.string().max(16) }))
    .max(64),
  balances: z
    .array(
      z.strictObject({
        programme: ref,
        posted: z.int(),
        pending: z.int(),
        available: z.int(),
      }),
    )
    .max(programmesMax),
  tiers: z.array(z.strictObject({ programme: ref, tier: z.string().max(64) })).max(programmesMax),
  /** The last answer to each question. */
  consents: z.array(consentRecord).max(16),
  followUps: z.array(followUp).max(50),
});
export type MemberDetail = z.infer<typeof memberDetail>;

/** Why points are given or taken by hand; words would be personal data in a journal. */
export const adjustReasons = ['goodwill', 'missed-sale', 'mistake', 'transfer', 'other'] as const;
export type AdjustReason = (typeof adjustReasons)[number];

export const adjustAsk = z.strictObject({
  member: ref,
  programme: ref,
  /** Change of the balance; what is taken must be there. */
  points: z.int().min(-ADJUST_POINTS_MAX).max(ADJUST_POINTS_MAX),
  reason: z.enum(adjustReasons),
  pin: managerPin,
  /** Made when the form is opened: sent twice, it is done once. */
  id: z.uuid(),
});

/** Everything of `from` goes to `into`. */
export const mergeAsk = z.strictObject({ from: ref, into: ref, pin: managerPin });

/** Without `confirm` nothing happens but the preview; its word and a manager's PIN order the deed. */
export const eraseAsk = z.strictObject({
  member: ref,
  confirm: z.string().max(16).nullable(),
  pin: managerPin,
});
export const eraseAnswer = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('confirm'), preview: erasurePreview }),
  z.strictObject({ step: z.literal('erased'), member: ref }),
]);

export const noteAsk = z.strictObject({
  id: z.uuid(),
  member: ref,
  words: z.string().max(NOTE_LENGTH_MAX),
});
