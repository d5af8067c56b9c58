import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capsFit, type ShopRules } from '#contract/shop-rules.ts';
import {
  capsFrom,
  lossMinor,
  nothingTyped,
  type RiskProgramme,
  rulesChanges,
  typedCaps,
  usualCaps,
} from '#renderer/setup/shop-rules-draft.ts';

const points: RiskProgramme = {
  programme: 'points',
  name: { en: 'Points' },
  unit: { kind: 'points', scale: 0 },
  worth: { numerator: 10, denominator: 1 },
  usual: 500,
  caps: null,
};
const rules: ShopRules = { survey: { everyDays: 90 }, currency: 'TRY', programmes: [points] };
const usual = typedCaps(usualCaps(points), points, false);

describe('what a store decides about points offline and its survey', () => {
  test('what somebody who turns it on begins with makes sense, whatever a reward costs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000_000 }), (cost) => {
        const caps = usualCaps({ ...points, usual: cost });
        expect(capsFit({ programme: 'points', ...caps })).toBe(true);
      }),
    );
  });

  test('typed caps are read back as they were, in points with any number of decimals', () => {
    const cap = fc.integer({ min: 1, max: 1_000_000_000 });
    fc.assert(
      fc.property(
        fc.tuple(cap, cap, cap, cap),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (four, scale, comma) => {
          const [perRedemption, perMember, perTillDay, budget] = four.toSorted((a, b) => a - b);
          const programme = { ...points, unit: { ...points.unit, scale } };
          const caps = { perRedemption, perMember, perTillDay, budget } as ReturnType<
            typeof usualCaps
          >;
          expect(capsFrom(typedCaps(caps, programme, comma), programme)).toEqual(caps);
        },
      ),
    );
  });

  test.each(['', '0', '-5', '1e9', '1 000', 'many', '999999999999', '\u202E500', '5;DROP TABLE'])(
    'a cap of “%s” is no number, and nothing is saved',
    (budget) => {
      expect(capsFrom({ ...usual, budget }, points)).toBeNull();
      expect(
        rulesChanges({ ...nothingTyped, caps: { ...usual, budget } }, rules, points),
      ).toBeNull();
    },
  );

  test('digits of any kind are a number; caps out of order are none', () => {
    expect(capsFrom({ ...usual, budget: '٢٥٠٠٠' }, points)?.budget).toBe(25_000);
    expect(capsFrom({ ...usual, perMember: '499' }, points)).toBeNull();
  });

  test('only what differs is changed, the loss first', () => {
    expect(rulesChanges(nothingTyped, rules, points)).toEqual([]);
    expect(rulesChanges({ surveyDays: '90', caps: null }, rules, points)).toEqual([]);
    expect(rulesChanges({ surveyDays: '0', caps: usual }, rules, points)).toEqual([
      { kind: 'offline-risk', programme: 'points', caps: usualCaps(points) },
      { kind: 'survey', rules: { everyDays: 0 } },
    ]);
    const on = { ...points, caps: { programme: 'points', ...usualCaps(points) } };
    expect(rulesChanges({ ...nothingTyped, caps: usual }, rules, on)).toEqual([]);
    expect(rulesChanges({ ...nothingTyped, caps: null }, rules, on)).toEqual([
      { kind: 'offline-risk', programme: 'points', caps: null },
    ]);
    for (const surveyDays of ['', '-1', '3651', '1.5', 'x']) {
      expect(rulesChanges({ ...nothingTyped, surveyDays }, rules, points)).toBeNull();
    }
  });

  test('the loss that is said is never less than what the points can buy', () => {
    const worth = { numerator: 5, denominator: 3 };
    expect(lossMinor({ ...usualCaps(points), budget: 100 }, { ...points, worth })).toBe(167);
    expect(
      lossMinor(usualCaps(points), { ...points, worth: { numerator: 0, denominator: 1 } }),
    ).toBe(0);
  });
});
