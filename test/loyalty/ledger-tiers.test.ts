import { describe, expect, it } from 'vitest';
import { settleSale } from '#loyalty/ledger-sale.ts';
import { reviewCounted, reviewMember } from '#loyalty/ledger-tiers.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { noonMs, programmeOf } from './arrange.ts';
import { dayMs, got, ledgerOf, request } from './arrange-ledger.ts';

const tiers = (id: string, lowest: ProgrammeDocument['tiers'] = []) =>
  programmeOf({
    id,
    tiers: [
      ...(lowest ?? []),
      { id: 'gold', name: { en: 'Gold' }, criteria: { metric: 'earned-points', atLeast: 100 } },
      { id: 'top', name: { en: 'Top' }, criteria: { metric: 'earned-points', atLeast: 300 } },
    ],
    tierSettings: { window: { kind: 'rolling', span: { count: 30, unit: 'day' } } },
  });
const club = tiers('club', [{ id: 'basic', name: { en: 'Basic' } }]);
const told = (ledger: ReturnType<typeof ledgerOf>) =>
  ledger.tierEvents.map(({ member, source, kind }) => `${member} ${kind} ${source}`);

describe('a change of tier', () => {
  it('is told once, to each member and for each programme', () => {
    const start = ledgerOf(club, tiers('other', [{ id: 'basic', name: { en: 'Basic' } }]));
    const anna = got(settleSale(start, request('s1', 20_000))).ledger;
    const both = got(settleSale(anna, request('s2', 20_000, { member: 'ben' }))).ledger;
    const once = [
      'anna up tier-club-gold-2026-11-21',
      'anna up tier-other-gold-2026-11-21',
      'ben up tier-club-gold-2026-11-21',
      'ben up tier-other-gold-2026-11-21',
    ];
    expect(told(both)).toEqual(once);
    const again = reviewMember(reviewMember(both, 'anna', noonMs), 'ben', noonMs);
    expect(told(again)).toEqual(once);
    const member = again.members.get('anna');
    if (member === undefined) throw new Error('Anna is a member');
    const forgotten = { ...again, members: new Map(again.members) };
    forgotten.members.set('anna', { ...member, tiers: {} });
    expect(told(reviewMember(forgotten, 'anna', noonMs))).toEqual(once);
  });

  it('by measures counted elsewhere is looked at in their programme alone', () => {
    const counted = { programme: 'other', measures: { 'earned-points': 100 } };
    const other = tiers('other', [{ id: 'basic', name: { en: 'Basic' } }]);
    const ledger = reviewCounted(ledgerOf(club, other), 'anna', counted, noonMs);
    expect(told(ledger)).toEqual(['anna up tier-other-gold-2026-11-21']);
    expect(Object.keys(ledger.members.get('anna')?.tiers ?? {})).toEqual(['other']);
  });

  it('is no news where the lowest tier is everybody’s, from the first day on', () => {
    const small = got(settleSale(ledgerOf(club), request('s1', 100))).ledger;
    expect(small.members.get('anna')?.tiers['club']?.tier).toBe('basic');
    expect(told(small)).toEqual([]);
  });

  it('is news at the first sale when it leaps over the lowest tier, and when it falls to it', () => {
    const rich = got(settleSale(ledgerOf(club), request('s1', 40_000))).ledger;
    expect(told(rich)).toEqual(['anna up tier-club-top-2026-11-21']);
    const later = reviewMember(rich, 'anna', noonMs + 60 * dayMs);
    expect(told(later)).toEqual([
      'anna up tier-club-top-2026-11-21',
      'anna down tier-club-basic-2027-01-20',
    ]);
  });

  it('leaves members of a programme without tiers, or below the lowest, without one', () => {
    const plain = got(settleSale(ledgerOf(programmeOf()), request('s1', 40_000))).ledger;
    expect(plain.members.get('anna')?.tiers).toEqual({});
    const below = got(settleSale(ledgerOf(tiers('club')), request('s1', 100))).ledger;
    expect(below.members.get('anna')?.tiers).toEqual({
      club: { tier: null, since: '2026-11-21', through: null },
    });
    expect(told(below)).toEqual([]);
  });
});
