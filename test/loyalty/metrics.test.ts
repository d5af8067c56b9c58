import { describe, expect, it } from 'vitest';
import {
  allocatedToPoints,
  closingBalance,
  recogniseRevenue,
  splitSales,
} from '#loyalty/accounting.ts';
import {
  couponIncrementality,
  customerLifetimeValue,
  customerLoyaltyIndex,
  netPromoterScore,
  redemptionRates,
  repeatPurchaseRate,
  retentionRate,
} from '#loyalty/metrics.ts';
import { messagesDue, messagesOnBalance } from '#loyalty/milestones.ts';
import { formatRational, rate, rational } from '#loyalty/rational.ts';
import { spendable } from '#loyalty/ledger.ts';
import { noonMs, programmeOf } from './arrange.ts';
import { got, ledgerOf, withPoints } from './arrange-ledger.ts';
import { applyCommand } from '#loyalty/commands-apply.ts';
import { ledgerCommand } from '#loyalty/commands.ts';

const shown = (value: Parameters<typeof formatRational>[0] | null): string | null =>
  value === null ? null : formatRational(value);

describe('a figure of the manager', () => {
  it('is exact, and nothing where there is nothing to say', () => {
    expect(shown(repeatPurchaseRate([1, 2, 5, 1]))).toBe('0.5');
    expect(repeatPurchaseRate([])).toBeNull();
    expect(shown(retentionRate(200, 210, 40))).toBe('0.85');
    expect(retentionRate(0, 5, 5)).toBeNull();
  });

  it('scores recommendation from −100 to 100', () => {
    const nps = netPromoterScore([10, 9, 9, 8, 7, 7, 6, 5, 10, 3]);
    expect({ ...nps, score: shown(nps.score) }).toEqual({
      score: '10',
      promoters: 4,
      passives: 3,
      detractors: 3,
    });
    expect(netPromoterScore([]).score).toBeNull();
  });

  it('averages three loyalty answers, and does not count an incomplete one', () => {
    expect(
      [
        [1, 2, 3],
        [1, 1, 1],
        [6, 6, 6],
        [1, 2],
        [0, 1, 2],
      ].map((answers) => shown(customerLoyaltyIndex(answers))),
    ).toEqual(['80', '100', '0', null, null]);
  });

  it('values a customer by revenue and by margin', () => {
    const value = customerLifetimeValue({
      averageSaleMinor: rational(2500),
      salesPerYear: rational(12),
      years: rational(3),
      margin: rate('0.4'),
    });
    expect([shown(value.revenueMinor), shown(value.marginMinor)]).toEqual(['90000', '36000']);
  });

  it('ties issued points to redeemed, expired, reversed and outstanding ones', () => {
    const rates = redemptionRates({ issued: 10_000, redeemed: 6500, expired: 500, reversed: 0 });
    expect([shown(rates.redemptionRate), shown(rates.breakageRate), rates.outstanding]).toEqual([
      '0.65',
      '0.05',
      3000,
    ]);
  });

  it('compares a coupon with a control group that is large enough', () => {
    const lift = couponIncrementality(
      { members: 1000, marginMinor: 820_000 },
      { members: 100, marginMinor: 70_000 },
      60_000,
    );
    expect([
      shown(lift?.liftPerMemberMinor ?? null),
      shown(lift?.grossMinor ?? null),
      shown(lift?.netMinor ?? null),
    ]).toEqual(['120', '120000', '60000']);
    expect(
      couponIncrementality({ members: 1000, marginMinor: 1 }, { members: 29, marginMinor: 1 }, 0),
    ).toBeNull();
  });
});

describe('the books', () => {
  it('follow the worked example of IFRS 15 to the unit', () => {
    expect(splitSales(100_000, rational(9500))).toEqual({
      pointsPriceMinor: 9500,
      goodsMinor: 91_324,
      pointsMinor: 8676,
    });
    expect(recogniseRevenue(8676, 4500, 9500)).toEqual({
      revenueMinor: 4110,
      liabilityMinor: 4566,
    });
    expect(recogniseRevenue(8676, 8500, 9700)).toEqual({
      revenueMinor: 7603,
      liabilityMinor: 1073,
    });
    expect(recogniseRevenue(8676, 9700, 9700)).toEqual({ revenueMinor: 8676, liabilityMinor: 0 });
  });

  it('defer part of a sale for its points, or nothing with the simple method', () => {
    const deferred = programmeOf({
      accounting: { method: 'deferred', pointValueMinor: '100', expectedRedemptionPercent: '95' },
    });
    expect(allocatedToPoints(deferred, 100, 100_000)).toBe(8676);
    expect(allocatedToPoints(programmeOf(), 100, 100_000)).toBe(0);
  });

  it('close a day by opening and movements', () => {
    const day = { earned: 300, redeemed: 120, expired: 30, adjusted: -10, reversed: -20 };
    expect(closingBalance(1000, day)).toBe(1120);
  });
});

describe('a message', () => {
  it('is the highest milestone crossed, and none when points fall', () => {
    const milestones = [
      { on: 'balance', points: 50, send: 'fifty' },
      { on: 'balance', points: 100, send: 'hundred' },
    ] as const;
    expect(messagesOnBalance(milestones, 0, 120)).toEqual(['hundred']);
    expect(messagesOnBalance(milestones, 50, 99)).toEqual([]);
    expect(messagesOnBalance(milestones, 120, 0)).toEqual([]);
    expect(messagesOnBalance(milestones, 0, 50)).toEqual(['fifty']);
  });

  it('is due for joining, and for what happened to the points in between', () => {
    const milestones = [
      { on: 'enrol', send: 'welcome' },
      { on: 'balance', points: 50, send: 'fifty' },
    ] as const;
    const before = ledgerOf(programmeOf());
    const enrol = ledgerCommand.parse({ command: 'enrol', member: 'anna', atMs: noonMs });
    const joined = got(applyCommand(before, enrol)).ledger;
    const after = withPoints(joined, 'anna', 60);
    const due = (one: typeof before, two: typeof before): string[] =>
      messagesDue(milestones, spendable('anna', 'club'), one, two, noonMs);
    expect(due(before, joined)).toEqual(['welcome']);
    expect(due(joined, after)).toEqual(['fifty']);
    expect(due(before, after)).toEqual(['welcome', 'fifty']);
    expect(due(after, after)).toEqual([]);
  });
});
