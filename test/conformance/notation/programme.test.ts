import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, major, minor, smallest } from './fields.ts';
import { programmeFromNotation } from './programme.ts';
import { measuresFromNotation } from './tiers.ts';
import { parseProgramme } from '#loyalty/parse-programme.ts';
import type { Programme } from '#loyalty/programme.ts';
import { runs } from '#test/loyalty/arrange.ts';
import { got } from '#test/loyalty/arrange-ledger.ts';

const loaded = (written: unknown): Programme =>
  got(parseProgramme(got(programmeFromNotation(written, 'p')))).programme;

describe('an amount in short notation', () => {
  it('comes back as it was written, in every currency', () => {
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(amount, fc.constantFrom('EUR', 'JPY', 'KWD'), (amountMinor, currency) => {
        expect(minor(major(amountMinor, currency), currency)).toBe(amountMinor);
      }),
      runs,
    );
  });

  it('is exact where binary fractions are not', () => {
    expect([minor(0.29, 'EUR'), minor(1.005, 'KWD'), smallest(4.35, 2)]).toEqual([29, 1005, 435]);
    expect(decimal(1e-7)).toBe('0.0000001');
  });
});

describe('a programme in short notation', () => {
  it('says points per money in one line', () => {
    const programme = loaded({ kind: 'points', earn: { per_money: { points: 2, per: 5 } } });
    expect(programme.rules).toMatchObject([
      { effect: { kind: 'per-money', points: '2', perMinor: 500, steps: 'whole' } },
    ]);
    expect(programme).toMatchObject({ holder: 'member', unit: { kind: 'points', scale: 0 } });
  });

  it('keeps a wallet in money, and its points pay', () => {
    const wallet = loaded({ kind: 'wallet', welcome: 5, earn_percent: 2.5 });
    expect(wallet.unit).toEqual({ kind: 'money', currency: 'EUR' });
    expect(wallet.rules.map(({ id }) => id)).toEqual(['welcome', 'back']);
    expect(wallet.rewards).toMatchObject([{ id: 'points', costPoints: 100 }]);
  });

  it('reads tiers with any and all of several measures', () => {
    const programme = loaded({
      kind: 'tiers',
      window: 'calendar_year',
      tiers: [
        { name: 'Member' },
        { name: 'Top', all_of: [{ any_of: [{ nights: 80 }, { stays: 40 }] }, { spend: 18_000 }] },
      ],
    });
    expect(programme.tiers[1]?.criteria).toEqual({
      allOf: [
        {
          anyOf: [
            { metric: 'custom:nights', atLeast: 80 },
            { metric: 'custom:stays', atLeast: 40 },
          ],
        },
        { metric: 'spend-minor', atLeast: 1_800_000 },
      ],
    });
    expect(programme.tierSettings.window).toEqual({ kind: 'calendar-year' });
  });

  it('reads terms, ends and limits in calendar words', () => {
    const expiry = { duration: 'P12M', expire_at: 'first_of_following_month' };
    const rules = [{ fixed: 3, limit: { times: 1, per: 'member' } }];
    expect(loaded({ kind: 'points', expiry, rules })).toMatchObject({
      expiry: { kind: 'after', span: { count: 12, unit: 'month' }, roundUp: 'first-of-next-month' },
      rules: [{ limits: [{ most: 1, count: 'times', per: 'life' }] }],
    });
    expect(loaded({ kind: 'membership', period: 'P1M' }).membership).toMatchObject({
      term: { count: 1, unit: 'month' },
    });
  });

  it('counts measures of one metric together, money in minor units', () => {
    const measures = { spent_before: 12.5, current_sale: 7.5, nights: 2, colour: 'red', moons: 4 };
    expect(measuresFromNotation(measures, 'EUR')).toEqual({
      'spend-minor': 2000,
      'custom:nights': 2,
    });
  });

  it('is refused with the path of a word nobody knows, or of a rule that gives nothing', () => {
    expect(programmeFromNotation({ kind: 'points', antigravity: 1 }, 'p')).toMatchObject({
      error: [{ path: '', message: 'Unrecognized key: "antigravity"' }],
    });
    expect(programmeFromNotation({ rules: [{ fixed: 1 }, { id: 'idle' }] }, 'p')).toMatchObject({
      error: [{ path: 'rules.1', message: expect.stringContaining('say what the rule gives') }],
    });
    const never = { rules: [{ fixed: 1, limit: { times: 1, per: 'moon' } }] };
    expect(programmeFromNotation(never, 'p')).toMatchObject({
      error: [{ path: 'rules.0.limit.per' }],
    });
  });
});
