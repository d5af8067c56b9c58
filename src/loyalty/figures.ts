import { z } from 'zod';
import { closingBalance, recogniseRevenue, splitSales } from './accounting.ts';
import { minorField, pointsField, rateField } from './fields.ts';
import * as metrics from './metrics.ts';
import { multiply, rate, type Rational, rational, toNumber } from './rational.ts';
import { assertNever } from './result.ts';

const count = z.int().min(0);
const group = z.strictObject({ members: count, marginMinor: z.int() });
const named = <Name extends string>(name: Name) => z.literal(name);

/** Schema of `FigureRequest`. */
export const figureField = z.discriminatedUnion('figure', [
  z.strictObject({ figure: named('repeat-purchase-rate'), salesPerCustomer: z.array(count) }),
  z.strictObject({ figure: named('net-promoter-score'), scores: z.array(z.int().min(0).max(10)) }),
  z.strictObject({ figure: named('customer-loyalty-index'), answers: z.array(z.int()) }),
  z.strictObject({ figure: named('retention-rate'), start: count, end: count, added: count }),
  z.strictObject({
    figure: named('customer-lifetime-value'),
    averageSaleMinor: minorField,
    salesPerYear: rateField,
    years: rateField,
    margin: rateField.default('0'),
  }),
  z.strictObject({
    figure: named('redemption-rate'),
    issued: count,
    redeemed: count.default(0),
    expired: count.default(0),
    reversed: count.default(0),
  }),
  z.strictObject({
    figure: named('coupon-incrementality'),
    test: group,
    control: group,
    couponCostMinor: minorField,
  }),
  /** Money that points defer; `expectedRedeemed` points of so much each, IFRS 15 / ASC 606. */
  z.strictObject({
    figure: named('deferred-split'),
    salesMinor: minorField,
    expectedRedeemed: pointsField,
    pointValueMinor: rateField,
  }),
  z.strictObject({
    figure: named('recognised-revenue'),
    allocatedMinor: minorField,
    redeemed: pointsField,
    expected: pointsField,
  }),
  z.strictObject({
    figure: named('closing-points'),
    opening: z.int(),
    earned: z.int().default(0),
    redeemed: z.int().default(0),
    expired: z.int().default(0),
    adjusted: z.int().default(0),
    reversed: z.int().default(0),
  }),
]);

/** A figure of the manager's page or the books, by name, with the plain numbers it comes from. */
export type FigureRequest = Readonly<z.infer<typeof figureField>>;

/** A figure in its parts, as numbers to show; `null` where there is nothing to say. */
export type FigureParts = Readonly<Record<string, number | null>>;

const shown = (figure: Rational | null | undefined): number | null =>
  figure === null || figure === undefined ? null : toNumber(figure);

/**
 * Works a figure out, exactly, and gives its parts as numbers to show.
 *
 * Formulas and guards: `metrics.ts` and `accounting.ts`. Names that end in `Minor` are money.
 */
export function figureOf(request: FigureRequest): FigureParts {
  switch (request.figure) {
    case 'repeat-purchase-rate':
      return { value: shown(metrics.repeatPurchaseRate(request.salesPerCustomer)) };
    case 'net-promoter-score': {
      const { score, ...counts } = metrics.netPromoterScore(request.scores);
      return { value: shown(score), ...counts };
    }
    case 'customer-loyalty-index':
      return { value: shown(metrics.customerLoyaltyIndex(request.answers)) };
    case 'retention-rate':
      return { value: shown(metrics.retentionRate(request.start, request.end, request.added)) };
    case 'customer-lifetime-value': {
      const { averageSaleMinor, salesPerYear, years, margin } = request;
      const value = metrics.customerLifetimeValue({
        averageSaleMinor: rational(averageSaleMinor),
        salesPerYear: rate(salesPerYear),
        years: rate(years),
        margin: rate(margin),
      });
      return { revenueMinor: shown(value.revenueMinor), marginMinor: shown(value.marginMinor) };
    }
    case 'redemption-rate': {
      const { redemptionRate, breakageRate, outstanding } = metrics.redemptionRates(request);
      const rates = { redemptionRate: shown(redemptionRate), breakageRate: shown(breakageRate) };
      return { ...rates, outstanding };
    }
    case 'coupon-incrementality': {
      const { test, control, couponCostMinor } = request;
      const lift = metrics.couponIncrementality(test, control, couponCostMinor);
      return {
        liftPerMemberMinor: shown(lift?.liftPerMemberMinor),
        grossIncrementalMinor: shown(lift?.grossMinor),
        netIncrementalMinor: shown(lift?.netMinor),
        liftShare: shown(lift?.liftShare),
      };
    }
    case 'deferred-split': {
      const price = multiply(rational(request.expectedRedeemed), rate(request.pointValueMinor));
      return { ...splitSales(request.salesMinor, price) };
    }
    case 'recognised-revenue': {
      const { allocatedMinor, redeemed, expected } = request;
      return { ...recogniseRevenue(allocatedMinor, redeemed, expected) };
    }
    case 'closing-points':
      return { closing: closingBalance(request.opening, request) };
    default:
      return assertNever(request, 'figureOf');
  }
}
