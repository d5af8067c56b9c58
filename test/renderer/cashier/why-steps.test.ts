import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whySteps } from '#renderer/cashier/why-steps.ts';
import { aMember } from '#test/renderer/gallery/fixtures.ts';

const silver = {
  id: 'silver',
  name: { en: 'Silver', tr: 'Gümüş' },
  next: null,
};
const inTurkish = (name: Readonly<Record<string, string>>): string => name['tr'] ?? '';
const say = (code: string, params: Readonly<Record<string, string | number>>) =>
  whySteps([{ code, params }], aMember({ tier: silver }), inTurkish)[0];

describe('the steps of "why?"', () => {
  it('name the member’s tier, and do without where it is another', () => {
    expect(say('earn-tier', { tier: 'silver', by: '1.1', exact: '38.5' })).toEqual({
      code: 'earn-tier',
      params: { tier: 'Gümüş', by: '1.1', exact: '38.5' },
    });
    expect(say('earn-tier', { tier: 'gold', by: '1.25', exact: '50' })?.code).toBe(
      'earn-tier-plain',
    );
    expect(whySteps([{ code: 'earn-tier', params: {} }], null, inTurkish)[0]?.code).toBe(
      'earn-tier-plain',
    );
  });

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

  it('leave every other step as it is', () => {
    const step = { code: 'basket', params: { subtotalMinor: 100, totalMinor: 90 } };
    expect(whySteps([step], null, inTurkish)).toEqual([step]);
  });
});
