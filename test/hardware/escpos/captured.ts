import type { EscposPrinter } from '#hardware/escpos/escpos-types.ts';
import { TillPrinter, type TillPrinterOptions } from '#hardware/escpos/till-printer.ts';

/** Options of an Epson at 80 mm, unless a test says otherwise. */
export const EPSON_OPTIONS: TillPrinterOptions = {
  columnsA: 48,
  columnsB: 64,
  page: 'cp857',
  pageNumber: 13,
};

/** What a printer writes while `use` runs. */
export function captured(
  use: (printer: TillPrinter) => EscposPrinter,
  options: Partial<TillPrinterOptions> = {},
): Buffer {
  const parts: Buffer[] = [];
  const adapter = { write: (bytes: Buffer) => void parts.push(bytes), close: () => undefined };
  const printer = new TillPrinter(adapter, { ...EPSON_OPTIONS, ...options });
  use(printer);
  printer.flush();
  return Buffer.concat(parts);
}

/** Bytes the way the facts are written: `1B 40`. */
export function hex(bytes: Uint8Array): string {
  return (Buffer.from(bytes).toString('hex').toUpperCase().match(/../g) ?? []).join(' ');
}

/** The bytes of such a text. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}
