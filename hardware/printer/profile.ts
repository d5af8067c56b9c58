import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';

/**
 * One printer model as data: everything that differs between machines that all speak ESC/POS.
 *
 * Nothing else in the printer half asks for a brand. A new model is a new row in profiles/.
 */
export interface PrinterProfile {
  /** Stable, lower case: what settings store. */
  readonly id: string;
  readonly maker: string;
  /** Model names as printed on the machine; the first names the profile. */
  readonly models: readonly [string, ...string[]];
  readonly paperMm: 58 | 80;
  /** Dots across the printing area; 8 dots are a millimetre at 203 dpi. */
  readonly widthDots: number;
  readonly columnsA: number;
  readonly columnsB: number;
  /** The numbers this printer has for the pages Regulars can write. */
  readonly codePages: Readonly<Partial<Record<CodePageName, number>>>;
  /** The one page receipts use; pages are never switched inside a receipt. Must be in `codePages`. */
  readonly textPage: CodePageName;
  /** Whether the firmware starts in multi-byte mode and must be told to leave it. */
  readonly cancelKanji: boolean;
  readonly cutter: 'partial' | 'full' | 'none';
  /** Lines between print head and tear bar, fed where there is no cutter. */
  readonly tearLines: number;
  readonly drawer: { readonly pin: 2 | 5; readonly onMs: number; readonly offMs: number } | null;
  /** How QR codes come out: by the printer's own command, or drawn and sent as dots. */
  readonly qr: 'native' | 'raster';
  /** The same for EAN-13 and Code 128. */
  readonly barcode: 'native' | 'raster';
  readonly image: 'raster' | 'graphics' | 'columns';
  readonly beeper: 'clone' | 'epson' | 'none';
  /** Whether DLE EOT and GS a are answered; `unknown` is tried and believed once it answers. */
  readonly status: 'answers' | 'unknown' | 'none';
  /** How it tells that all is on paper: GS ( H, the paper sensor asked in turn, or not at all. */
  readonly proof: 'process-id' | 'in-turn' | 'none';
  readonly serial: {
    readonly baudRate: number;
    readonly flow: 'rtscts' | 'xonxoff' | 'none';
  };
}
