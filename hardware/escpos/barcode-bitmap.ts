import bwip from 'bwip-js/node';
import { blacken, createBitmap } from './bitmap.ts';
import type { Bitmap } from './escpos-types.ts';
import { enlarge } from './qr-bitmap.ts';

const SYMBOLS = { EAN13: 'ean13', CODE128: 'code128' } as const;

/** A barcode as dots, for printers that draw none themselves. `width` = dots of a module. */
export function barcodeBitmap(
  type: keyof typeof SYMBOLS,
  content: string,
  { width, height }: { readonly width: number; readonly height: number },
): Bitmap {
  const bars = barsOf(SYMBOLS[type], content, '');
  if (bars === null) throw new Error(`${type} came out without bars`);
  return enlarge(bars, width, height);
}

/** The bars of a one-dimensional symbol, one dot a module, one dot high. Throws what bwip-js throws. */
export function barsOf(symbol: string, content: string, options: string): Bitmap | null {
  const [drawn] = bwip.raw(symbol, content, options);
  return drawn === undefined || !('sbs' in drawn) ? null : barsBitmap(drawn.sbs);
}

/** Widths of bar, space, bar … as one row of modules. */
function barsBitmap(widths: readonly number[]): Bitmap {
  const bitmap = createBitmap(
    widths.reduce((sum, each) => sum + each, 0),
    1,
  );
  let x = 0;
  widths.forEach((width, index) => {
    for (let offset = 0; offset < width; offset += 1) {
      if (index % 2 === 0) blacken(bitmap, x + offset, 0);
    }
    x += width;
  });
  return bitmap;
}
