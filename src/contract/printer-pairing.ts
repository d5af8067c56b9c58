import { z } from 'zod';

/** The pages that hold Turkish: one of them is what a printer is paired for. */
export const turkishPage = z.enum(['cp857', 'windows1254']);
export type TurkishPage = z.infer<typeof turkishPage>;

/** One rung of the printed ladder: the page and the number that would select it. */
export interface CodePageRung {
  /** Printed in front of the line, for the eye and the number pad. */
  readonly rung: number;
  readonly page: TurkishPage;
  readonly number: number;
}

/**
 * Every number a maker is known to use for a Turkish page, the commonest first.
 *
 * Printed one below the other, exactly the lines whose letters are right name a setting of this
 * printer; nobody has to know the firmware.
 */
export const codePageLadder: readonly CodePageRung[] = (
  [
    ['cp857', 13],
    ['cp857', 61],
    ['cp857', 29],
    ['cp857', 12],
    ['cp857', 8],
    ['cp857', 37],
    ['cp857', 39],
    ['cp857', 24],
    ['windows1254', 48],
    ['windows1254', 91],
    ['windows1254', 32],
    ['windows1254', 16],
    ['windows1254', 25],
  ] as const
).map(([page, number], index) => ({ rung: index + 1, page, number }));

/** What each rung prints behind its number: every letter that differs between pages. */
export const ladderLetters = 'İıŞşĞğÇçÖöÜü';

/** The widths paper comes in: characters of font A on a line, and dots. */
export const paperWidths = [
  { columns: 32, widthDots: 384 },
  { columns: 36, widthDots: 432 },
  { columns: 42, widthDots: 512 },
  { columns: 44, widthDots: 576 },
  { columns: 48, widthDots: 576 },
] as const;

/** What pairing found out about one printer, over its profile. */
export const printerPairing = z.strictObject({
  codePage: z
    .strictObject({ page: turkishPage, number: z.int().min(0).max(255) })
    .nullable()
    .default(null),
  /** Characters of font A on a line, as the widest ruler that fitted. */
  columns: z.literal([32, 36, 42, 44, 48]).nullable().default(null),
});
export type PrinterPairing = z.infer<typeof printerPairing>;

/** Pages that are printed to be looked at: the ladder of code pages, the rulers. */
export const pairingPage = z.enum(['code-pages', 'widths']);
export type PairingPage = z.infer<typeof pairingPage>;
