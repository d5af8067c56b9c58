import { z } from 'zod';
import { lineKinds } from './conditions.ts';
import {
  limitField,
  minorField,
  percentField,
  pointsField,
  rateField,
  spanField,
  textField,
} from './fields.ts';
import { roundings } from './rational.ts';

/** Schema of `EarningSettings`. */
export const earningField = z.strictObject({
  /** Whether tax is part of what earns. */
  tax: z.enum(['included', 'excluded']).default('included'),
  /** `after`: what other programmes took off does not earn. `before`: the price as marked does. */
  discounts: z.enum(['after', 'before']).default('after'),
  /** Whether this programme's own redemption lowers what earns. */
  ownRedemptionReduces: z.boolean().default(false),
  /** Whether a sale on which the member redeems earns at all. */
  earnsWhenRedeeming: z.boolean().default(true),
  /** Whether what is paid from a wallet or gift card earns. */
  storedValueEarns: z.boolean().default(true),
  /** Whether units that a reward made free earn. */
  freeUnitsEarn: z.boolean().default(false),
  lineKinds: z.array(z.enum(lineKinds)).default(['goods']),
  rounding: z.enum(roundings).default('floor'),
  /** How several base rules meet. */
  rules: z.enum(['sum', 'best', 'first']).default('sum'),
  multipliers: z.enum(['compound', 'best']).default('compound'),
  /** `one`: of the bonuses and multipliers only the last in the document applies. */
  promotions: z.enum(['all', 'one']).default('all'),
  /** Days before earned points can be spent. */
  pendingDays: z.int().min(0).max(366).default(0),
  minimumAge: z.int().min(0).max(130).nullable().default(null),
});

/** What earns and how it is counted; each field is a question a shop may answer otherwise. */
export type EarningSettings = Readonly<z.infer<typeof earningField>>;

/** Schema of `CapSettings`. */
export const capsField = z.strictObject({
  perSale: pointsField.nullable().default(null),
  limits: z.array(limitField).max(6).default([]),
  /** No earning lifts posted and pending points above this. */
  balance: pointsField.nullable().default(null),
  /** Points the whole programme may still give. */
  budgetPoints: pointsField.nullable().default(null),
  /** `stop`: earns no more. `warn`: earns on, and the manager sees by how much it is passed. */
  onBudget: z.enum(['stop', 'warn']).default('stop'),
  onCap: z.enum(['reduce', 'reject']).default('reduce'),
});

/** Upper bounds; a cap reduces an earning to what is left unless `onCap` says reject. */
export type CapSettings = Readonly<z.infer<typeof capsField>>;

/** Schema of `ExpirySettings`. */
export const expiryField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  /** So long after earning, optionally to the end of that month or year. */
  z.strictObject({
    kind: z.literal('after'),
    span: spanField,
    roundUp: z.enum(['none', 'end-of-month', 'first-of-next-month', 'end-of-year']).default('none'),
  }),
  /** At the end of the calendar year in which they were earned, plus whole years. */
  z.strictObject({ kind: z.literal('end-of-year'), plusYears: z.int().min(0).max(20).default(0) }),
  /** On one calendar day, each year, `MM-DD`. */
  z.strictObject({
    kind: z.literal('yearly-on'),
    day: z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'write a day as MM-DD'),
  }),
  /** The whole balance, when nothing happened for so long. */
  z.strictObject({
    kind: z.literal('inactivity'),
    span: spanField,
    activity: z
      .array(z.enum(['earn', 'redeem']))
      .min(1)
      .default(['earn', 'redeem']),
  }),
]);

/** When points end. They end with the local day: the next day at 00:00 they are gone. */
export type ExpirySettings = Readonly<z.infer<typeof expiryField>>;

