import { describe, expect, it } from 'vitest';
import { parseProgramme, programmeJsonSchema } from '#loyalty/parse-programme.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { programmeOf } from './arrange.ts';

const club = { id: 'club', version: 1, name: { en: 'Club' }, currencies: ['TRY'] };
const problems = (more: object): readonly { readonly path: string; readonly message: string }[] => {
  const parsed = parseProgramme({ ...club, ...more });
  return parsed.ok ? [] : parsed.error;
};

describe('a length of time', () => {
  it.each([
    ['12 months', { count: 12, unit: 'month' }],
    ['P1Y', { count: 1, unit: 'year' }],
    ['30 days', { count: 30, unit: 'day' }],
    ['1 day', { count: 1, unit: 'day' }],
    [{ count: 2, unit: 'month' } as const, { count: 2, unit: 'month' }],
  ])('may be written as %j', (span, read) => {
    expect(programmeOf({ expiry: { kind: 'after', span } }).expiry).toMatchObject({ span: read });
  });

  it('that is none, or no length, is refused with what to write', () => {
    for (const span of ['a while', 'P1W', '', 12])
      expect(problems({ expiry: { kind: 'after', span } })).toMatchObject([
        { path: 'expiry.span', message: expect.stringContaining('30 days') },
      ]);
    for (const span of ['0 days', 'P0D', '9999 years'])
      expect(problems({ expiry: { kind: 'after', span } })).toMatchObject([
        { path: 'expiry.span.count' },
      ]);
  });
});

const pays = (costPoints: number, valueMinor: number, perPoints?: number) => {
  const value = { kind: 'per-point' as const, valueMinor, ...(perPoints ? { perPoints } : {}) };
  return [{ id: 'pay', name: { en: 'Pay' }, costPoints, value }];
};

describe('a reward that pays', () => {
  it('may say what a point is worth and in which steps it is spent', () => {
    const [reward] = programmeOf({ rewards: pays(100, 100, 1) }).rewards;
    expect(reward?.value).toEqual({ kind: 'per-point', valueMinor: 10_000 });
    expect(programmeOf({ rewards: pays(1, 100, 100) }).rewards[0]?.value).toEqual({
      kind: 'per-point',
      valueMinor: 1,
    });
  });

  it('without it says what one step is worth', () => {
    const [reward] = programmeOf({ rewards: pays(50, 500) }).rewards;
    expect(reward?.value).toEqual({ kind: 'per-point', valueMinor: 500 });
  });

  it('is refused where a step is worth no whole minor unit', () => {
    expect(problems({ rewards: pays(1, 1, 3) })).toMatchObject([
      { path: 'rewards.0.value.perPoints', message: expect.stringContaining('costPoints') },
    ]);
  });
});

describe('a tier', () => {
  const tiers: NonNullable<ProgrammeDocument['tiers']> = [
    { id: 'basic', name: { en: 'Basic' } },
    {
      id: 'gold',
      name: { en: 'Gold' },
      bonus: '0.25',
      criteria: { metric: 'visits', atLeast: 3 },
    },
  ];

  it('may say what it adds instead of what it multiplies by', () => {
    expect(programmeOf({ tiers }).tiers.map(({ multiplier }) => multiplier)).toEqual(['1', '1.25']);
    expect(programmeOf({ tiers }).tiers[1]).not.toHaveProperty('bonus');
  });
});

const fixed = { kind: 'fixed', amountMinor: 100 } as const;

