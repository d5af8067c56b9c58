import { describe, expect, it } from 'vitest';
import { figureField, figureOf } from '#loyalty/figures.ts';

const parts = (request: unknown) => figureOf(figureField.parse(request));

describe('a figure by its name', () => {
  it.each([
    [{ figure: 'repeat-purchase-rate', salesPerCustomer: [1, 2, 5, 1] }, { value: 0.5 }],
    [{ figure: 'repeat-purchase-rate', salesPerCustomer: [] }, { value: null }],
    [
      { figure: 'net-promoter-score', scores: [10, 9, 7, 0] },
      { value: 25, promoters: 2, passives: 1, detractors: 1 },
    ],
    [{ figure: 'customer-loyalty-index', answers: [1, 2, 3] }, { value: 80 }],
    [{ figure: 'retention-rate', start: 200, end: 210, added: 40 }, { value: 0.85 }],
    [
      {
        figure: 'customer-lifetime-value',
        averageSaleMinor: 2500,
        salesPerYear: '12',
        years: '3',
        margin: '0.4',
      },
      { revenueMinor: 90_000, marginMinor: 36_000 },
    ],
    [
      { figure: 'redemption-rate', issued: 100, redeemed: 60, expired: 10 },
      { redemptionRate: 0.6, breakageRate: 0.1, outstanding: 30 },
    ],
    [
      {
        figure: 'deferred-split',
        salesMinor: 10_000_000,
        expectedRedeemed: 9500,
        pointValueMinor: '100',
      },
      { pointsPriceMinor: 950_000, goodsMinor: 9_132_420, pointsMinor: 867_580 },
    ],
    [
      { figure: 'recognised-revenue', allocatedMinor: 9000, redeemed: 4500, expected: 9700 },
      { revenueMinor: 4175, liabilityMinor: 4825 },
    ],
    [{ figure: 'closing-points', opening: 10, earned: 5, redeemed: 2 }, { closing: 13 }],
  ])('is worked out from plain numbers: %j', (request, figure) => {
    expect(parts(request)).toEqual(figure);
  });

  it('says nothing where the control group is too small', () => {
    const [test, control] = [
      { members: 100, marginMinor: 50_000 },
      { members: 29, marginMinor: 9000 },
    ];
    const request = { figure: 'coupon-incrementality', test, control, couponCostMinor: 100 };
    expect(parts(request)).toMatchObject({ liftPerMemberMinor: null, netIncrementalMinor: null });
    expect(parts({ ...request, control: { members: 50, marginMinor: 10_000 } })).toEqual({
      liftPerMemberMinor: 300,
      grossIncrementalMinor: 30_000,
      netIncrementalMinor: 29_900,
      liftShare: 1.5,
    });
  });

  it('refuses a name or a number that nobody knows', () => {
    expect(figureField.safeParse({ figure: 'luck' }).success).toBe(false);
    expect(figureField.safeParse({ figure: 'net-promoter-score', scores: [11] }).success).toBe(
      false,
    );
  });
});
