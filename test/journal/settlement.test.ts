import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExceptionCode } from '#journal/posting-writes.ts';
import {
  isExceptionCode,
  lawfulWays,
  leavesFollowUp,
  type ExceptionFacts,
} from '#journal/settlement.ts';
import { body, txOf } from './support/test-till.ts';

const codes = [
  'unknown-member',
  'unknown-programme',
  'blocked-member',
  'duplicate-transaction',
  'duplicate-entry',
  'redeem-without-grant',
  'grant-of-another-till',
  'grant-of-another-member',
  'grant-closed',
  'grant-not-accepted',
  'grant-overspent',
  'unknown-grant',
  'reversal-over-original',
  'reversal-wrong-sign',
  'refund-over-sale',
  'return-to-erased',
  'already-claimed',
  'claim-of-member-sale',
  'return-of-claimed-sale',
  'claim-of-returned-sale',
  'earn-without-claim',
  'negative-balance',
  'clock-jump',
  'pin-guessing',
  'twin-merged',
  'same-number',
  'fork',
  'till-fenced',
  'grant-written-off',
] as const satisfies readonly ExceptionCode[];

const facts = (change: Partial<ExceptionFacts> & Pick<ExceptionFacts, 'code'>): ExceptionFacts => ({
  params: {},
  body: null,
  account: { posted: 100, granted: 0 },
  member: { status: 'active', provisional: false },
  other: null,
  tillState: 'active',
  given: 0,
  backSince: 0,
  ...change,
});
const waysOf = (change: Parameters<typeof facts>[0]) =>
  lawfulWays(facts(change)).map(({ way, points }) => (points === 0 ? way : `${way} ${points}`));

const anyFacts = fc.record({
  code: fc.constantFrom(...codes),
  params: fc.dictionary(
    fc.constantFrom('points', 'over', 'wanted', 'posted', 'balance'),
    fc.integer({ min: -500, max: 500 }),
  ),
  body: fc.constantFrom(
    null,
    body.earn('anna', txOf(1), 40),
    body.redeem('anna', txOf(1), 40, 'g1'),
  ),
  account: fc.option(
    fc.record({
      posted: fc.integer({ min: -300, max: 300 }),
      granted: fc.integer({ min: 0, max: 100 }),
    }),
  ),
  member: fc.option(
    fc.record({
      status: fc.constantFrom('active' as const, 'blocked' as const, 'erased' as const),
      provisional: fc.boolean(),
    }),
  ),
  other: fc.option(fc.record({ status: fc.constantFrom('active' as const, 'blocked' as const) })),
  tillState: fc.constantFrom('active' as const, 'fenced' as const, 'forked' as const, null),
  given: fc.integer({ min: 0, max: 300 }),
  backSince: fc.integer({ min: 0, max: 300 }),
});

