import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimReward } from '#loyalty/claim-item.ts';
import { creditPoints } from '#loyalty/ledger-points.ts';
import { measuresFor } from '#loyalty/ledger-facts.ts';
import { quoteInputFor, settleSale } from '#loyalty/ledger-sale.ts';
import { returnSale } from '#loyalty/ledger-return.ts';
import { freshMember } from '#loyalty/member.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { quote } from '#loyalty/quote.ts';
import { anyLines, inputOf, line, memberWith, noonMs, programmeOf, runs } from './arrange.ts';
import { got, ledgerOf, request, withPoints } from './arrange-ledger.ts';

const tiers: ProgrammeDocument['tiers'] = [
  { id: 'basic', name: { en: 'Basic' } },
  { id: 'gold', name: { en: 'Gold' }, criteria: { metric: 'earned-points', atLeast: 100 } },
];
const club = programmeOf({ tiers });
const to = (metric: string, atLeast: number): ProgrammeDocument['tiers'] => [
  { id: 'basic', name: { en: 'Basic' } },
  { id: 'gold', name: { en: 'Gold' }, criteria: { metric: metric as 'units', atLeast } },
];

describe('the tier a sale reaches', () => {
  it('counts the points this sale earns, and says what is missing', () => {
    const member = memberWith({ measures: { 'earned-points': 30 } });
    const [reached] = quote(inputOf([line(6000)], { programmes: [club], member })).tiers;
    expect(reached).toEqual({
      programme: 'club',
      before: null,
      after: 'basic',
      next: {
        tier: 'gold',
        name: { en: 'Gold' },
        metric: 'earned-points',
        missing: 10,
        atLeast: 100,
      },
    });
    const [gold] = quote(inputOf([line(7000)], { programmes: [club], member })).tiers;
    expect(gold).toEqual({ programme: 'club', before: null, after: 'gold', next: null });
  });

  it('does not count points of somebody who may not earn yet', () => {
    const member = freshMember('m', 'declared');
    const told = quote(inputOf([line(20_000)], { programmes: [club], member }));
    expect(told.earnings).toEqual([]);
    expect(told.tiers).toMatchObject([{ after: 'basic', next: { missing: 100 } }]);
  });

  it('does not count points that a blocked member, a child or a redeeming sale does not earn', () => {
    const blocked = memberWith({ enabled: false });
    const missing = (more: Partial<ProgrammeDocument>, member = memberWith({}), claims = {}) =>
      quote(
        inputOf([line(20_000)], {
          programmes: [programmeOf({ tiers, ...more })],
          member,
          ...claims,
        }),
      ).tiers[0]?.next?.missing ?? 0;
    expect(missing({}, blocked)).toBe(100);
    expect(missing({ earning: { minimumAge: 15 } }, { ...memberWith({}), age: 14 })).toBe(100);
    expect(missing({ earning: { minimumAge: 15 } }, { ...memberWith({}), age: 15 })).toBe(0);
    const rewards: ProgrammeDocument['rewards'] = [
      { id: 'off', name: { en: 'Off' }, costPoints: 5, value: { kind: 'fixed', amountMinor: 100 } },
    ];
    const redeeming = { rewards, earning: { earnsWhenRedeeming: false } };
    const claims = { claims: [claimReward('club', 'off')] };
    expect(missing(redeeming, memberWith({ available: 9 }), claims)).toBe(100);
    expect(missing(redeeming, memberWith({ available: 9 }))).toBe(0);
  });

  it('counts only the points that a cap leaves', () => {
    const capped = programmeOf({ tiers, caps: { perSale: 40 } });
    const told = quote(inputOf([line(20_000)], { programmes: [capped] }));
    expect(told.earnings[0]?.points).toBe(40);
    expect(told.tiers).toMatchObject([{ after: 'basic', next: { missing: 60 } }]);
  });

  it('waits for the next period, or leaves this sale out, where the programme says so', () => {
    const later = programmeOf({ tiers, tierSettings: { starts: 'next-period' } });
    const member = memberWith({ tier: 'basic' });
    const afterwards = quote(inputOf([line(20_000)], { programmes: [later], member })).tiers;
    expect(afterwards).toMatchObject([{ before: 'basic', after: 'basic', next: { missing: 0 } }]);
    const without = programmeOf({ tiers, tierSettings: { includeCurrentSale: false } });
    const left = quote(inputOf([line(20_000)], { programmes: [without], member })).tiers;
    expect(left).toMatchObject([{ after: 'basic', next: { missing: 100 } }]);
  });

  it('is never lower than the one that is held', () => {
    const member = memberWith({ tier: 'gold' });
    const [held] = quote(inputOf([line(100)], { programmes: [club], member })).tiers;
    expect(held).toEqual({ programme: 'club', before: 'gold', after: 'gold', next: null });
  });

  it('is nobody’s without a member, a tier or a programme of members', () => {
    const told = (more: Partial<ProgrammeDocument>, member = memberWith({})) =>
      quote(inputOf([line(100)], { programmes: [programmeOf({ tiers, ...more })], member })).tiers;
    expect(told({ tiers: [] })).toEqual([]);
    expect(told({ holder: 'sale' })).toEqual([]);
    expect(quote(inputOf([line(100)], { programmes: [club], member: null })).tiers).toEqual([]);
  });
});

