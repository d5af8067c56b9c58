import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whySteps } from '#renderer/cashier/why-steps.ts';

const say = (code: string, params: Readonly<Record<string, string | number>>) =>
  whySteps([{ code, params }])[0];

describe('the steps of "why?"', () => {
  it('speak of rounding exactly where whole points differ from the exact ones by a part', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 99 }), (points, hundredths) => {
        const exact = `${points}.${String(hundredths).padStart(2, '0')}`;
        expect(say('earn-total', { exact, points })?.code).toBe('earn-total');
        expect(say('earn-total', { exact, points: points + 1 })?.code).toBe('earn-total');
        expect(say('earn-total', { exact: String(points), points })?.code).toBe('earn-total-plain');
      }),
    );
    expect(say('earn-total', { exact: '125/3', points: 41 })?.code).toBe('earn-total');
    expect(say('earn-total', { exact: '6/3', points: 2 })?.code).toBe('earn-total-plain');
    expect(say('earn-total', { exact: '900.5', points: 500 })?.code).toBe('earn-total-plain');
  });

  it('speak of money’s rounding the same way', () => {
    const rounded = { exact: '1.005', points: 1, pointsMinor: 100 };
    expect(say('earn-total-money', rounded)?.code).toBe('earn-total-money');
    const whole = { exact: '1.25', points: 1.25, pointsMinor: 125 };
    expect(say('earn-total-money', whole)?.code).toBe('earn-total-money-plain');
  });

  it('leave every other step as it is', () => {
    const step = { code: 'basket', params: { subtotalMinor: 100, totalMinor: 90 } };
    expect(whySteps([step])).toEqual([step]);
  });
});
