import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeByte } from '#hardware/escpos/code-page.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { poleCommands } from '#hardware/pole/pole-commands.ts';
import { POLE_PROFILES } from '#hardware/pole/pole-profile.ts';
import { poleLineBytes } from '#hardware/pole/pole-text.ts';

function shown(start: string, end: string, page: CodePageName | null): string {
  return [...poleLineBytes({ start, end }, page)]
    .map((byte) => decodeByte(page ?? 'cp437', byte))
    .join('');
}

describe('a line of the pole display', () => {
  it('keeps the amount and gives up letters of the name', () => {
    expect(shown('TOPLAM', '184,00 TL', null)).toBe('TOPLAM     184,00 TL');
    expect(shown('Filtre kahve büyük boy', '120,00', null)).toBe('Filtre kahve  120,00');
    expect(shown('', '9.999.999.999.999.999.999', null)).toBe('9.999.999.999.999.99');
    expect(shown('Hoş geldiniz', '', null)).toBe('Hos geldiniz');
  });

  it('writes Turkish where the display has it, and plain letters where it has not', () => {
    expect(shown('İğşçöü ıÇÖ', '', 'windows1254')).toBe('İğşçöü ıÇÖ');
    expect(shown('İğşçöü ıÇÖ', '', 'cp858')).toBe('Igsçöü iÇÖ');
    expect(shown('İğşçöü ıÇÖ', '', null)).toBe('Igscou iCO');
    expect(shown('Bakiye', '₺40,00', null)).toBe('Bakiye      40,00 TL');
    expect(shown('Summe', '4,20 €', null)).toBe('Summe       4,20 EUR');
  });

  it('shows no sign it cannot write, no question mark, and no control byte, whatever comes', () => {
    const pages = [null, 'cp437', 'cp858', 'windows1254'] as const;
    const anything = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(anything, anything, fc.constantFrom(...pages), (start, end, page) => {
        const bytes = poleLineBytes({ start, end }, page);
        expect(bytes.length).toBeLessThanOrEqual(20);
        expect(bytes.every((byte) => byte >= 0x20 && byte !== 0x7f)).toBe(true);
        if (!`${start}${end}`.normalize('NFKD').includes('?')) expect(bytes).not.toContain(0x3f);
        expect(poleCommands.line(1, bytes)).toHaveLength(24);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is refused by the command when it is too long or holds a command', () => {
    expect(() => poleCommands.line(1, Buffer.alloc(21, 0x41))).toThrow('20 bytes');
    expect(() => poleCommands.line(2, Buffer.from('a\u001b@'))).toThrow('control byte');
    expect(() => poleCommands.moveTo(21, 1)).toThrow('columns 1 to 20');
  });
});

describe('the profiles of pole displays', () => {
  it('have ids of their own, the one for all first', () => {
    expect(new Set(POLE_PROFILES.map((each) => each.id)).size).toBe(POLE_PROFILES.length);
    expect(POLE_PROFILES[0].page).toBe(null);
  });
});
