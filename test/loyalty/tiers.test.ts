import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { nextTier, reviewTier, termOf, tierFor, tierRank } from '#loyalty/tiers.ts';
import { programmeOf, runs } from './arrange.ts';

const tiers: ProgrammeDocument['tiers'] = [
  { id: 'member', name: { en: 'Member' } },
  {
    id: 'silver',
    name: { en: 'Silver' },
    criteria: {
      anyOf: [
        { metric: 'custom:nights', atLeast: 10 },
        { metric: 'visits', atLeast: 4 },
      ],
    },
  },
  {
    id: 'top',
    name: { en: 'Top' },
    criteria: {
      allOf: [
        {
          anyOf: [
            { metric: 'custom:nights', atLeast: 80 },
            { metric: 'visits', atLeast: 40 },
          ],
        },
        { metric: 'spend-minor', atLeast: 1_800_000 },
      ],
    },
  },
];
const nested = programmeOf({ tiers });
const byYear = programmeOf({
  tiers: [
    { id: 'basic', name: { en: 'Basic' } },
    { id: 'silver', name: { en: 'Silver' }, criteria: { metric: 'earned-points', atLeast: 100 } },
    { id: 'gold', name: { en: 'Gold' }, criteria: { metric: 'earned-points', atLeast: 500 } },
  ],
  tierSettings: { window: { kind: 'calendar-year' }, validity: { kind: 'end-of-next-period' } },
});

describe('a tier', () => {
  it('is reached by any or all of several measures, thresholds inclusive', () => {
    expect(tierFor(nested, { 'custom:nights': 10 })).toBe('silver');
    expect(tierFor(nested, { 'custom:nights': 9, visits: 3 })).toBe('member');
    expect(tierFor(nested, { 'custom:nights': 80, 'spend-minor': 1_799_999 })).toBe('silver');
    expect(tierFor(nested, { visits: 40, 'spend-minor': 1_800_000 })).toBe('top');
  });

  it('says what the next one still takes', () => {
    expect(nextTier(byYear, 'silver', { 'earned-points': 312 })).toMatchObject({
      tier: { id: 'gold' },
      missing: 188,
      atLeast: 500,
    });
    expect(nextTier(byYear, 'gold', { 'earned-points': 900 })).toBeNull();
  });

  it('holds for the rest of the year and the whole next one', () => {
    const reached = reviewTier(
      byYear,
      { tier: 'basic', since: '2026-01-01', through: null },
      { 'earned-points': 500 },
      '2026-05-10',
    );
    expect(reached).toMatchObject({
      held: { tier: 'gold', since: '2026-05-10', through: '2027-12-31' },
      event: { kind: 'up', to: 'gold', source: 'tier-club-gold-2026-05-10' },
    });
    const kept = reviewTier(byYear, reached.held, {}, '2027-12-31');
    expect(kept).toMatchObject({ held: { tier: 'gold' }, event: null });
    const lost = reviewTier(byYear, kept.held, {}, '2028-01-01');
    expect(lost).toMatchObject({ held: { tier: 'basic' }, event: { kind: 'down', from: 'gold' } });
  });

  it('falls one level at a time, or not at all, where the programme says so', () => {
    const gold = { tier: 'gold', since: '2026-05-10', through: '2027-12-31' };
    const byPolicy = (downgrade: 'none' | 'one-level' | 'full') =>
      reviewTier(
        { ...byYear, tierSettings: { ...byYear.tierSettings, downgrade } },
        gold,
        {},
        '2028-01-01',
      ).held.tier;
    expect([byPolicy('none'), byPolicy('one-level'), byPolicy('full')]).toEqual([
      'gold',
      'silver',
      'basic',
    ]);
  });

  it('is told once: reviewing again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('basic', 'silver', 'gold'),
        fc.integer({ min: 0, max: 700 }),
        fc.constantFrom('2026-05-10', '2027-12-31', '2028-01-01'),
        (tier, earned, day) => {
          const measures = { 'earned-points': earned };
          const held = { tier, since: '2026-03-01', through: '2027-12-31' };
          const first = reviewTier(byYear, held, measures, day);
          const second = reviewTier(byYear, first.held, measures, day);
          expect(second.event).toBeNull();
          expect(second.held).toEqual(first.held);
          const fell = tierRank(byYear, first.held.tier) < tierRank(byYear, tier);
          expect(fell && day <= '2027-12-31').toBe(false);
        },
      ),
      runs,
    );
  });

  it('has a term in days, months or periods, with grace', () => {
    const settings = byYear.tierSettings;
    const monthly = { ...settings, window: { kind: 'calendar-month' as const } };
    const grace = { count: 7, unit: 'day' as const };
    expect(termOf({ ...monthly, validity: { kind: 'end-of-period' } }, '2026-03-10')).toEqual({
      since: '2026-03-10',
      through: '2026-03-31',
    });
    expect(
      termOf({ ...monthly, validity: { kind: 'end-of-period' }, grace }, '2026-03-10').through,
    ).toBe('2026-04-07');
    expect(termOf({ ...monthly, starts: 'next-period' }, '2026-03-10').since).toBe('2026-04-01');
    const days = { kind: 'span' as const, span: { count: 30, unit: 'day' as const } };
    expect(termOf({ ...monthly, validity: days }, '2026-07-20').through).toBe('2026-08-19');
    const month = { kind: 'span' as const, span: { count: 1, unit: 'month' as const } };
    expect(termOf({ ...monthly, validity: month }, '2026-07-20').through).toBe('2026-08-19');
  });
});
