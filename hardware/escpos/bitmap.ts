import type { Bitmap } from './escpos-types.ts';

/** Lines a printer with a 4 KB buffer takes at once at 80 mm. */
export const BAND_LINES_MAX = 256;

/** Bytes one row of a bitmap takes. */
export function rowBytes(width: number): number {
  return Math.ceil(width / 8);
}

/** A white bitmap. Throws on sizes no printer has. */
export function createBitmap(width: number, height: number): Bitmap {
  if (!Number.isInteger(width) || width < 1 || width > 65_535)
    throw new Error(`bitmap width ${width}`);
  if (!Number.isInteger(height) || height < 1 || height > 65_535)
    throw new Error(`bitmap height ${height}`);
  return { width, height, data: new Uint8Array(rowBytes(width) * height) };
}

/** Whether the dot is black; outside the bitmap all is white. */
export function dotAt(bitmap: Bitmap, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return false;
  const byte = bitmap.data[y * rowBytes(bitmap.width) + (x >> 3)] ?? 0;
  return (byte & (0x80 >> (x & 7))) !== 0;
}

/** Blackens one dot; outside the bitmap nothing happens. */
export function blacken(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return;
  const index = y * rowBytes(bitmap.width) + (x >> 3);
  bitmap.data[index] = (bitmap.data[index] ?? 0) | (0x80 >> (x & 7));
}

/** The bitmap in pieces of at most `linesMax` lines, top first. */
export function bandsOf(bitmap: Bitmap, linesMax: number = BAND_LINES_MAX): Bitmap[] {
  const bands: Bitmap[] = [];
  const stride = rowBytes(bitmap.width);
  for (let top = 0; top < bitmap.height; top += linesMax) {
    const height = Math.min(linesMax, bitmap.height - top);
    const data = bitmap.data.subarray(top * stride, (top + height) * stride);
    bands.push({ width: bitmap.width, height, data });
  }
  return bands;
}

/**
 * Image bytes without anything a printer would obey.
 *
 * Printers act on DLE EOT, DLE ENQ and DLE DC4 even inside image data: 25 of 30 dithered pictures
 * held one. One dot is added to the DLE (10 becomes 11), which starts no such sequence.
 */
export function withoutRealTimeCommands(data: Uint8Array): Buffer {
  const clean = Buffer.from(data);
  for (let index = 0; index + 2 < clean.length; index += 1) {
    if (startsRealTimeCommand(clean, index)) clean[index] = 0x11;
  }
  return clean;
}

/** Whether the three bytes at `index` are a real-time command. */
export function startsRealTimeCommand(data: Uint8Array, index: number): boolean {
  if (data[index] !== 0x10) return false;
  const argument = data[index + 2];
  if (argument === undefined) return false;
  switch (data[index + 1]) {
    case 0x04:
      return argument >= 1 && argument <= 8;
    case 0x05:
      return argument <= 2;
    case 0x14:
      return argument === 1 || argument === 2 || argument === 3 || argument === 7 || argument === 8;
    default:
      return false;
  }
}
