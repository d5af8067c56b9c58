import { closingBalance, recogniseRevenue, splitSales } from '#loyalty/accounting.ts';
import * as metrics from '#loyalty/metrics.ts';
import { decimal, type Fields, fields, number, text } from './notation/fields.ts';
import { divide, rate, type Rational, rational, toNumber } from '#loyalty/rational.ts';
import type { Verbs } from './sale-verbs.ts';
import type { Shown, World } from './world.ts';

const of = (step: Fields, key: string): number => number(step, key) ?? 0;
const exact = (step: Fields, key: string): Rational => rate(decimal(of(step, key)));
const numbers = (step: Fields, key: string): number[] => Object.values(step[key] ?? {}).map(Number);

const decimalOf = (figure: Rational | null | undefined): number | null =>
  figure === null || figure === undefined ? null : toNumber(figure);
const moneyOf = (figure: Rational | undefined): number | null =>
  figure === undefined ? null : toNumber(divide(figure, rational(100)));
const pick = <Key extends string>(step: Fields, ...keys: readonly Key[]): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, of(step, key)])) as Record<Key, number>;

const figures: Readonly<Record<string, (step: Fields, world: World) => Shown>> = {
  repeat_purchase_rate: (step) => ({
    value: decimalOf(metrics.repeatPurchaseRate(numbers(step, 'orders_per_member'))),
  }),
  nps: (step) => {
    const nps = metrics.netPromoterScore(numbers(step, 'scores'));
    return { ...nps, value: decimalOf(nps.score) };
  },
  cli: (step) => ({ value: decimalOf(metrics.customerLoyaltyIndex(numbers(step, 'answers'))) }),
  retention: (step) => ({
    value: decimalOf(metrics.retentionRate(of(step, 'start'), of(step, 'end'), of(step, 'new'))),
  }),
  clv: (step, world) => {
    const clv = metrics.customerLifetimeValue({
      averageSaleMinor: rational(world.minor(of(step, 'avg_sale'))),
      salesPerYear: exact(step, 'per_year'),
      years: exact(step, 'years'),
      margin: exact(step, 'margin'),
    });
    return { revenue_clv: moneyOf(clv.revenueMinor), margin_clv: moneyOf(clv.marginMinor) };
  },
  redemption_rate: (step) => {
    const rates = metrics.redemptionRates(pick(step, 'issued', 'redeemed', 'expired', 'reversed'));
    return {
      redemption_rate: decimalOf(rates.redemptionRate),
      breakage_rate: decimalOf(rates.breakageRate),
      outstanding: rates.outstanding,
    };
  },
  coupon_incrementality: (step, world) => {
    const group = (key: string) => ({
      members: of(fields(step, key), 'members'),
      marginMinor: world.minor(of(fields(step, key), 'margin')),
    });
    const cost = world.minor(of(step, 'coupon_cost'));
    const lift = metrics.couponIncrementality(group('test'), group('control'), cost);
    return {
      lift_per_member: moneyOf(lift?.liftPerMemberMinor),
      gross_incremental: moneyOf(lift?.grossMinor),
      net_incremental: moneyOf(lift?.netMinor),
    };
  },
};

/** Verbs about the manager's figures and the books; the books count in whole units of money. */
export const figureVerbs: Verbs = {
  metric: (world, step) => figures[text(world.program, 'name') ?? '']?.(step, world) ?? {},
  allocate: (world, step) => {
    const price = exact(world.program, 'expected_redeemed');
    const split = splitSales(of(step, 'sales'), price);
    return {
      ssp_points: split.pointsPriceMinor,
      product: split.goodsMinor,
      points: split.pointsMinor,
    };
  },
  year_end: (world, step) => {
    const [redeemed, expected] = [of(step, 'redeemed_cum'), of(step, 'expected')];
    const done = recogniseRevenue(of(world.program, 'allocated'), redeemed, expected);
    return { revenue: done.revenueMinor, liability: done.liabilityMinor };
  },
  day_close: (_, step) => {
    const day = pick(step, 'earned', 'redeemed', 'expired', 'adjusted', 'reversed');
    return { closing_liability_points: closingBalance(of(step, 'opening_liability_points'), day) };
  },
};
