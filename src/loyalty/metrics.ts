import { divide, multiply, rational, type Rational, subtract } from './rational.ts';

/**
 * Figures of the manager's page, exactly; `null` where there is nothing to say.
 *
 * Formulas and guards: reference (e). Money is in minor units, shares are fractions of one.
 */

function share(part: number, whole: number): Rational | null {
  return whole === 0 ? null : rational(part, whole);
}

/** Repeat purchase rate: customers with two or more completed sales, of those with one or more. */
export function repeatPurchaseRate(salesPerCustomer: readonly number[]): Rational | null {
  const buyers = salesPerCustomer.filter((sales) => sales >= 1);
  return share(buyers.filter((sales) => sales >= 2).length, buyers.length);
}

/** Customer lifetime value in minor units, as revenue and as margin. */
export function customerLifetimeValue(input: {
  readonly averageSaleMinor: Rational;
  readonly salesPerYear: Rational;
  readonly years: Rational;
  readonly margin: Rational;
}): { readonly revenueMinor: Rational; readonly marginMinor: Rational } {
  const yearly = multiply(input.averageSaleMinor, input.salesPerYear);
  const revenueMinor = multiply(yearly, input.years);
  return { revenueMinor, marginMinor: multiply(revenueMinor, input.margin) };
}

/** Net promoter score, −100…100, from answers 0–10. */
export function netPromoterScore(scores: readonly number[]): {
  readonly score: Rational | null;
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
} {
  const promoters = scores.filter((score) => score >= 9).length;
  const detractors = scores.filter((score) => score <= 6).length;
  const balance = share(100 * (promoters - detractors), scores.length);
  const passives = scores.length - promoters - detractors;
  return { score: balance, promoters, passives, detractors };
}

/** Customer loyalty index of one respondent: three answers from 1 (best) to 6, as 100…0. */
export function customerLoyaltyIndex(answers: readonly number[]): Rational | null {
  if (answers.length !== 3 || answers.some((answer) => answer < 1 || answer > 6)) return null;
  const sum = answers.reduce((total, answer) => total + (6 - answer) * 20, 0);
  return rational(sum, answers.length);
}

/** Retention: customers at the end who are not new, of those at the start. */
export function retentionRate(start: number, end: number, added: number): Rational | null {
  return share(end - added, start);
}

/** Redemption and breakage of a cohort of points. */
export function redemptionRates(input: {
  readonly issued: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly reversed: number;
}): {
  readonly redemptionRate: Rational | null;
  readonly breakageRate: Rational | null;
  readonly outstanding: number;
} {
  const { issued, redeemed, expired, reversed } = input;
  return {
    redemptionRate: share(redeemed, issued),
    breakageRate: share(expired, issued),
    outstanding: issued - redeemed - expired - reversed,
  };
}

/** A group of members and what they brought, in minor units. */
export interface CampaignGroup {
  readonly members: number;
  readonly marginMinor: number;
}

/** Least members of a control group for a figure that means something. */
export const controlMembersMin = 30;

/** What a coupon brought beyond what would have come anyway; `null` with too small a control. */
export function couponIncrementality(
  test: CampaignGroup,
  control: CampaignGroup,
  couponCostMinor: number,
): {
  readonly liftPerMemberMinor: Rational;
  readonly grossMinor: Rational;
  readonly netMinor: Rational;
  readonly liftShare: Rational | null;
} | null {
  if (control.members < controlMembersMin || test.members === 0) return null;
  const perTest = rational(test.marginMinor, test.members);
  const perControl = rational(control.marginMinor, control.members);
  const liftPerMemberMinor = subtract(perTest, perControl);
  const grossMinor = multiply(liftPerMemberMinor, rational(test.members));
  return {
    liftPerMemberMinor,
    grossMinor,
    netMinor: subtract(grossMinor, rational(couponCostMinor)),
    liftShare: perControl.numerator === 0n ? null : divide(liftPerMemberMinor, perControl),
  };
}