describe('the measures of a sale', () => {
  const metrics = ['spend-minor', 'visits', 'units', 'earned-points', 'base-points', 'balance'];
  const most = 100_000_000;
  const off: ProgrammeDocument['rewards'] = [
    { id: 'off', name: { en: 'Off' }, costPoints: 15, value: { kind: 'fixed', amountMinor: 100 } },
  ];
  const programmes = metrics.map((metric) =>
    programmeOf({ id: metric, tiers: to(metric, most), caps: { perSale: 150 }, rewards: off }),
  );

  it('are the same in the quote and in the ledger afterwards', () => {
    fc.assert(
      fc.property(anyLines, fc.constantFrom('declared', 'verified'), (lines, proof) => {
        const account = { holder: 'anna', programme: 'balance', purpose: 'spendable' } as const;
        const gift = { account, points: 40, source: 'gift', atMs: noonMs };
        const before = got(creditPoints(ledgerOf(...programmes), gift));
        const claims = [claimReward('balance', 'off')];
        const asked = request('s1', 100, { basket: { currency: 'TRY', lines }, proof, claims });
        const told = quote(quoteInputFor(before, asked)).tiers;
        const after = got(settleSale(before, asked)).ledger;
        const measured = programmes.map(
          (programme) => measuresFor(after, programme, 'anna', noonMs)[programme.id],
        );
        expect(told.map(({ next }) => most - (next?.missing ?? 0))).toEqual(measured);
      }),
      runs,
    );
  });

  it('fall to nothing when the sale is returned, whatever it was paid with', () => {
    const wallet: ProgrammeDocument['rewards'] = [
      {
        id: 'pay',
        name: { en: 'Pay' },
        costPoints: 1,
        value: { kind: 'per-point', valueMinor: 1 },
        stage: 'payment',
        mostPerSale: null,
      },
    ];
    const programme = programmeOf({ tiers, rewards: wallet });
    const lines = [
      line(1000, { id: 'a', quantityMilli: 2000 }),
      line(500, { id: 'tip', kind: 'tip' }),
    ];
    const asked = request('s1', 100, {
      basket: { currency: 'TRY', lines },
      claims: [claimReward('club', 'pay')],
    });
    const sold = got(settleSale(withPoints(ledgerOf(programme), 'anna', 2500), asked)).ledger;
    const measured = (ledger: typeof sold) => measuresFor(ledger, programme, 'anna', noonMs);
    expect(measured(sold)).toMatchObject({ 'spend-minor': 2000, units: 2, visits: 1 });
    const returning = { kind: 'lines' as const, lines: [{ line: 'a', quantityMilli: 1000 }] };
    const half = got(returnSale(sold, { saleId: 's1', source: 'r1', returning, nowMs: noonMs }));
    expect(measured(half.ledger)).toMatchObject({ 'spend-minor': 1000, units: 1, visits: 1 });
    const rest = {
      saleId: 's1',
      source: 'r2',
      returning: { kind: 'everything' },
      nowMs: noonMs,
    } as const;
    const none = got(returnSale(half.ledger, rest)).ledger;
    expect(measured(none)).toMatchObject({ 'spend-minor': 0, units: 0, visits: 0 });
  });
});
