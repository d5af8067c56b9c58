import { z } from 'zod';

/** What a shop decided about asking its members; absent = as usual. */
export const surveyRules = z.strictObject({
  /** A member is asked once in so many days at most; 0 = never. */
  everyDays: z.int().min(0).max(3650),
});
export type SurveyRules = z.infer<typeof surveyRules>;

/** The rules of a shop that decided nothing: four times a year. */
export const usualSurveyRules: SurveyRules = { everyDays: 90 };
