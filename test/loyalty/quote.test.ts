import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { noRefunds, refund } from '#loyalty/refund.ts';
import { freezeSale, saleSnapshot } from '#loyalty/sale.ts';
import { markets } from '#loyalty/market.ts';
import { earningsMax } from '#loyalty/quote-types.ts';
import { quote } from '#loyalty/quote.ts';
import {
  anySale,
  hostileSale,
  inputOf,
  line,
  memberWith,
  points,
  programmeOf,
  runs,
  settings,
} from './arrange.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('any quote', () => {
  it('never falls below zero, in total or on a line', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const result = quote(input);
        expect(result.dueMinor).toBeGreaterThanOrEqual(0);
        for (const one of result.lines) {
          expect(one.discountMinor).toBeGreaterThanOrEqual(0);
          expect(one.discountMinor).toBeLessThanOrEqual(one.grossMinor);
          expect(one.paidByValueMinor).toBeLessThanOrEqual(one.netMinor);
        }
      }),
      runs,
    );
  });

  it('allocates each redemption to lines so that it sums exactly', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const result = quote(input);
        for (const done of result.redemptions) {
          const parts = sum(done.parts.map(({ amountMinor }) => amountMinor));
          expect(parts).toBe(done.valueMinor - done.roundingMinor);
        }
        const discounts = result.redemptions.filter(({ stage }) => stage === 'discount');
        expect(sum(discounts.map(({ valueMinor }) => valueMinor))).toBe(result.discountMinor);
        expect(result.subtotalMinor - result.discountMinor).toBe(result.totalMinor);
        expect(sum(result.taxGroups.map((group) => group.taxMinor + group.netMinor))).toBe(
          result.totalMinor,
        );
      }),
      runs,
    );
  });

  it('never spends more points than there are, and explains every point it gives', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const result = quote(input);
        const spent = sum(result.redemptions.map((done) => done.points));
        expect(spent).toBeLessThanOrEqual(input.member?.standings['club']?.available ?? 0);
        for (const earning of result.earnings) {
          expect(sum(Object.values(earning.breakdown))).toBe(earning.points);
          expect(earning.qualifyingPoints).toBeLessThanOrEqual(earning.points);
        }
      }),
      runs,
    );
  });

  it('can be made, frozen and returned whole, whatever was rung up', () => {
    fc.assert(
      fc.property(hostileSale, (input) => {
        const result = quote(input);
        const parts = result.lines.map((one) => one.netMinor - one.paidByValueMinor);
        expect(sum(parts) + result.roundingMinor).toBe(result.dueMinor);
        const sale = saleSnapshot.parse(freezeSale(input, result));
        const back = refund({
          sale,
          programmes: input.programmes,
          returning: { kind: 'everything' },
          before: noRefunds,
          settings: input.settings,
          available: {},
        });
        const nothingThere = sale.lines.every((one) => one.quantityMilli === 0);
        expect(back.ok).toBe(!nothingThere);
      }),
      runs,
    );
  });

  it('is the same for the same input', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        expect(quote(structuredClone(input))).toEqual(quote(input));
      }),
      runs,
    );
  });

  it('keeps its promise: an available offer, once claimed, gives just what it said', () => {
    fc.assert(
      fc.property(anySale, (input) => {
        const before = quote({ ...input, claims: [] });
        const offer = before.offers.find(({ state }) => state === 'available');
        if (offer === undefined) return;
        const after = quote({ ...input, claims: [claimReward(offer.programme, offer.reward)] });
        const [done] = after.redemptions;
        expect(done?.points).toBe(offer.costPoints);
        expect(done?.valueMinor).toBe(offer.worthMinor);
      }),
      runs,
    );
  });
});

