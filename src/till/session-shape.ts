import { z } from 'zod';
import { voucherRecord } from '#contract/facts.ts';
import { localText, proofLevel } from '#contract/member.ts';
import { AMOUNT_MINOR_MAX, CODE_LENGTH_MAX, QUANTITY_MILLI_MAX } from '#contract/till.ts';
import { ref } from '#journal/entry.ts';
import { basketLinesMax } from '#loyalty/basket.ts';
import { lineKinds } from '#loyalty/conditions.ts';

/** Most lines of one sale: its journal entry must hold them all. */
export const LINES_MAX = basketLinesMax;
/** Most codes on one sale. */
export const CODES_MAX = 16;
/** Most changes that can be taken back. */
export const HISTORY_MAX = 20;

const line = z.strictObject({
  id: z.string().max(64),
  /** Null for a typed amount. */
  sku: ref.nullable(),
  name: localText.nullable(),
  categories: z.array(ref).max(8),
  kind: z.enum(lineKinds),
  quantityMilli: z.int().min(1).max(QUANTITY_MILLI_MAX),
  unitPriceMinor: z.int().min(0).max(AMOUNT_MINOR_MAX),
});

/** The request that asked for points, and the grant that holds them. */
const hold = z.strictObject({ request: z.uuid(), grant: ref });

const reward = z.strictObject({
  reward: ref,
  programme: ref,
  points: z.int().nonnegative(),
  /** Null where it costs nobody's points. */
  hold: hold.nullable(),
  /** The product that was chosen, where the reward leaves a choice. */
  sku: ref.nullable().default(null),
});

const attached = z.strictObject({
  member: ref,
  proof: proofLevel,
  /** What was shown or typed, masked; null where the member has no identifier here. */
  masked: z.string().max(16).nullable(),
});

const code = z.strictObject({
  /** As it was typed or scanned, for people; compared by `normaliseCode`. */
  text: z.string().min(1).max(CODE_LENGTH_MAX),
  /** The coupon or gift card it stands for, all of it on hold; null for a promotion's code. */
  voucher: z
    .strictObject({
      record: voucherRecord,
      hold: z.strictObject({ ...hold.shape, points: z.int().positive() }),
    })
    .nullable(),
});

/** A reward by its names. */
export const rewardRef = z.strictObject({ programme: ref, reward: ref, sku: ref.nullable() });

/** What a change was, for the words beside Undo. */
export const changeKinds = [
  'line-added',
  'line-changed',
  'line-removed',
  'cleared',
  'member-attached',
  'member-detached',
  'code-entered',
  'code-removed',
  'reward-applied',
  'reward-removed',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** How the sale was before one change: only what the change touched. */
const change = z.strictObject({
  what: z.enum(changeKinds),
  /** What was changed, as people call it; null for a typed amount or a member. */
  name: localText.nullable(),
  atMs: z.int(),
  /** Lines that were changed or taken out, with their places. */
  lines: z.array(z.strictObject({ at: z.int().nonnegative(), line })).max(LINES_MAX),
  /** Lines that were not there. */
  added: z.array(z.string().max(64)).max(LINES_MAX),
  /** Who was on the sale; undefined where nobody came or went. */
  member: attached.nullable().optional(),
  rewards: z.array(rewardRef).max(16),
  codes: z.array(z.string().max(CODE_LENGTH_MAX)).max(CODES_MAX),
});

/** Rewards and codes a sale had, by name: what they held was given back. */
export const hadOnce = z.strictObject({
  rewards: z.array(rewardRef).max(16),
  codes: z.array(z.string().max(CODE_LENGTH_MAX)).max(CODES_MAX),
});
export type HadOnce = Readonly<z.infer<typeof hadOnce>>;

/** Schema of `Session`, for the copy on disk. */
export const session = z.strictObject({
  saleId: z.uuid(),
  lines: z.array(line).max(LINES_MAX),
  member: attached.nullable(),
  rewards: z.array(reward).max(16),
  codes: z.array(code).max(CODES_MAX),
  /** A card issued with this sale, to be printed on its receipt. */
  issuedCard: z.strictObject({ member: ref, number: z.string().regex(/^[0-9]{13}$/) }).nullable(),
  nextLine: z.int().positive(),
  /** Changes that can be taken back, oldest first. */
  past: z.array(change).max(HISTORY_MAX),
  /** What it had before and is being asked for again. */
  comingBack: hadOnce.default({ rewards: [], codes: [] }),
});

/**
 * The open sale: the one truth that the screen, the quote and the receipt are derived from.
 *
 * Prices and names are those of the moment the line was added; a new price list does not change a
 * basket that somebody is looking at.
 */
export type Session = Readonly<z.infer<typeof session>>;
export type Hold = Readonly<z.infer<typeof hold>>;
export type SessionLine = Session['lines'][number];
export type SessionReward = Session['rewards'][number];
export type SessionCode = Session['codes'][number];
export type SessionChange = Session['past'][number];
export type RewardRef = SessionChange['rewards'][number];
export type AttachedMember = NonNullable<Session['member']>;
