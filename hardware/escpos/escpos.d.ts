/**
 * escpos 3.0.0-alpha.6 ships no types.
 *
 * The shapes are in escpos-types.ts, so that what is declared from them needs no ambient file.
 */
declare module 'escpos' {
  import type { EscposPrinterConstructor } from '#hardware/escpos/escpos-types.ts';

  const Printer: EscposPrinterConstructor;
  export = Printer;
}