/** Schema of `RedemptionSettings`. */
export const redemptionField = z.strictObject({
  minPoints: pointsField.nullable().default(null),
  maxPercentOfSale: percentField.nullable().default(null),
  /** Over-redemption is refused with the highest allowed, or lowered to it. */
  onOver: z.enum(['refuse', 'clamp']).default('refuse'),
  /** Whether points earned on a sale may pay for the same sale. */
  ownSalePoints: z.enum(['future', 'current']).default('future'),
  onEnrolSale: z.boolean().default(true),
  minimumAge: z.int().min(0).max(130).nullable().default(null),
});

/** How points may be spent. */
export type RedemptionSettings = Readonly<z.infer<typeof redemptionField>>;

/** Schema of `RefundSettings`. */
export const refundField = z.strictObject({
  /** `rerun` on the kept lines; or in proportion to the value of the sale. */
  earned: z.enum(['rerun', 'proportional']).default('rerun'),
  /** When the points are already spent: go below zero, or take only what is there. */
  alreadySpent: z.enum(['negative', 'clamp']).default('negative'),
  /** Spent points whose end has passed since: they come back ended, or with a new end. */
  returnedExpired: z.enum(['keep', 'renew']).default('keep'),
});

/** What a refund does to points; a rule changed since then never matters. */
export type RefundSettings = Readonly<z.infer<typeof refundField>>;

/** Schema of `TransferSettings`. */
export const transferField = z.strictObject({
  allowed: z.boolean().default(false),
  keepsExpiry: z.boolean().default(true),
  rate: rateField.default('1'),
  mostPerDay: pointsField.nullable().default(null),
});

/** Whether and how members give points to each other. */
export type TransferSettings = Readonly<z.infer<typeof transferField>>;

/** Schema of `ReceiptClaimSettings`. */
export const receiptClaimField = z.strictObject({
  days: z.int().min(0).max(366).default(30),
});

/** For how many days a sale without a member can be claimed, once, by its receipt; 0 is never. */
export type ReceiptClaimSettings = Readonly<z.infer<typeof receiptClaimField>>;

/** Schema of `MembershipSettings`. */
export const membershipField = z.strictObject({
  sku: z.string().min(1).max(64),
  term: spanField,
  /** Runs on after its term, the fee owed, until it is stopped; else it lapses. */
  autoRenew: z.boolean().default(false),
  benefits: z.array(textField).max(20).default([]),
});

/** A paid membership: selling the product starts the term, refunding it ends it. */
export type MembershipSettings = Readonly<z.infer<typeof membershipField>>;

/** Schema of `AccountingSettings`. */
export const accountingField = z.strictObject({
  method: z.enum(['simple', 'deferred']).default('simple'),
  /** Money for one whole point, as a rate of minor units. */
  pointValueMinor: rateField.nullable().default(null),
  expectedRedemptionPercent: percentField.default('100'),
});

/** How the books see the points: cost at redemption, or deferred revenue (IFRS 15, ASC 606). */
export type AccountingSettings = Readonly<z.infer<typeof accountingField>>;

/** Schema of `AutoRedeemSettings`. */
export const autoRedeemField = z.strictObject({
  reward: z.string().max(48),
  atPoints: pointsField.min(1),
});

/** A reward that is bought by itself, at night, as soon as the points are there. */
export type AutoRedeemSettings = Readonly<z.infer<typeof autoRedeemField>>;

/** Schema of `WindowSettings`. */
export const windowField = z.strictObject({
  /** `MM-DD`, both inclusive; `to` may lie in the next year. */
  from: z.string().regex(/^\d\d-\d\d$/),
  to: z.string().regex(/^\d\d-\d\d$/),
});

/** Schema of `WindowsSettings`. */
export const windowsField = z.strictObject({
  windows: z.array(windowField).min(1).max(12),
  maxPerWindowMinor: minorField.nullable().default(null),
  maxPerYearMinor: minorField.nullable().default(null),
});

/** Earning windows of a year: when one closes, whole steps of points become vouchers. */
export type WindowsSettings = Readonly<z.infer<typeof windowsField>>;
