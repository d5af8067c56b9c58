import { bandsOf, dotAt, rowBytes, withoutRealTimeCommands } from './bitmap.ts';
import type { Bitmap } from './escpos-types.ts';
import { word } from './commands.ts';

const ESC = 0x1b;
const GS = 0x1d;
const LF = 0x0a;
const RASTER_MODES = { normal: 0, dw: 1, dh: 2, dwdh: 3 } as const;
const COLUMN_LINES = 24;

/** Dots doubled in width, height, both or neither. */
export type RasterMode = keyof typeof RASTER_MODES;

/** GS v 0, in bands a small buffer can hold, scrubbed of real-time commands. */
export function rasterCommand(bitmap: Bitmap, mode: RasterMode = 'normal'): Buffer {
  const parts: Buffer[] = [];
  for (const band of bandsOf(bitmap)) {
    parts.push(
      Buffer.from([
        GS,
        0x76,
        0x30,
        RASTER_MODES[mode],
        ...word(rowBytes(band.width)),
        ...word(band.height),
      ]),
    );
    parts.push(withoutRealTimeCommands(band.data));
  }
  return Buffer.concat(parts);
}

/** GS ( L (GS 8 L when long): store in the print buffer, then print it. */
export function graphicsCommand(bitmap: Bitmap): Buffer {
  const parts: Buffer[] = [];
  for (const band of bandsOf(bitmap)) {
    const header = [0x30, 0x70, 0x30, 1, 1, 0x31, ...word(band.width), ...word(band.height)];
    const length = header.length + band.data.length;
    const prefix =
      length <= 65_535
        ? [GS, 0x28, 0x4c, ...word(length)]
        : [GS, 0x38, 0x4c, ...word(length & 0xffff), ...word(length >>> 16)];
    parts.push(Buffer.from([...prefix, ...header]), withoutRealTimeCommands(band.data));
    parts.push(Buffer.from([GS, 0x28, 0x4c, 2, 0, 0x30, 0x32]));
  }
  return Buffer.concat(parts);
}

/**
 * ESC * in 24-dot columns, for printers without raster: one line feed a strip, spaced without gaps.
 *
 * The 16-unit spacing is 24 dots on the printers this is for (180 dpi units of ESC 3); the usual
 * spacing comes back at the end.
 */
export function columnCommand(bitmap: Bitmap): Buffer {
  const parts: Buffer[] = [Buffer.from([ESC, 0x33, 0x10])];
  for (let top = 0; top < bitmap.height; top += COLUMN_LINES) {
    const data = new Uint8Array(bitmap.width * (COLUMN_LINES / 8));
    for (let x = 0; x < bitmap.width; x += 1) {
      for (let line = 0; line < COLUMN_LINES; line += 1) {
        if (!dotAt(bitmap, x, top + line)) continue;
        const index = x * 3 + (line >> 3);
        data[index] = (data[index] ?? 0) | (0x80 >> (line & 7));
      }
    }
    parts.push(
      Buffer.from([ESC, 0x2a, 33, ...word(bitmap.width)]),
      withoutRealTimeCommands(data),
      Buffer.from([LF]),
    );
  }
  parts.push(Buffer.from([ESC, 0x32]));
  return Buffer.concat(parts);
}