describe('a quote of the demo programme', () => {
  const gold = memberWith({ tier: 'gold', available: 812 });

  it('earns 23 points for 18.40 at gold 1.25 and says why', () => {
    const result = quote(inputOf([line(1840)], { programmes: [points], member: gold }));
    expect(result.earnings).toMatchObject([
      { points: 23, basisMinor: 1840, breakdown: { base: 18, 'tier:gold': 5 } },
    ]);
    expect(result.trace).toEqual([
      { code: 'basket', params: { subtotalMinor: 1840, totalMinor: 1840 } },
      {
        code: 'earn-per-money',
        params: {
          programme: 'points',
          rule: 'base',
          exact: '18.4',
          basisMinor: 1840,
          points: '1',
          perMinor: 100,
        },
      },
      {
        code: 'earn-tier',
        params: { programme: 'points', tier: 'gold', by: '1.25', exact: '23' },
      },
      {
        code: 'earn-total',
        params: { programme: 'points', exact: '23', rounding: 'floor', points: 23 },
      },
    ]);
  });

  it('offers what can be used now, worth most first, with what stays', () => {
    const result = quote(inputOf([line(8000)], { programmes: [points], member: gold }));
    expect(
      result.offers.map((offer) => [
        offer.reward,
        offer.state,
        offer.costPoints,
        offer.worthMinor,
        offer.remainingPoints,
      ]),
    ).toEqual([
      ['pay-with-points', 'available', 800, 8000, 12],
      ['fifty-off', 'available', 500, 5000, 312],
      ['ten-off', 'available', 100, 1000, 712],
    ]);
  });

  it('attaches a typed number in Turkey without earning or spending: the receipt can be claimed', () => {
    const declared = { ...gold, proof: 'declared' as const };
    const claims = [claimReward('points', 'ten-off')];
    const result = quote(inputOf([line(1840)], { programmes: [points], member: declared, claims }));
    expect(result.earnings).toEqual([]);
    expect(result.claimable).toMatchObject([{ points: 23 }]);
    expect(result.redemptions).toEqual([]);
    expect(result.refused).toMatchObject([
      { reason: { code: 'proof-needed', params: { needed: 'verified' } } },
    ]);
    const inGermany = { ...settings, market: markets.DE };
    const there = quote(
      inputOf([line(1840)], { programmes: [points], member: declared, settings: inGermany }),
    );
    expect(there.earnings).toMatchObject([{ points: 23 }]);
  });

  it('lets a scanned printed card earn in Turkey and asks for more before it spends', () => {
    const presented = { ...gold, proof: 'presented' as const };
    const result = quote(inputOf([line(1840)], { programmes: [points], member: presented }));
    expect(result.earnings).toMatchObject([{ points: 23 }]);
    expect(result.offers.every(({ reason }) => reason?.code === 'proof-needed')).toBe(true);
  });

  it('says how many points are missing, and that they are elsewhere when offline', () => {
    const poor = quote(
      inputOf([line(8000)], { programmes: [points], member: memberWith({ available: 60 }) }),
    );
    expect(poor.offers.find(({ reward }) => reward === 'ten-off')?.reason).toEqual({
      code: 'not-enough-points',
      params: { missing: 40, have: 60, cost: 100 },
    });
    const offline = quote(
      inputOf([line(8000)], {
        programmes: [points],
        member: memberWith({ available: 800, spendableHere: 60 }),
      }),
    );
    expect(offline.offers.find(({ reward }) => reward === 'ten-off')?.reason).toEqual({
      code: 'offline-limit',
      params: { spendable: 60, have: 800 },
    });
  });

  it('tells the tier reached with this very sale and what the next one takes', () => {
    const almost = memberWith({ tier: 'basic', measures: { 'earned-points': 490 } });
    const result = quote(inputOf([line(2000)], { programmes: [points], member: almost }));
    expect(result.tiers).toMatchObject([
      { before: 'basic', after: 'silver', next: { tier: 'gold', missing: 1490 } },
    ]);
  });
});

describe('programmes whose rules are about other goods', () => {
  const garden = (id: string) =>
    programmeOf({
      id,
      rules: [
        {
          id: 'garden',
          name: { en: 'Garden' },
          lines: { categories: ['garden'] },
          effect: { kind: 'per-unit', points: '1' },
        },
      ],
    });
  const totals = (programmes: readonly ReturnType<typeof programmeOf>[]) =>
    quote(inputOf([line(500)], { programmes }))
      .trace.filter(({ code }) => code === 'earn-total')
      .map(({ params }) => params);

  it('are not in the explanation of what others gave', () => {
    expect(totals([garden('spring'), programmeOf(), garden('autumn')])).toEqual([
      { programme: 'club', exact: '5', rounding: 'floor', points: 5 },
    ]);
  });

  it('say once that nobody gave anything', () => {
    expect(totals([garden('spring'), garden('autumn')])).toEqual([
      { programme: 'spring', exact: '0', rounding: 'floor', points: 0 },
    ]);
  });
});

