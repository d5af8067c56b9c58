import { z } from 'zod';
import { conditionField, lineFilterField } from './conditions.ts';
import {
  datesField,
  idField,
  limitField,
  minorField,
  percentField,
  pointsField,
  rateField,
  spanField,
  textField,
} from './fields.ts';

/** Schema of `Trigger`. */
export const triggerField = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('sale') }),
  z.strictObject({ on: z.literal('enrol') }),
  z.strictObject({ on: z.literal('birthday') }),
  z.strictObject({
    on: z.literal('referral'),
    moment: z.enum(['register', 'first', 'every']),
    to: z.enum(['referrer', 'referred', 'both']),
  }),
  z.strictObject({ on: z.literal('event'), type: z.string().min(1).max(64) }),
  z.strictObject({ on: z.literal('tier-up') }),
  z.strictObject({ on: z.literal('window-close') }),
]);

/** What sets a rule off. */
export type Trigger = Readonly<z.infer<typeof triggerField>>;

/** Schema of `VoucherTemplate`. */
export const voucherTemplateField = z.strictObject({
  /** Programme whose reward the voucher opens; itself when null. */
  programme: idField.nullable().default(null),
  /** Points on the voucher, in that programme's smallest unit, or a share of the sale. */
  points: pointsField.nullable().default(null),
  percentOfSale: percentField.nullable().default(null),
  rounding: z.enum(['floor', 'half-up']).default('floor'),
  /** Rounds the value to a multiple of this many minor units. */
  roundToMinor: minorField.default(1),
  /** Every so many points become one voucher (window close, automatic redemption). */
  perPoints: pointsField.nullable().default(null),
  validFor: spanField.nullable().default(null),
});

/** What a voucher that a rule gives is worth, and for how long. */
export type VoucherTemplate = Readonly<z.infer<typeof voucherTemplateField>>;

/** Schema of `Effect`. */
export const effectField = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('per-money'),
    points: rateField,
    perMinor: minorField.min(1, 'points per zero money divide by zero'),
    /** `whole` counts only full steps of `perMinor`, `exact` counts parts of a step too. */
    steps: z.enum(['exact', 'whole']).default('exact'),
  }),
  z.strictObject({ kind: z.literal('per-unit'), points: rateField }),
  z.strictObject({ kind: z.literal('per-sale'), points: rateField }),
  z.strictObject({ kind: z.literal('percent-back'), percent: percentField }),
  z.strictObject({ kind: z.literal('multiply'), by: rateField }),
  z.strictObject({ kind: z.literal('voucher'), template: voucherTemplateField }),
  z.strictObject({ kind: z.literal('badge'), badge: idField, points: pointsField.default(0) }),
  z.strictObject({ kind: z.literal('unlock'), benefit: textField }),
  z.strictObject({ kind: z.literal('discount'), reward: idField }),
]);

/** What a rule gives. */
export type Effect = Readonly<z.infer<typeof effectField>>;

/** Schema of `Rule`. */
export const ruleField = z.strictObject({
  id: idField,
  name: textField,
  enabled: z.boolean().default(true),
  trigger: triggerField.default({ on: 'sale' }),
  /** The lines the effect counts; conditions on `matching` lines look at these too. */
  lines: lineFilterField.prefault({}),
  conditions: z.array(conditionField).max(20).default([]),
  effect: effectField,
  /** Base points are multiplied by multipliers; bonus points are added after them. */
  stage: z.enum(['base', 'bonus']).default('base'),
  /** Higher goes first, and wins among rules that do not stack. */
  priority: z.int().min(-1000).max(1000).default(0),
  /** A matching rule that does not stack replaces the ones that do. */
  stackable: z.boolean().default(true),
  /** Once it matched, no later rule is looked at. */
  last: z.boolean().default(false),
  /** Whether its points count towards a tier. */
  qualifying: z.boolean().default(true),
  limits: z.array(limitField).max(6).default([]),
  /** Rules of one group share what their limits leave, in one sale too: e.g. all extras of a year. */
  limitGroup: idField.nullable().default(null),
  dates: datesField.prefault({}),
});

/** When something happens and these conditions hold, give this. */
export type Rule = Readonly<z.infer<typeof ruleField>>;
