import bwip from 'bwip-js/node';
import { blacken, createBitmap, dotAt } from './bitmap.ts';
import type { Bitmap } from './escpos-types.ts';
import { qrRefusal, type QrLevel } from './matrix-commands.ts';

/** Modules of white a reader needs on every side. */
export const QR_QUIET_MODULES = 4;

/** The QR code of a content as a bitmap of one dot a module, without its quiet zone. */
export function qrMatrix(content: string, level: QrLevel): Bitmap {
  const refusal = qrRefusal(content);
  if (refusal !== null || content === '') throw new Error(refusal ?? 'an empty QR code');
  return matrixOf('qrcode', Buffer.from(content, 'utf8'), { eclevel: level });
}

/** The QR code as dots, `moduleDots` a module, for printers that draw none themselves. */
export function qrBitmap(content: string, level: QrLevel, moduleDots: number): Bitmap {
  return enlarge(qrMatrix(content, level), moduleDots, moduleDots);
}

/** A two-dimensional symbol of bwip-js, one dot a module. Throws what bwip-js throws. */
export function matrixOf(
  symbol: 'qrcode' | 'pdf417' | 'datamatrix',
  content: Uint8Array,
  options: Readonly<Record<string, string | number>>,
): Bitmap {
  const [drawn] = bwip.raw({
    ...options,
    bcid: symbol,
    text: Buffer.from(content).toString('latin1'),
    binarytext: true,
  });
  if (drawn === undefined || !('pixs' in drawn))
    throw new Error(`${symbol} came out without modules`);
  const bitmap = createBitmap(drawn.pixx, drawn.pixy);
  drawn.pixs.forEach((dark, index) => {
    if (dark === 1) blacken(bitmap, index % drawn.pixx, Math.floor(index / drawn.pixx));
  });
  return bitmap;
}

/** Every dot repeated `across` times `down`. */
export function enlarge(bitmap: Bitmap, across: number, down: number): Bitmap {
  const large = createBitmap(bitmap.width * across, bitmap.height * down);
  for (let y = 0; y < large.height; y += 1) {
    for (let x = 0; x < large.width; x += 1) {
      if (dotAt(bitmap, Math.floor(x / across), Math.floor(y / down))) blacken(large, x, y);
    }
  }
  return large;
}
