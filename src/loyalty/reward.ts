import { z } from 'zod';
import { conditionField, lineFilterField } from './conditions.ts';
import {
  idField,
  limitField,
  minorField,
  namesField,
  percentField,
  pointsField,
  textField,
} from './fields.ts';
import { rational } from './rational.ts';

/** Schema of `RewardValue`. */
export const rewardValueField = z.discriminatedUnion('kind', [
  /**
   * Money for points, in whole multiples of `costPoints`; `valueMinor` is for one multiple, or for
   * `perPoints` where that is written: "a point is worth 1.00, spent in hundreds".
   */
  z.strictObject({
    kind: z.literal('per-point'),
    valueMinor: minorField.min(1, 'points that are worth nothing cannot be spent'),
    perPoints: pointsField.min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('fixed'), amountMinor: minorField.min(1) }),
  z.strictObject({ kind: z.literal('percent'), percent: percentField }),
  z.strictObject({
    kind: z.literal('product'),
    skus: namesField.min(1, 'name at least one product'),
    units: z.int().min(1).max(1000).default(1),
    /** `basket` makes units in the basket free; `added` puts more goods beside it. */
    takes: z.enum(['basket', 'added']).default('basket'),
  }),
  /** Sells matching lines at this unit price. */
  z.strictObject({ kind: z.literal('price'), unitPriceMinor: minorField }),
  /** Something money does not measure, told to the cashier as text. */
  z.strictObject({ kind: z.literal('benefit'), text: textField }),
  z.strictObject({ kind: z.literal('donation'), amountMinor: minorField.min(1), cause: textField }),
]);

type WrittenValue = z.infer<typeof rewardValueField>;

/** What a reward gives. */
export type RewardValue = Readonly<
  | Exclude<WrittenValue, { kind: 'per-point' }>
  | Omit<Extract<WrittenValue, { kind: 'per-point' }>, 'perPoints'>
>;

/** What one application is worth where the document says what so many points are worth. */
function perApplication(value: WrittenValue, costPoints: number): RewardValue | null {
  if (value.kind !== 'per-point') return value;
  const { perPoints = costPoints, ...rest } = value;
  if (perPoints === costPoints) return rest;
  const exact = rational(BigInt(rest.valueMinor) * BigInt(costPoints), BigInt(perPoints));
  return exact.denominator === 1n ? { ...rest, valueMinor: Number(exact.numerator) } : null;
}

/** Schema of `RewardScope`. */
export const rewardScopeField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('order') }),
  z.strictObject({ kind: z.literal('lines'), lines: lineFilterField }),
  /** One unit of the cheapest matching product. */
  z.strictObject({ kind: z.literal('cheapest'), lines: lineFilterField.prefault({}) }),
]);

/** Which part of the basket a reward reduces. */
export type RewardScope = Readonly<z.infer<typeof rewardScopeField>>;

const writtenReward = z.strictObject({
  id: idField,
  name: textField,
  enabled: z.boolean().default(true),
  /** Points for ONE application, in the smallest unit. */
  costPoints: pointsField,
  value: rewardValueField,
  scope: rewardScopeField.default({ kind: 'order' }),
  /** `automatic` applies by itself; `claim` waits for a person. Member points always wait. */
  applies: z.enum(['automatic', 'claim']).default('claim'),
  /** `payment` is stored value: it pays, and reduces neither tax nor the earning basis. */
  stage: z.enum(['discount', 'payment']).default('discount'),
  capMinor: minorField.nullable().default(null),
  maxPercentOfSale: percentField.nullable().default(null),
  minSaleMinor: minorField.nullable().default(null),
  minPoints: pointsField.nullable().default(null),
  /** Applications in one sale; `null` is as many as the points allow. */
  mostPerSale: z.int().min(1).max(1000).nullable().default(1),
  conditions: z.array(conditionField).max(20).default([]),
  limits: z.array(limitField).max(6).default([]),
});

/** Schema of `Reward`. */
export const rewardField = writtenReward.transform((reward, context) => {
  const value = perApplication(reward.value, reward.costPoints);
  if (value !== null) return { ...reward, value };
  const message = 'one application is worth no whole minor unit: choose other costPoints';
  context.addIssue({ code: 'custom', path: ['value', 'perPoints'], message });
  return z.NEVER;
});

/** What points buy. */
export type Reward = Readonly<z.infer<typeof rewardField>>;
