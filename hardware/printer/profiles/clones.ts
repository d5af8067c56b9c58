import type { PrinterProfile } from '#hardware/printer/profile.ts';

/** What most printers that are not Epson's have in common; proof by the paper sensor asked in turn. */
export const CLONE_80 = {
  paperMm: 80,
  widthDots: 576,
  columnsA: 48,
  columnsB: 64,
  textPage: 'cp857',
  cancelKanji: true,
  cutter: 'partial',
  tearLines: 4,
  drawer: { pin: 2, onMs: 50, offMs: 500 },
  qr: 'native',
  barcode: 'native',
  image: 'raster',
  beeper: 'clone',
  status: 'unknown',
  proof: 'in-turn',
  serial: { baudRate: 19_200, flow: 'none' },
} as const satisfies Partial<PrinterProfile>;

/** The same on narrow paper, torn off by hand. */
export const CLONE_58 = {
  ...CLONE_80,
  paperMm: 58,
  widthDots: 384,
  columnsA: 32,
  columnsB: 42,
  cutter: 'none',
} as const satisfies Partial<PrinterProfile>;
