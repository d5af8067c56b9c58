import { barsOf } from '#hardware/escpos/barcode-bitmap.ts';
import { matrixOf } from '#hardware/escpos/qr-bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';

/** A drawn symbol, one dot a module, and the text read by people. */
export interface DrawnSymbol {
  readonly modules: Bitmap;
  readonly text: string;
}

const BWIP_SYMBOLS: Readonly<
  Record<number, { readonly symbol: string; readonly options: string }>
> = {
  65: { symbol: 'upca', options: '' },
  66: { symbol: 'upce', options: '' },
  67: { symbol: 'ean13', options: '' },
  68: { symbol: 'ean8', options: '' },
  69: { symbol: 'code39', options: '' },
  70: { symbol: 'interleaved2of5', options: '' },
  71: { symbol: 'rationalizedCodabar', options: '' },
  72: { symbol: 'code93', options: 'includecheck' },
};
const FUNCTION_A_OFFSET = 65;
const CODE128 = 73;
const CODE128_STARTS: Readonly<Record<string, number>> = { A: 103, B: 104, C: 105 };
const CODE128_SWITCHES: Readonly<Record<string, number>> = { A: 101, B: 100, C: 99 };

/**
 * The bars of a GS k command; null for data the symbology does not take (a printer prints nothing then).
 *
 * `type` counts the way GS k does: 0 to 6 with a NUL at the end, 65 and up with the length in front.
 */
export function barcodeBars(type: number, data: Uint8Array): DrawnSymbol | null {
  const counted = type <= 6 ? type + FUNCTION_A_OFFSET : type;
  if (counted === CODE128) return code128Bars(data);
  const known = BWIP_SYMBOLS[counted];
  const text = Buffer.from(data).toString('latin1');
  if (known === undefined || text === '') return null;
  return drawn(known.symbol, text, known.options, text);
}

/** The modules of a stored QR code; null when there is nothing to draw. */
export function qrModules(data: Uint8Array, level: string): Bitmap | null {
  return matrix('qrcode', data, { eclevel: level });
}

/** The modules of a stored PDF417, one dot a row; null when there is nothing to draw. */
export function pdf417Modules(data: Uint8Array, columns: number): Bitmap | null {
  return matrix('pdf417', data, { rowmult: 1, ...(columns > 0 ? { columns } : {}) });
}

/** The modules of a stored Data Matrix; null when there is nothing to draw. */
export function dataMatrixModules(data: Uint8Array): Bitmap | null {
  return matrix('datamatrix', data, {});
}

function matrix(
  symbol: 'qrcode' | 'pdf417' | 'datamatrix',
  data: Uint8Array,
  options: Readonly<Record<string, string | number>>,
): Bitmap | null {
  if (data.length === 0) return null;
  try {
    return matrixOf(symbol, data, options);
  } catch {
    return null;
  }
}

/** Code 128 as printers take it: `{A`, `{B`, `{C` choose the set, `{{` is a brace, set C bytes are values. */
function code128Bars(data: Uint8Array): DrawnSymbol | null {
  if (data[0] !== 0x7b) return null;
  let set = String.fromCharCode(data[1] ?? 0);
  const start = CODE128_STARTS[set];
  if (start === undefined) return null;
  const values = [start];
  let text = '';
  for (let index = 2; index < data.length; index += 1) {
    const byte = data[index] ?? 0;
    const escaped = byte === 0x7b ? String.fromCharCode(data[index + 1] ?? 0) : null;
    if (escaped !== null && escaped !== '{') {
      const change = CODE128_SWITCHES[escaped];
      if (change === undefined) return null;
      values.push(change);
      set = escaped;
      index += 1;
      continue;
    }
    const value = code128Value(set, byte);
    if (value === null) return null;
    if (escaped === '{') index += 1;
    values.push(value);
    text += set === 'C' ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
  }
  const codewords = values.map((each) => `^${String(each).padStart(3, '0')}`).join('');
  return drawn('code128', codewords, 'raw', text);
}

function code128Value(set: string, byte: number): number | null {
  if (set === 'C') return byte <= 99 ? byte : null;
  if (set === 'B') return byte >= 0x20 && byte <= 0x7f ? byte - 0x20 : null;
  if (byte <= 0x1f) return byte + 64;
  return byte <= 0x5f ? byte - 0x20 : null;
}

function drawn(symbol: string, code: string, options: string, text: string): DrawnSymbol | null {
  try {
    const modules = barsOf(symbol, code, options);
    return modules === null ? null : { modules, text };
  } catch {
    return null;
  }
}
