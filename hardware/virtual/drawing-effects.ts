import { createBitmap, blacken, dotAt, rowBytes } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { barcodeBars } from './barcode-bars.ts';
import { alignedOffset } from './line-composer.ts';
import { fontCell } from './print-settings.ts';
import type { PrintEngine } from './print-engine.ts';

/** Widest or highest picture drawn, in dots: anything more is a broken command. */
const PICTURE_DOTS_MAX = 8_192;

/** GS k in both forms. */
export function drawBarcode(engine: PrintEngine, bytes: Uint8Array): void {
  const type = bytes[2] ?? 0;
  const data = type <= 6 ? bytes.subarray(3, -1) : bytes.subarray(4);
  if (!lineIsFree(engine, 'GS k')) return;
  const bars = barcodeBars(type, data);
  if (bars === null) {
    engine.problem(`GS k ${type} does not take this data, and prints nothing`);
    return;
  }
  const { heightDots, moduleDots, text } = engine.settings.barcode;
  if (text === 'above' || text === 'both') readableText(engine, bars.text);
  if (!drawSymbol(engine, bars.modules, moduleDots, heightDots)) return;
  if (text === 'below' || text === 'both') readableText(engine, bars.text);
}

/** GS v 0. */
export function drawRaster(engine: PrintEngine, bytes: Uint8Array): void {
  const mode = (bytes[3] ?? 0) & 3;
  const stride = (bytes[4] ?? 0) + (bytes[5] ?? 0) * 256;
  const height = (bytes[6] ?? 0) + (bytes[7] ?? 0) * 256;
  if (!lineIsFree(engine, 'GS v 0')) return;
  const data = bytes.subarray(8);
  drawPicture(engine, { width: stride * 8, height, data }, mode & 1 ? 2 : 1, mode & 2 ? 2 : 1);
}

/** GS ( L and GS 8 L: function 112 stores a picture, 50 prints it. */
export function graphicsFunction(engine: PrintEngine, body: Uint8Array): void {
  const number = body[1] ?? 0;
  if (number === 112) {
    engine.stored = {
      bytes: body.slice(),
      scaleX: body[3] === 2 ? 2 : 1,
      scaleY: body[4] === 2 ? 2 : 1,
    };
    return;
  }
  if (number !== 50 && number !== 2) {
    engine.problem(`graphics function ${number} is not drawn by this printer`);
    return;
  }
  if (engine.stored === null) {
    engine.problem('graphics are printed that were never stored');
    return;
  }
  const { bytes, scaleX, scaleY } = engine.stored;
  const width = (bytes[6] ?? 0) + (bytes[7] ?? 0) * 256;
  const height = (bytes[8] ?? 0) + (bytes[9] ?? 0) * 256;
  engine.stored = null;
  if (!lineIsFree(engine, 'GS ( L')) return;
  drawPicture(engine, { width, height, data: bytes.subarray(10) }, scaleX, scaleY);
}

/** ESC *: dots in columns, into the line like a character. */
export function drawColumns(engine: PrintEngine, bytes: Uint8Array): void {
  const mode = bytes[2] ?? 0;
  const columns = (bytes[3] ?? 0) + (bytes[4] ?? 0) * 256;
  if (columns === 0 || ![0, 1, 32, 33].includes(mode)) {
    engine.problem(`ESC * in mode ${mode} with ${columns} columns draws nothing`);
    return;
  }
  const columnBytes = mode >= 32 ? 3 : 1;
  const bitmap = createBitmap(columns, columnBytes * 8);
  for (let x = 0; x < columns; x += 1) {
    for (let y = 0; y < bitmap.height; y += 1) {
      const byte = bytes[5 + x * columnBytes + (y >> 3)] ?? 0;
      if ((byte & (0x80 >> (y & 7))) !== 0) blacken(bitmap, x, y);
    }
  }
  engine.line.image(bitmap, (mode & 1) === 1 ? 1 : 2, mode >= 32 ? 1 : 3, engine.settings);
}

function drawPicture(engine: PrintEngine, picture: Bitmap, scaleX: number, scaleY: number): void {
  const { width, height, data } = picture;
  const complete = data.length >= rowBytes(width) * height;
  if (
    width === 0 ||
    height === 0 ||
    !complete ||
    width > PICTURE_DOTS_MAX ||
    height > PICTURE_DOTS_MAX
  ) {
    engine.problem(`a picture of ${width} by ${height} dots cannot be drawn`);
    return;
  }
  const shown = cropped(picture, Math.floor(engine.settings.areaWidthDots / scaleX));
  putDots(engine, 'image', shown, scaleX, scaleY);
}

/** Puts a symbol on the paper; false, and said, when it is too wide for it. */
export function drawSymbol(
  engine: PrintEngine,
  modules: Bitmap,
  scaleX: number,
  scaleY: number,
): boolean {
  if (modules.width * scaleX > engine.settings.areaWidthDots) {
    engine.problem(`a symbol ${modules.width * scaleX} dots wide does not fit and is not printed`);
    return false;
  }
  putDots(engine, 'symbol', modules, scaleX, scaleY);
  return true;
}

function putDots(
  engine: PrintEngine,
  source: 'image' | 'symbol',
  bitmap: Bitmap,
  scaleX: number,
  scaleY: number,
): void {
  const x = engine.settings.leftMarginDots + alignedOffset(engine.settings, bitmap.width * scaleX);
  engine.roll.put({ kind: 'dots', source, x, y: engine.roll.y, bitmap, scaleX, scaleY });
  engine.roll.feed(bitmap.height * scaleY);
}

/** What of a picture falls on the paper. */
function cropped(picture: Bitmap, widthMax: number): Bitmap {
  const width = Math.min(picture.width, widthMax);
  if (width === picture.width) return { ...picture, data: picture.data.slice() };
  const bitmap = createBitmap(width, picture.height);
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < width; x += 1) if (dotAt(picture, x, y)) blacken(bitmap, x, y);
  }
  return bitmap;
}

function readableText(engine: PrintEngine, text: string): void {
  const { font } = engine.settings.barcode;
  const plain = {
    ...engine.settings,
    font,
    scaleX: 1,
    scaleY: 1,
    underline: 0 as const,
    inverted: false,
  };
  for (const character of text) engine.line.character(character, plain);
  engine.line.print(plain, fontCell(font).height);
}

/** Symbols and pictures only print from an empty line; anything else is a mistake of the sender. */
export function lineIsFree(engine: PrintEngine, name: string): boolean {
  if (engine.line.empty) return true;
  engine.problem(`${name} with text waiting in the line is ignored`);
  return false;
}
