import { z } from 'zod';
import { businessDay, ref } from '#journal/entry.ts';
import { DAY_POSTED_MAX, DAY_POSTED_MIN } from '#journal/posted-day.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { localText } from './member.ts';
import { unit } from './till-state.ts';

const count = z.int().nonnegative();

/** A programme as figures speak of it. */
export const knownProgramme = z.strictObject({ programme: ref, name: localText, unit });
export type KnownProgramme = z.infer<typeof knownProgramme>;

/** The points of one business day: opening + movements = closing, all in smallest units. */
export const pointsOfDay = z.strictObject({
  programme: ref,
  opening: z.int(),
  earned: z.int(),
  redeemed: z.int(),
  expired: z.int(),
  /** Earned points taken back (negative) and spent points returned (positive), together. */
  reversed: z.int(),
  /** Adjustments and transfers, together. */
  other: z.int(),
  closing: z.int(),
  /** Sum of all balances at the end of the day, read from the accounts and not from the movements. */
  sumOfBalances: z.int(),
  /** Money one point is worth when redeemed, as a fraction of minor units. */
  worth: z.strictObject({ numerator: z.int(), denominator: z.int().positive() }),
});
export type PointsOfDay = z.infer<typeof pointsOfDay>;

/** What figures add up: money and counts of everything, points of the shop's main programme alone. */
const figures = {
  sales: count,
  salesWithMember: count,
  salesTotalMinor: z.int(),
  returns: count,
  returnsMinor: z.int(),
  earned: z.int(),
  redeemed: z.int(),
} as const;

const totals = z.strictObject({
  ...figures,
  discountMinor: z.int(),
  newMembers: count,
  unprovenSales: count,
});
export type DayTotals = z.infer<typeof totals>;

/** The first day that can be asked about. */
export const ASKED_DAY_MIN = DAY_POSTED_MIN;
/** The last day that can be asked about. */
export const ASKED_DAY_MAX = DAY_POSTED_MAX;
/** A day somebody asks about: one that something may be posted under. */
export const askedDay = businessDay.refine((day) => day >= ASKED_DAY_MIN && day <= ASKED_DAY_MAX);

/** Which day or days a report is of; `through` and `store` left out: one day, all stores. */
export const daySpan = {
  through: askedDay.nullable().optional(),
  store: ref.nullable().optional(),
} as const;

/** A member's change of tier, told to the shop once: on the day it happened. */
const tierMove = z.strictObject({
  member: ref,
  /** `Ayşe K.`; else the last characters of the card, `··67`; null where neither is known. */
  name: z.string().max(64).nullable(),
  programme: ref,
  kind: z.enum(['up', 'down']),
  from: z.string().max(48).nullable(),
  to: z.string().max(48).nullable(),
  atMs: z.int(),
  /** The till whose sale made it; `0` is the night's review. */
  till: ref,
});

/** How far a programme is into the points it may give; `passed` earns on and warns. */
const budgetUse = z.strictObject({
  programme: ref,
  budgetPoints: count,
  givenPoints: count,
  overPoints: count,
  state: z.enum(['within', 'spent', 'passed']),
});

/** A renewed membership whose term is not paid: the shop rings up `sku`. */
const renewalFee = z.strictObject({
  member: ref,
  name: z.string().max(64).nullable(),
  programme: ref,
  sku: z.string().max(64),
  /** Exclusive end of the last term that was paid. */
  paidUntilMs: z.int(),
});

/** The manager's day. `source` says whose books: the server's ledger, or this till alone while offline. */
export const dayReport = z.strictObject({
  day: businessDay,
  source: z.enum(['server', 'till']),
  /** When the figures were read, milliseconds since 1970. */
  asOfMs: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The last day, inclusive; `day` where it is one day. */
  through: businessDay,
  /** Null = all of them; the points are those of all in any case. */
  store: ref.nullable(),
  stores: z.array(z.strictObject({ store: ref, name: z.string().max(64) })).max(1000),
  totals,
  /** As many days before, and the same weekdays a week earlier; null where nobody could be asked. */
  compare: z.strictObject({ before: totals.nullable(), weekAgo: totals.nullable() }),
  /** Of each programme; the shop's main one first, always there where the server reports. */
  points: z.array(pointsOfDay).max(programmesMax),
  byTill: z.array(z.strictObject({ till: ref, name: z.string().max(64), ...figures })).max(1000),
  /** Hours of the store's clock in the order of the business day. */
  byHour: z.array(z.strictObject({ hour: z.int().min(0).max(23), ...figures })).max(24),
  /** How many exceptions of all days wait for somebody. */
  openExceptions: count,
  /** Those of the day that wait for somebody. */
  exceptions: z
    .array(
      z.strictObject({
        id: z.string().max(160),
        code: z.string().max(64),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
        till: ref,
        atMs: z.int(),
      }),
    )
    .max(500),
  /** Names of programmes (`id`) and of their tiers (`id/tier`), for the lists below. */
  names: z.record(z.string().max(130), localText),
  /** Latest first. Empty where the till alone reports: it knows its own sales only. */
  tierMoves: z.array(tierMove).max(200),
  budgets: z.array(budgetUse).max(programmesMax),
  renewals: z.array(renewalFee).max(200),
  tills: z
    .array(
      z.strictObject({
        till: ref,
        name: z.string().max(64),
        lastContactMs: z.int().nullable(),
        ackSeq: count,
      }),
    )
    .max(1000),
});
export type DayReport = z.infer<typeof dayReport>;
