import { closingBalance, recogniseRevenue, splitSales } from '#loyalty/accounting.ts';
import {
  couponIncrementality,
  customerLifetimeValue,
  customerLoyaltyIndex,
  netPromoterScore,
  redemptionRates,
  repeatPurchaseRate,
  retentionRate,
} from '#loyalty/metrics.ts';
import { formatRational, rate, type Rational, rational } from '#loyalty/rational.ts';
import { decimal, type Fields, fields, minor, number, text } from './fields.ts';

const value = (figure: Rational | null): number | null =>
  figure === null ? null : toNumber(figure);
const exact = (of: Fields, key: string): Rational => rate(decimal(number(of, key) ?? 0));
const numbers = (of: Fields, key: string): number[] => {
  const found = of[key];
  return Array.isArray(found)
    ? found.filter((item) => typeof item === 'number')
    : Object.values(fields(of, key)).map(Number);
};

function toNumber(figure: Rational): number {
  const [top = '0', bottom = '1'] = formatRational(figure).split('/');
  return Number(top) / Number(bottom);
}

const minorValue = (figure: Rational | undefined): number | null =>
  figure === undefined ? null : toNumber(figure) / 100;

/** A figure of the manager's page. */
export function figures(program: Fields, step: Fields): Record<string, unknown> {
  const of = (key: string): number => number(step, key) ?? 0;
  switch (text(program, 'name')) {
    case 'repeat_purchase_rate':
      return { value: value(repeatPurchaseRate(numbers(step, 'orders_per_member'))) };
    case 'nps': {
      const nps = netPromoterScore(numbers(step, 'scores'));
      return { ...nps, value: value(nps.score) };
    }
    case 'cli':
      return { value: value(customerLoyaltyIndex(numbers(step, 'answers'))) };
    case 'retention':
      return { value: value(retentionRate(of('start'), of('end'), of('new'))) };
    case 'clv': {
      const clv = customerLifetimeValue({
        averageSaleMinor: rational(minor(of('avg_sale'))),
        salesPerYear: exact(step, 'per_year'),
        years: exact(step, 'years'),
        margin: exact(step, 'margin'),
      });
      return { revenue_clv: minorValue(clv.revenueMinor), margin_clv: minorValue(clv.marginMinor) };
    }
    case 'redemption_rate': {
      const rates = redemptionRates({
        issued: of('issued'),
        redeemed: of('redeemed'),
        expired: of('expired'),
        reversed: of('reversed'),
      });
      return {
        redemption_rate: value(rates.redemptionRate),
        breakage_rate: value(rates.breakageRate),
        outstanding: rates.outstanding,
      };
    }
    case 'coupon_incrementality': {
      const group = (key: string) => ({
        members: number(fields(step, key), 'members') ?? 0,
        marginMinor: minor(number(fields(step, key), 'margin') ?? 0),
      });
      const lift = couponIncrementality(group('test'), group('control'), minor(of('coupon_cost')));
      return {
        lift_per_member: minorValue(lift?.liftPerMemberMinor),
        gross_incremental: minorValue(lift?.grossMinor),
        net_incremental: minorValue(lift?.netMinor),
      };
    }
    default:
      return {};
  }
}

/** Accounting in whole money units of the case. */
export const accounts = {
  allocate(program: Fields, step: Fields): Record<string, unknown> {
    const split = splitSales(
      number(step, 'sales') ?? 0,
      rational(number(program, 'expected_redeemed') ?? 0),
    );
    return {
      ssp_points: split.pointsPriceMinor,
      product: split.goodsMinor,
      points: split.pointsMinor,
    };
  },
  year_end(program: Fields, step: Fields): Record<string, unknown> {
    const { revenueMinor, liabilityMinor } = recogniseRevenue(
      number(program, 'allocated') ?? 0,
      number(step, 'redeemed_cum') ?? 0,
      number(step, 'expected') ?? 0,
    );
    return { revenue: revenueMinor, liability: liabilityMinor };
  },
  day_close(_program: Fields, step: Fields): Record<string, unknown> {
    const of = (key: string): number => number(step, key) ?? 0;
    return {
      closing_liability_points: closingBalance(of('opening_liability_points'), {
        earned: of('earned'),
        redeemed: of('redeemed'),
        expired: of('expired'),
        adjusted: of('adjusted'),
        reversed: of('reversed'),
      }),
    };
  },
};
