import { describe, expect, it } from 'vitest';
import { parseProgramme, programmeJsonSchema } from '#loyalty/parse-programme.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { programmeOf } from './arrange.ts';

const problems = (more: object): readonly { readonly path: string; readonly message: string }[] => {
  const document = { id: 'club', version: 1, name: { en: 'Club' }, currencies: ['TRY'], ...more };
  const parsed = parseProgramme(document);
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

describe('the JSON Schema', () => {
  it('knows the short forms', () => {
    const schema = JSON.stringify(programmeJsonSchema());
    expect(schema).toContain('"bonus"');
    expect(schema).toContain('"perPoints"');
    expect(schema).toContain('P\\\\d{1,4}');
  });
});
