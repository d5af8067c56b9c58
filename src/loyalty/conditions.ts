import { z } from 'zod';
import { currencyField, datesField, milliField, minorField, namesField } from './fields.ts';

/** What a line of the basket is. Only goods earn unless the programme says otherwise. */
export const lineKinds = [
  'goods',
  'gift-card',
  'fee',
  'tip',
  'deposit',
  'delivery',
  'membership',
  'top-up',
] as const;

/** One kind of line. `membership` and `top-up` are sold by the shop itself, like a gift card. */
export type LineKind = (typeof lineKinds)[number];

/** Schema of `LineFilter`. */
export const lineFilterField = z.strictObject({
  skus: namesField.nullable().default(null),
  categories: namesField.nullable().default(null),
  kinds: z.array(z.enum(lineKinds)).nullable().default(null),
  exceptSkus: namesField.default([]),
  exceptCategories: namesField.default([]),
});

/**
 * Which lines something looks at.
 *
 * A line matches when it is in every list that is given and in no exception; `null` means any.
 */
export type LineFilter = Readonly<z.infer<typeof lineFilterField>>;

const kind = <Name extends string>(name: Name) => z.literal(name);

/** Schema of `Condition`. All bounds and dates are inclusive. */
export const conditionField = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('amount'),
    minMinor: minorField.nullable().default(null),
    maxMinor: minorField.nullable().default(null),
    tax: z.enum(['included', 'excluded']).default('included'),
    of: z.enum(['sale', 'matching']).default('sale'),
  }),
  z.strictObject({
    kind: kind('quantity'),
    minMilli: milliField.nullable().default(null),
    maxMilli: milliField.nullable().default(null),
  }),
  z.strictObject({ kind: kind('contains'), lines: lineFilterField }),
  z.strictObject({ kind: kind('code'), code: z.string().min(3).max(40) }),
  z.strictObject({ kind: kind('tier'), in: namesField }),
  z.strictObject({ kind: kind('segment'), anyOf: namesField }),
  z.strictObject({ kind: kind('age'), min: z.int().min(1).max(130) }),
  z.strictObject({ kind: kind('store'), in: namesField }),
  z.strictObject({ kind: kind('channel'), in: namesField }),
  z.strictObject({ kind: kind('currency'), in: z.array(currencyField).min(1) }),
  z.strictObject({ kind: kind('weekday'), in: z.array(z.int().min(1).max(7)).min(1) }),
  z.strictObject({
    kind: kind('hours'),
    from: z.int().min(0).max(23),
    to: z.int().min(1).max(24),
  }),
  z.strictObject({ kind: kind('dates'), ...datesField.shape }),
  z.strictObject({
    kind: kind('visit'),
    every: z.int().min(1).max(1000).nullable().default(null),
    at: z.int().min(1).nullable().default(null),
  }),
  z.strictObject({ kind: kind('first-sale') }),
  z.strictObject({ kind: kind('birthday'), daysAround: z.int().min(0).max(60).default(0) }),
  z.strictObject({ kind: kind('membership'), active: z.boolean().default(true) }),
  z.strictObject({ kind: kind('comeback'), withinDays: z.int().min(1).max(366) }),
  z.strictObject({ kind: kind('interval'), minutes: z.int().min(1).max(525_600) }),
]);

/** Something that must hold for a rule or reward; several must all hold. */
export type Condition = Readonly<z.infer<typeof conditionField>>;