describe('a list of named things', () => {
  it('may be written by name', () => {
    const short = {
      rules: { base: { effect: { kind: 'per-sale', points: '1' } } },
      rewards: { '1 off, really': { costPoints: 5, value: fixed } },
      tiers: { Basic: {}, Gold: { name: { en: 'Golden' }, criteria: { 'earned-points': 9 } } },
    };
    const parsed = parseProgramme({ ...club, ...short });
    const full = programmeOf({
      rules: [{ id: 'base', name: { en: 'base' }, effect: { kind: 'per-sale', points: '1' } }],
      rewards: [
        { id: '1-off--really', name: { en: '1 off, really' }, costPoints: 5, value: fixed },
      ],
      tiers: [
        { id: 'Basic', name: { en: 'Basic' } },
        { id: 'Gold', name: { en: 'Golden' }, criteria: { metric: 'earned-points', atLeast: 9 } },
      ],
    });
    const { rules, rewards, tiers } = full;
    expect(parsed).toMatchObject({ ok: true, value: { programme: { rules, rewards, tiers } } });
  });

  it('may have its conditions by kind', () => {
    const conditions = { amount: { minMinor: 500 }, code: { code: 'SPRING' } };
    const effect = { kind: 'per-sale', points: '1' };
    expect(parseProgramme({ ...club, rules: { base: { conditions, effect } } })).toMatchObject({
      value: {
        programme: {
          rules: [
            {
              conditions: [
                { kind: 'amount', minMinor: 500 },
                { kind: 'code', code: 'SPRING' },
              ],
            },
          ],
        },
      },
    });
  });

  it('tells a mistake by the name it is written under', () => {
    expect(problems({ rewards: { mug: { costPoints: -1, value: fixed } } })).toMatchObject([
      { path: 'rewards.mug.costPoints' },
    ]);
    const conditions = { amount: { minMinor: 0.5 } };
    const rules = { a: { conditions, effect: { kind: 'per-sale', points: '1' } } };
    expect(problems({ rules })).toMatchObject([{ path: 'rules.a.conditions.amount.minMinor' }]);
    const tier = { tier: { in: ['moon'] } };
    expect(problems({ rules: { a: { ...rules.a, conditions: tier } } })).toMatchObject([
      { path: 'rules.a.conditions.tier.in' },
    ]);
    expect(problems({ rewards: { mug: 5 } })).toMatchObject([{ path: 'rewards.mug' }]);
    expect(problems({ rewards: 5 })).toMatchObject([{ path: 'rewards' }]);
    expect(parseProgramme(null).ok).toBe(false);
  });
});

describe('what is written short', () => {
  it('is a limit by its period, a window as two days, a value as money or text', () => {
    const effect = { kind: 'per-sale', points: '1' };
    const short = {
      rules: { visit: { effect, limits: { day: { times: 1 }, year: { points: 100 } } } },
      rewards: { off: { costPoints: 5, value: 500 }, tea: { costPoints: 1, value: 'A tea' } },
      caps: { limits: { life: { points: 1000 } } },
      windows: { windows: [['02-01', '05-31']] },
    };
    expect(parseProgramme({ ...club, ...short })).toMatchObject({
      value: {
        programme: {
          rules: [
            {
              limits: [
                { most: 1, count: 'times', per: 'day' },
                { most: 100, count: 'points', per: 'year' },
              ],
            },
          ],
          rewards: [
            { value: { kind: 'fixed', amountMinor: 500 } },
            { value: { kind: 'benefit', text: { en: 'A tea' } } },
          ],
          caps: { limits: [{ most: 1000, count: 'points', per: 'life' }] },
          windows: { windows: [{ from: '02-01', to: '05-31' }] },
        },
      },
    });
    expect(problems({ caps: { limits: { moon: { points: 1 } } } })).toMatchObject([
      { path: 'caps.limits.moon.per' },
    ]);
  });

  it('is once what all rules or rewards have, over what each says', () => {
    const effect = { kind: 'per-sale', points: '1' };
    const parsed = parseProgramme({
      ...club,
      rules: { a: { effect, enabled: true }, b: { effect } },
      everyRule: { enabled: false },
      rewards: [
        { id: 'x', name: { en: 'X' }, costPoints: 1, value: fixed },
        { id: 'y', name: { en: 'Y' }, costPoints: 1, value: fixed },
      ],
      everyReward: { applies: 'automatic', conditions: { amount: { minMinor: 5 } } },
    });
    expect(parsed).toMatchObject({
      value: {
        programme: {
          rules: [{ enabled: false }, { enabled: false }],
          rewards: ['X', 'Y'].map((en) => ({
            name: { en },
            applies: 'automatic',
            conditions: [{ kind: 'amount', minMinor: 5 }],
          })),
        },
      },
    });
    expect(problems({ rewards: [], everyReward: {} })).toEqual([]);
  });
});

describe('the thresholds of a tier', () => {
  it('are each enough, unless the tree says all', () => {
    const nights = { 'custom:nights': 80, 'custom:stays': 40 };
    const criteria = { allOf: [nights, { 'spend-minor': 1_800_000 }] };
    expect(parseProgramme({ ...club, tiers: { Basic: {}, Gold: { criteria } } })).toMatchObject({
      value: {
        programme: {
          tiers: [
            { criteria: null },
            {
              criteria: {
                allOf: [
                  {
                    anyOf: [
                      { metric: 'custom:nights', atLeast: 80 },
                      { metric: 'custom:stays', atLeast: 40 },
                    ],
                  },
                  { metric: 'spend-minor', atLeast: 1_800_000 },
                ],
              },
            },
          ],
        },
      },
    });
  });
});

describe('the JSON Schema', () => {
  it('knows the short forms', () => {
    const schema = JSON.stringify(programmeJsonSchema());
    expect(schema).toContain('"bonus"');
    expect(schema).toContain('"perPoints"');
    expect(schema).toContain('P\\\\d{1,4}');
  });
});
