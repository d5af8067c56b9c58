import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWedge } from '#scan/wedge.ts';
import { createFieldPage, keydown, namedKey, pressText } from '#test/scan/support/keyboard.ts';

describe('keys that are on their way when the clock says silence', () => {
  const CARD = '2900000010024';
  const places = fc.uniqueArray(fc.nat(CARD.length), { minLength: 1 });

  it('belong to the burst they were pressed in: one whole scan, and nothing in the field', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 2, max: 60 }), (stalls, paceMs) => {
        const page = createFieldPage(createWedge(), 'kept');
        for (const [index, digit] of [...CARD].entries()) {
          if (stalls.includes(index)) page.stall();
          page.press(keydown(digit, index * paceMs));
        }
        if (stalls.includes(CARD.length)) page.stall();
        const { prevent } = page.press(namedKey('Enter', CARD.length * paceMs));
        expect(page.scans.at(-1)).toBe(CARD);
        expect(page.scans.filter((scan) => scan === CARD)).toHaveLength(1);
        expect({ prevent, field: page.field }).toEqual({ prevent: true, field: 'kept' });
        pressText(
          page,
          CARD,
          2_000,
          Array.from(CARD, () => paceMs),
          paceMs,
        );
        expect(page.scans.filter((scan) => scan === CARD)).toHaveLength(2);
      }),
    );
  });

  it('of a person stay in the field, once each', () => {
    fc.assert(
      fc.property(
        places,
        fc.array(fc.integer({ min: 120, max: 340 }), { minLength: 12, maxLength: 12 }),
        (stalls, gapsMs) => {
          const page = createFieldPage(createWedge());
          let timeMs = 0;
          for (const [index, digit] of [...'1250321748596'].entries()) {
            if (stalls.includes(index)) page.stall();
            timeMs += gapsMs[index - 1] ?? 0;
            page.press(keydown(digit, timeMs));
          }
          page.wait(timeMs + 1_000);
          expect(page.field).toBe('1250321748596');
          expect(page.scans).toEqual([]);
        },
      ),
    );
  });
});
