import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  higherTier,
  nextTier,
  reviewTier,
  termOf,
  tierFor,
  tierRank,
  windowOf,
} from '#loyalty/tiers.ts';
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

describe('the time of a tier', () => {
  const settingsOf = (more: NonNullable<ProgrammeDocument['tierSettings']>) =>
    programmeOf({ tiers, tierSettings: more }).tierSettings;
  const rolling = (count: number, unit: 'day' | 'month' | 'year') =>
    windowOf(settingsOf({ window: { kind: 'rolling', span: { count, unit } } }), '2026-11-21');

  it('is counted over a window of the calendar, or one that rolls', () => {
    expect(windowOf(settingsOf({ window: { kind: 'life' } }), '2026-11-21')).toEqual({
      from: null,
      to: null,
    });
    expect(windowOf(settingsOf({ window: { kind: 'calendar-year' } }), '2026-11-21')).toEqual({
      from: '2026-01-01',
      to: '2026-12-31',
    });
    expect(rolling(30, 'day')).toEqual({ from: '2026-10-23', to: '2026-11-21' });
    expect(rolling(3, 'month')).toEqual({ from: '2026-08-22', to: '2026-11-21' });
    expect(rolling(2, 'year')).toEqual({ from: '2024-11-22', to: '2026-11-21' });
  });

  it('has a grace in days, months or years, to the end of the month where it says so', () => {
    const through = (count: number, unit: 'day' | 'month' | 'year', graceRound?: 'end-of-month') =>
      termOf(
        settingsOf({
          window: { kind: 'calendar-year' },
          validity: { kind: 'end-of-period' },
          grace: { count, unit },
          ...(graceRound === undefined ? {} : { graceRound }),
        }),
        '2026-11-21',
      ).through;
    expect(through(10, 'day')).toBe('2027-01-10');
    expect(through(2, 'month')).toBe('2027-02-28');
    expect(through(2, 'year')).toBe('2028-12-31');
    expect(through(10, 'day', 'end-of-month')).toBe('2027-01-31');
  });

  it('has no end over a lifetime, whatever the validity', () => {
    const life = (kind: 'forever' | 'end-of-period' | 'end-of-next-period') =>
      termOf(settingsOf({ window: { kind: 'life' }, validity: { kind } }), '2026-11-21');
    const open = { since: '2026-11-21', through: null };
    expect(life('forever')).toEqual(open);
    expect(life('end-of-period')).toEqual(open);
    expect(life('end-of-next-period')).toEqual(open);
    for (const kind of ['end-of-period', 'end-of-next-period'] as const) {
      const grace = { count: 30, unit: 'day' as const };
      const graced = settingsOf({ window: { kind: 'life' }, validity: { kind }, grace });
      expect(termOf(graced, '2026-11-21')).toEqual(open);
    }
    const next = settingsOf({ window: { kind: 'life' }, starts: 'next-period' });
    expect(termOf(next, '2026-11-21')).toEqual(open);
  });

  it('without an end runs through the grace since it was reached, once measures fall', () => {
    const graced = (more: NonNullable<ProgrammeDocument['tierSettings']>) => ({
      ...byYear,
      tierSettings: settingsOf({ grace: { count: 30, unit: 'day' }, ...more }),
    });
    const gold = { tier: 'gold', since: '2026-05-10', through: null };
    const review = (day: string, more = {}) => reviewTier(graced(more), gold, {}, day);
    expect(review('2026-06-09')).toEqual({ held: { ...gold, through: '2026-06-09' }, event: null });
    expect(review('2026-06-10').held.tier).toBe('basic');
    const month = { graceRound: 'end-of-month' as const };
    expect(review('2026-06-30', month).held).toEqual({ ...gold, through: '2026-06-30' });
    expect(review('2026-07-01', month).held.tier).toBe('basic');
  });

  it('without an end and without grace is over as soon as measures fall', () => {
    const programme = { ...byYear, tierSettings: settingsOf({}) };
    const gold = { tier: 'gold', since: '2026-05-10', through: null };
    const told = reviewTier(programme, gold, { 'earned-points': 120 }, '2026-05-11');
    expect(told).toEqual({
      held: { tier: 'silver', since: '2026-05-11', through: null },
      event: {
        kind: 'down',
        from: 'gold',
        to: 'silver',
        day: '2026-05-11',
        source: 'tier-club-silver-2026-05-11',
      },
    });
  });

  it('without an end is held since the day it was reached, however often it is looked at', () => {
    const programme = { ...byYear, tierSettings: settingsOf({}) };
    const gold = { tier: 'gold', since: '2026-05-10', through: null };
    const graced = settingsOf({ grace: { count: 30, unit: 'day' } });
    for (const one of [programme, { ...programme, tierSettings: graced }]) {
      const told = reviewTier(one, gold, { 'earned-points': 500 }, '2026-11-21');
      expect(told).toEqual({ held: gold, event: null });
    }
  });

  it('keeps its term while it runs, though the measures hold again', () => {
    const gold = { tier: 'gold', since: '2026-05-10', through: '2027-12-31' };
    const told = reviewTier(byYear, gold, { 'earned-points': 900 }, '2027-11-21');
    expect(told).toEqual({ held: gold, event: null });
  });

  it('begins anew when the measures still hold at its end', () => {
    const gold = { tier: 'gold', since: '2026-05-10', through: '2027-12-31' };
    expect(reviewTier(byYear, gold, { 'earned-points': 500 }, '2028-01-01')).toEqual({
      held: { tier: 'gold', since: '2028-01-01', through: '2029-12-31' },
      event: null,
    });
  });

  it('may end below the lowest tier', () => {
    const strict = programmeOf({
      tiers: tiers?.slice(1) ?? [],
      tierSettings: { downgrade: 'full' },
    });
    const told = (downgrade: 'full' | 'one-level') =>
      reviewTier(
        { ...strict, tierSettings: { ...strict.tierSettings, downgrade } },
        { tier: 'silver', since: '2026-05-10', through: '2026-06-10' },
        {},
        '2026-07-01',
      );
    expect(told('full').held.tier).toBeNull();
    expect(told('one-level').held.tier).toBeNull();
    expect(told('full').event?.source).toBe('tier-club-none-2026-07-01');
    expect(tierFor(strict, {})).toBeNull();
  });
});

