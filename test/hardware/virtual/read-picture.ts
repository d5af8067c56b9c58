import { loadImage, createCanvas } from '@napi-rs/canvas';
import jsqrModule from 'jsqr';

const jsqr = jsqrModule.default;

/** The pixels of a PNG. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Opens a PNG the way a viewer does. */
export async function pictureOf(png: Buffer): Promise<Picture> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { width: image.width, height: image.height, data: new Uint8ClampedArray(data) };
}

/** The QR code in a picture, read by jsQR, which shares nothing with what drew it. */
export function readQr(picture: Picture): string | null {
  return jsqr(picture.data, picture.width, picture.height)?.data ?? null;
}

/** Every barcode of one kind that some row of the picture shows. */
export function readBarcodes(
  picture: Picture,
  decode: (runs: readonly number[]) => string | null,
): string[] {
  const found = new Set<string>();
  for (let y = 0; y < picture.height; y += 4) {
    const code = decode(runsOfRow(picture, y));
    if (code !== null) found.add(code);
  }
  return [...found];
}

/** Widths of bar, space, bar … from the first black pixel of a row. */
function runsOfRow(picture: Picture, y: number): number[] {
  const runs: number[] = [];
  let black = false;
  for (let x = 0; x < picture.width; x += 1) {
    const dark = (picture.data[(y * picture.width + x) * 4] ?? 255) < 128;
    if (dark !== black || (runs.length === 0 && dark)) {
      runs.push(0);
      black = dark;
    }
    if (runs.length > 0) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
  }
  return black ? runs : runs.slice(0, -1);
}

/** Left-hand odd digits of EAN by their four widths; even ones are the same backwards. */
const EAN_DIGITS = ['3211', '2221', '2122', '1411', '1132', '1231', '1114', '1312', '1213', '3112'];
const EAN_FIRST = [
  'OOOOOO',
  'OOEOEE',
  'OOEEOE',
  'OOEEEO',
  'OEOOEE',
  'OEEOOE',
  'OEEEOO',
  'OEOEOE',
  'OEOEEO',
  'OEEOEO',
];

/** Reads EAN-13 from runs: guards, six digits, middle, six digits, guards, and the check digit. */
export function ean13(runs: readonly number[]): string | null {
  if (runs.length !== 59) return null;
  const module = runs.reduce((sum, each) => sum + each, 0) / 95;
  const widths = runs.map((each) => Math.round(each / module)).join('');
  if (!widths.startsWith('111') || !widths.endsWith('111') || widths.slice(27, 32) !== '11111')
    return null;
  let digits = '';
  let parity = '';
  for (const at of [3, 7, 11, 15, 19, 23, 32, 36, 40, 44, 48, 52]) {
    const four = widths.slice(at, at + 4);
    const odd = EAN_DIGITS.indexOf(four);
    const even = EAN_DIGITS.indexOf([...four].reverse().join(''));
    if (odd === -1 && even === -1) return null;
    digits += odd === -1 ? even : odd;
    if (at < 27) parity += odd === -1 ? 'E' : 'O';
  }
  const first = EAN_FIRST.indexOf(parity);
  const code = `${first}${digits}`;
  const sum = [...code].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return first !== -1 && sum % 10 === 0 ? code : null;
}

/** The widths of Code 128's 106 symbols, in the order of their values (ISO/IEC 15417, table 1). */
const CODE128 =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232'.split(
    ' ',
  );

/** Reads Code 128 from runs: start, sets B and C, check symbol, stop. */
export function code128(runs: readonly number[]): string | null {
  if (runs.length < 25 || (runs.length - 7) % 6 !== 0) return null;
  const module = runs.reduce((sum, each) => sum + each, 0) / (((runs.length - 7) / 6) * 11 + 13);
  const widths = runs.map((each) => Math.round(each / module)).join('');
  if (widths.slice(-7) !== '2331112') return null;
  const values = (widths.slice(0, -7).match(/.{6}/g) ?? []).map((each) => CODE128.indexOf(each));
  const check = values.pop();
  const sum = values.reduce((total, value, index) => total + value * Math.max(1, index), 0);
  if (values.includes(-1) || check !== sum % 103) return null;
  let set = values[0];
  let text = '';
  for (const value of values.slice(1)) {
    if (value >= 99 && value <= 101 && !(set === 105 && value === 99))
      set = value === 99 ? 105 : 104;
    else text += set === 105 ? String(value).padStart(2, '0') : String.fromCharCode(value + 32);
  }
  return text;
}
