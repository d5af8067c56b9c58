import { z } from 'zod';
import { idField, rateField, spanField, textField } from './fields.ts';
import { add, formatRational, one, rate } from './rational.ts';

/** What a tier may look at; never the balance unless a shop insists. */
export const tierMetrics = [
  'earned-points',
  'base-points',
  'qualifying-points',
  'spend-minor',
  'visits',
  'units',
  'balance',
] as const;

/** Schema of a leaf of the criteria tree; `custom` counts a named event, e.g. nights. */
const metricField = z.strictObject({
  metric: z.union([z.enum(tierMetrics), z.string().regex(/^custom:[a-z0-9-]{1,40}$/)]),
  atLeast: z.int().min(0),
});

/** One measure and its threshold (inclusive). `custom:nights` counts a named event. */
export type MetricCriterion = Readonly<z.infer<typeof metricField>>;

/** An all/any tree over measures: (80 nights or 40 stays) and 18,000 spent. */
export type TierCriteria =
  | MetricCriterion
  | { readonly allOf: readonly TierCriteria[] }
  | { readonly anyOf: readonly TierCriteria[] };

/** Schema of `TierCriteria`. */
export const tierCriteriaField: z.ZodType<TierCriteria> = z.lazy(() =>
  z.union([
    metricField,
    z.strictObject({ allOf: z.array(tierCriteriaField).min(1).max(10) }),
    z.strictObject({ anyOf: z.array(tierCriteriaField).min(1).max(10) }),
  ]),
);

const writtenTier = z.strictObject({
  id: idField,
  name: textField,
  /** `null`: everybody who is a member. */
  criteria: tierCriteriaField.nullable().default(null),
  /** Base points are multiplied by this. */
  multiplier: rateField.default('1'),
  /** What it adds to a multiplier of 1, for who thinks so: `0.2` is a fifth more. */
  bonus: rateField.optional(),
  benefits: z.array(textField).max(20).default([]),
});

/** Schema of `Tier`. */
export const tierField = writtenTier.transform(({ bonus, ...tier }) =>
  bonus === undefined ? tier : { ...tier, multiplier: formatRational(add(one, rate(bonus))) },
);

/** One level of a programme, lowest first. */
export type Tier = Readonly<z.infer<typeof tierField>>;

/** Schema of `TierSettings`. */
export const tierSettingsField = z.strictObject({
  /** Over what time the measures are counted. */
  window: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('life') }),
      z.strictObject({ kind: z.literal('calendar-year') }),
      z.strictObject({ kind: z.literal('calendar-month') }),
      z.strictObject({ kind: z.literal('rolling'), span: spanField }),
    ])
    .default({ kind: 'life' }),
  /** Whether the sale being rung up already counts. */
  includeCurrentSale: z.boolean().default(true),
  /** From when a reached tier holds. */
  starts: z.enum(['at-once', 'next-period']).default('at-once'),
  /** Until when a reached tier holds before it is looked at again. */
  validity: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('forever') }),
      z.strictObject({ kind: z.literal('span'), span: spanField }),
      z.strictObject({ kind: z.literal('end-of-period') }),
      z.strictObject({ kind: z.literal('end-of-next-period') }),
    ])
    .default({ kind: 'forever' }),
  grace: spanField.nullable().default(null),
  graceRound: z.enum(['none', 'end-of-month']).default('none'),
  downgrade: z.enum(['none', 'one-level', 'full']).default('full'),
  /** Takes all points at the review, for programmes that start each year anew. */
  resetPointsAtReview: z.boolean().default(false),
});

/** How tiers are reached, kept and lost; validity, grace and downgrade are apart on purpose. */
export type TierSettings = Readonly<z.infer<typeof tierSettingsField>>;