it('gives points in as many programmes as one sale can be written down with', () => {
  const programmes = Array.from({ length: earningsMax + 3 }, (_, index) =>
    programmeOf({ id: `club-${index}` }),
  );
  const { earnings } = quote(inputOf([line(500)], { programmes }));
  expect(earnings.map(({ programme }) => programme)).toEqual(
    programmes.slice(0, earningsMax).map(({ id }) => id),
  );
});

describe('what a sale gives beside points', () => {
  it.each([
    [
      { kind: 'unlock', benefit: { en: 'Tasting' } },
      { kind: 'benefit', benefit: { en: 'Tasting' } },
    ],
    [
      { kind: 'badge', badge: 'first' },
      { kind: 'badge', badge: 'first' },
    ],
    [
      { kind: 'voucher', template: { points: 5 } },
      { kind: 'voucher', points: 5 },
    ],
  ] as const)('comes with the one rule that gives it: %j', (effect, award) => {
    const programme = programmeOf({ rules: [{ id: 'only', name: { en: 'Only' }, effect }] });
    const given = quote(inputOf([line(500)], { programmes: [programme] })).awards;
    expect(given).toMatchObject([{ ...award, rule: 'only' }]);
  });
});

describe('an unaffordable or pointless claim', () => {
  it('names the highest amount that would be allowed', () => {
    const programme = programmeOf({
      rewards: [
        {
          id: 'pay',
          name: { en: 'Pay' },
          costPoints: 1,
          value: { kind: 'per-point', valueMinor: 1 },
          mostPerSale: null,
        },
      ],
      redemption: { maxPercentOfSale: '50' },
    });
    const result = quote(
      inputOf([line(10_000)], {
        programmes: [programme],
        member: memberWith({ available: 9000 }),
        claims: [claimReward('club', 'pay', { points: 6000 })],
      }),
    );
    expect(result.refused).toMatchObject([
      { reason: { code: 'highest-allowed', params: { points: 5000, valueMinor: 5000 } } },
    ]);
    expect(result.dueMinor).toBe(10_000);
  });

  it('takes no more points than were asked for, whatever the reward gives', () => {
    const asked = (more: object, points: number) =>
      quote(
        inputOf([line(10_000)], {
          programmes: [
            programmeOf({
              rewards: [
                {
                  id: 'off',
                  name: { en: 'Off' },
                  costPoints: 10,
                  value: { kind: 'fixed', amountMinor: 500 },
                  ...more,
                },
              ],
            }),
          ],
          member: memberWith({ available: 90 }),
          claims: [claimReward('club', 'off', { points })],
        }),
      );
    expect(asked({ mostPerSale: null }, 25).redemptions).toMatchObject([{ points: 20 }]);
    expect(asked({ mostPerSale: null, minPoints: 50 }, 20).redemptions).toMatchObject([
      { points: 20 },
    ]);
    expect(asked({}, 9)).toMatchObject({
      redemptions: [],
      refused: [{ reason: { code: 'not-enough-points', params: { missing: 1, have: 9 } } }],
    });
  });

  it('says how much more must be in the basket', () => {
    const programme = programmeOf({
      rewards: [
        {
          id: 'off',
          name: { en: 'Off' },
          costPoints: 10,
          value: { kind: 'fixed', amountMinor: 500 },
          minSaleMinor: 5000,
        },
      ],
    });
    const result = quote(
      inputOf([line(3800)], { programmes: [programme], member: memberWith({ available: 50 }) }),
    );
    expect(result.offers).toMatchObject([
      { state: 'unavailable', reason: { code: 'minimum-amount', params: { missingMinor: 1200 } } },
    ]);
  });
});
