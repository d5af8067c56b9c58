import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';

/** Everything a print command can set and ESC @ sets back. */
export interface PrintSettings {
  font: 'A' | 'B';
  scaleX: number;
  scaleY: number;
  bold: boolean;
  doubleStrike: boolean;
  underline: 0 | 1 | 2;
  inverted: boolean;
  align: 'start' | 'center' | 'end';
  lineSpacingDots: number;
  characterSpacingDots: number;
  leftMarginDots: number;
  areaWidthDots: number;
  /** Null after an unknown ESC t: upper bytes then print as a box. */
  page: CodePageName | null;
  tabColumns: readonly number[];
  barcode: {
    heightDots: number;
    moduleDots: number;
    text: 'none' | 'above' | 'below' | 'both';
    font: 'A' | 'B';
  };
  qr: { moduleDots: number; level: 'L' | 'M' | 'Q' | 'H'; data: Uint8Array };
  pdf417: { columns: number; moduleDots: number; rowModules: number; data: Uint8Array };
  dataMatrix: { moduleDots: number; data: Uint8Array };
}

/** Line spacing after ESC @ and ESC 2, as printers of 203 dpi have it. */
export const DEFAULT_LINE_SPACING_DOTS = 30;

const FONT_CELLS = { A: { width: 12, height: 24 }, B: { width: 9, height: 17 } } as const;

/** The cell of a font before enlarging. */
export function fontCell(font: 'A' | 'B'): { readonly width: number; readonly height: number } {
  return FONT_CELLS[font];
}

/** The settings after power-on or ESC @. */
export function defaultSettings(widthDots: number): PrintSettings {
  return {
    font: 'A',
    scaleX: 1,
    scaleY: 1,
    bold: false,
    doubleStrike: false,
    underline: 0,
    inverted: false,
    align: 'start',
    lineSpacingDots: DEFAULT_LINE_SPACING_DOTS,
    characterSpacingDots: 0,
    leftMarginDots: 0,
    areaWidthDots: widthDots,
    page: 'cp437',
    tabColumns: [8, 16, 24, 32, 40, 48, 56, 64],
    barcode: { heightDots: 162, moduleDots: 3, text: 'none', font: 'A' },
    qr: { moduleDots: 3, level: 'L', data: new Uint8Array() },
    pdf417: { columns: 0, moduleDots: 3, rowModules: 3, data: new Uint8Array() },
    dataMatrix: { moduleDots: 3, data: new Uint8Array() },
  };
}
