import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { askedDay } from './day.ts';
import { memberListRow } from './manager-members.ts';
import { pageCursor } from './manager-parts.ts';

const count = z.int().nonnegative();
/** A share of one, rounded to a ten-thousandth; null where there is nothing to say. */
const share = z.number().nullable();

/** Which days; a report of staff and loyalty spans at most `FIGURES_DAYS_MAX` of them. */
export const figuresAsk = z.strictObject({ from: askedDay, through: askedDay });
/** Most days that figures of staff and loyalty span. */
export const FIGURES_DAYS_MAX = 92;

/** What one person did at the tills, and the thanks they got. None of it is in the members' ledger. */
export const staffRow = z.strictObject({
  cashier: ref,
  sales: count,
  salesWithMember: count,
  salesTotalMinor: z.int(),
  returns: count,
  enrolments: count,
  kudos: count,
});
export type StaffRow = z.infer<typeof staffRow>;

/** Why somebody is thanked: a code, so that it can be read in every language. */
export const kudosReasons = ['helpful', 'welcoming', 'quick', 'teamwork'] as const;

/** One thank-you. */
const kudosView = z.strictObject({
  id: z.uuid(),
  cashier: ref,
  reason: z.enum(kudosReasons),
  by: ref,
  atMs: z.int(),
});

export const staffReport = z.strictObject({
  people: z.array(staffRow).max(500),
  /** Latest first. */
  kudos: z.array(kudosView).max(50),
});
export type StaffReport = z.infer<typeof staffReport>;

export const kudosAsk = z.strictObject({
  id: z.uuid(),
  cashier: ref,
  reason: z.enum(kudosReasons),
});

/** The groups of members behind the figures; each can be listed. */
export const memberGroups = [
  'buyers',
  'repeat',
  'once',
  'kept',
  'lost',
  'coupon-back',
  'coupon-not-back',
  'promoters',
  'detractors',
] as const;
export type MemberGroup = (typeof memberGroups)[number];

export const groupAsk = z.strictObject({
  ...figuresAsk.shape,
  group: z.enum(memberGroups),
  cursor: pageCursor,
});

/** Members of a group with what they bought in the days. */
export const groupPage = z.strictObject({
  rows: z
    .array(z.strictObject({ ...memberListRow.shape, sales: count, spentMinor: z.int() }))
    .max(50),
  next: pageCursor,
});

const couponGroup = z.strictObject({ members: count, back: count, spentMinor: z.int() });

/** How loyal the members of these days are. Formulas: `src/loyalty/metrics.ts`. */
export const loyaltyReport = z.strictObject({
  /** Repeat purchase rate: members with two or more completed sales, of those with one or more. */
  repeat: z.strictObject({ buyers: count, repeat: count, share }),
  /** What an average member brings in a year, from these days; null below 30 days. */
  value: z.strictObject({
    averageSaleMinor: z.int().nullable(),
    salesPerYear: z.number().nullable(),
    yearMinor: z.int().nullable(),
  }),
  /** Of those who bought in as many days before, how many bought again. */
  retention: z.strictObject({ before: count, kept: count, share }),
  /** Points given in these days and what became of points. */
  points: z.strictObject({
    issued: count,
    redeemed: count,
    expired: count,
    reversed: count,
    redemption: share,
    breakage: share,
    outstanding: z.int(),
  }),
  /** Did they come back after the coupon? `lift` needs a control group of 30. */
  coupon: z.strictObject({
    test: couponGroup,
    control: couponGroup,
    liftMinor: z.int().nullable(),
  }),
  /** What members said; null where nobody was asked. */
  survey: z
    .strictObject({
      asked: count,
      answered: count,
      nps: z.number().nullable(),
      promoters: count,
      passives: count,
      detractors: count,
      cli: z.number().nullable(),
      cliAnswers: count,
    })
    .nullable(),
});
export type LoyaltyReport = z.infer<typeof loyaltyReport>;
