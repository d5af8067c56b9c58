import { z } from 'zod';
import { ref } from '#journal/entry.ts';
import { programmesMax } from '#loyalty/programme.ts';
import { localText } from './member.ts';
import { surveyRules } from './survey.ts';

/** Highest number of points a cap may name, in the programme's smallest unit. */
export const RISK_POINTS_MAX = 1_000_000_000;

const points = z.int().positive().max(RISK_POINTS_MAX);

/** `RiskCaps` of one programme, as a shop decides them. */
export const offlineRisk = z.strictObject({
  programme: ref,
  perRedemption: points,
  perMember: points,
  perTillDay: points,
  budget: points,
});
export type OfflineRisk = z.infer<typeof offlineRisk>;

/** Whether caps make sense together: each one holds what the one before it allows. */
export function capsFit({ perRedemption, perMember, perTillDay, budget }: OfflineRisk): boolean {
  return perRedemption <= perMember && perMember <= perTillDay && perTillDay <= budget;
}

/** What a store decides for itself besides its staff; one change each, by a manager's PIN. */
export const shopRuleChanges = [
  z.strictObject({ kind: z.literal('survey'), rules: surveyRules }),
  /** Null = no points of this programme are spent offline at the shop's risk. */
  z.strictObject({
    kind: z.literal('offline-risk'),
    programme: ref,
    caps: offlineRisk.omit({ programme: true }).nullable(),
  }),
] as const;

/** What is decided now, and what its sentences speak of. */
export const shopRules = z.strictObject({
  survey: surveyRules,
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Programmes whose points can be spent on something. */
  programmes: z
    .array(
      z.strictObject({
        programme: ref,
        name: localText,
        unit: z.strictObject({
          kind: z.enum(['points', 'stamps', 'money']),
          scale: z.int().min(0).max(3),
        }),
        /** Money of one point in its smallest unit, in minor units: a fraction; 0 where it buys no money. */
        worth: z.strictObject({
          numerator: z.number().nonnegative(),
          denominator: z.number().positive(),
        }),
        /** What somebody who turns it on begins with: about one reward, in the smallest unit. */
        usual: points,
        caps: offlineRisk.nullable(),
      }),
    )
    .max(programmesMax),
});
export type ShopRules = z.infer<typeof shopRules>;

/** Page ↔ till: what this store decided. It is changed by `staff.change`, with a manager's PIN. */
export const shopRuleCalls = {
  'shop.rules': { input: z.null(), output: shopRules },
} as const;