describe('what the next tier takes', () => {
  const next = (measures: Record<string, number>) => {
    const { metric, missing, atLeast } = nextTier(nested, 'silver', measures) ?? {};
    return { metric, missing, atLeast };
  };

  it('is the farthest of what all must hold, the nearest of what any may', () => {
    expect(next({ 'spend-minor': 1_800_000, visits: 10, 'custom:nights': 60 })).toEqual({
      metric: 'custom:nights',
      missing: 20,
      atLeast: 80,
    });
    expect(next({ 'spend-minor': 1_800_000, visits: 39, 'custom:nights': 60 })).toEqual({
      metric: 'visits',
      missing: 1,
      atLeast: 40,
    });
    expect(next({ 'spend-minor': 900_000, visits: 39 })).toEqual({
      metric: 'spend-minor',
      missing: 900_000,
      atLeast: 1_800_000,
    });
  });

  it('is the first of two that are as far', () => {
    expect(next({ 'spend-minor': 1_800_000, visits: 20, 'custom:nights': 40 }).metric).toBe(
      'custom:nights',
    );
    expect(next({}).metric).toBe('custom:nights');
  });

  it('counts a threshold of nothing as reached', () => {
    const free = programmeOf({
      tiers: [
        { id: 'a', name: { en: 'A' }, criteria: { metric: 'visits', atLeast: 5 } },
        {
          id: 'b',
          name: { en: 'B' },
          criteria: {
            allOf: [
              { metric: 'units', atLeast: 0 },
              { metric: 'visits', atLeast: 9 },
            ],
          },
        },
      ],
    });
    expect(nextTier(free, 'a', { visits: 6 })).toMatchObject({ metric: 'visits', missing: 3 });
  });

  it('is nothing where the next tier is everybody’s', () => {
    expect(nextTier(nested, null, {})).toBeNull();
  });
});

describe('of two tiers', () => {
  it('the higher one stands, by its place in the programme', () => {
    expect(higherTier(byYear, 'silver', 'gold')).toBe('gold');
    expect(higherTier(byYear, 'gold', 'silver')).toBe('gold');
    expect(higherTier(byYear, null, 'basic')).toBe('basic');
    expect(higherTier(byYear, 'gone', null)).toBe('gone');
  });
});