describe('the ways to settle an exception', () => {
  test('are one to three, each once, whatever the facts', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const ways = lawfulWays(given);
        expect(ways.length).toBeGreaterThanOrEqual(1);
        expect(ways.length).toBeLessThanOrEqual(3);
        expect(new Set(ways.map(({ way }) => way)).size).toBe(ways.length);
      }),
    );
  });

  test('never move a point without the manager, and take none that a member cannot spend', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        for (const { way, points, needsPin } of lawfulWays(given)) {
          if (points !== 0) expect(needsPin).toBe(true);
          if (points !== 0) expect(given.account).not.toBeNull();
          if (points < 0) {
            const { posted = 0, granted = 0 } = given.account ?? {};
            expect(-points).toBeLessThanOrEqual(posted - granted);
          }
          if (leavesFollowUp(way)) expect([points, needsPin]).toEqual([0, false]);
        }
      }),
    );
  });

  test('are two or three for every kind a till in use can bring about', () => {
    for (const code of codes) {
      const params = { points: 40, over: 10, wanted: -60, posted: -40 };
      const account = { posted: code === 'negative-balance' ? -30 : 100, granted: 0 };
      const ways = lawfulWays(facts({ code, params, account, tillState: 'forked' }));
      expect([code, ways.length]).toEqual([code, ways.length >= 2 ? ways.length : 2]);
    }
  });

  test('write a debt off as it is now, not as it was', () => {
    const at = (posted: number) =>
      waysOf({
        code: 'negative-balance',
        params: { balance: -80 },
        account: { posted, granted: 0 },
      });
    expect(at(-80)).toEqual(['accept', 'write-off 80', 'contact']);
    expect(at(-5)).toEqual(['accept', 'write-off 5', 'contact']);
    expect(at(12)).toEqual(['accept', 'contact']);
  });

  test('give for an entry what no other settlement gave for it already', () => {
    const params = { points: 130, over: 50 };
    const spent = body.redeem('anna', txOf(1), 130, 'g1');
    expect(waysOf({ code: 'redeem-without-grant', params, given: 30 })).toContain('write-off 100');
    expect(waysOf({ code: 'grant-closed', params, given: 130 })).toEqual(['accept', 'check-till']);
    expect(waysOf({ code: 'grant-overspent', params, given: 30 })).toContain('write-off 20');
    expect(waysOf({ code: 'unknown-programme', body: spent, given: 30 })).toContain('give 100');
  });

  test('post the rest of a reversal that was cut, in its own direction', () => {
    const params = { wanted: -60, posted: -40 };
    expect(waysOf({ code: 'reversal-over-original', params })).toContain('take -20');
    const back = { wanted: 60, posted: 40 };
    expect(waysOf({ code: 'reversal-over-original', params: back })).toContain('give 20');
  });

  test('turn a reversal round that had the wrong sign', () => {
    expect(waysOf({ code: 'reversal-wrong-sign', params: { points: 30 } })).toContain('take -30');
    expect(waysOf({ code: 'reversal-wrong-sign', params: { points: -30 } })).toContain('give 30');
  });

  test('take what is there where less is there, and nothing where it is promised to a till', () => {
    const params = { points: 70 };
    const with_ = (posted: number, granted: number) =>
      waysOf({ code: 'grant-written-off', params, account: { posted, granted } });
    expect(with_(100, 0)).toContain('take -70');
    expect(with_(50, 0)).toContain('take -50');
    expect(with_(50, 50)).toEqual(['accept', 'contact']);
  });

  test('take of a claimed sale what no later return has taken', () => {
    const left = (backSince: number) =>
      waysOf({ code: 'return-of-claimed-sale', params: { points: 70 }, backSince });
    expect(left(30)).toEqual(['accept', 'take -40', 'contact']);
    expect(left(70)).toEqual(['accept', 'contact']);
  });

  test('undo what a programme nobody knows put on a balance', () => {
    const earned = body.earn('anna', txOf(1), 40);
    expect(waysOf({ code: 'unknown-programme', body: earned })).toContain('take -40');
    const spent = body.redeem('anna', txOf(1), 40, 'g1');
    expect(waysOf({ code: 'unknown-programme', body: spent })).toContain('give 40');
  });

  test('let a forked till be given up, and not be accepted while it is stopped', () => {
    expect(waysOf({ code: 'fork', tillState: 'forked' })).toEqual(['check-till', 'fence']);
    expect(waysOf({ code: 'fork', tillState: 'fenced' })).toEqual(['accept', 'check-till']);
  });

  test('join or block a card nobody enrolled only while nobody has', () => {
    const of = (provisional: boolean) =>
      waysOf({ code: 'unknown-member', member: { status: 'active', provisional } });
    expect(of(true)).toEqual(['accept', 'merge', 'block']);
    expect(of(false)).toEqual(['accept', 'contact']);
  });

  test('join nobody who was erased or blocked', () => {
    const of = (status: 'erased' | 'blocked' | 'merged') =>
      waysOf({ code: 'unknown-member', member: { status, provisional: true } });
    expect(of('erased')).toEqual(['accept', 'contact']);
    expect(of('merged')).toEqual(['accept', 'contact']);
    expect(of('blocked')).toEqual(['accept', 'unblock', 'contact']);
    const twins = (status: 'active' | 'blocked') =>
      waysOf({ code: 'same-number', other: { status } });
    expect(twins('active')).toEqual(['accept', 'contact', 'merge']);
    expect(twins('blocked')).toEqual(['accept', 'contact']);
  });

  test('know every code there is and no other', () => {
    for (const code of codes) expect(isExceptionCode(code)).toBe(true);
    expect(isExceptionCode('toString')).toBe(false);
    expect(isExceptionCode('a-till-ate-it')).toBe(false);
  });
});
