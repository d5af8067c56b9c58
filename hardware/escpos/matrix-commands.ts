import { word } from './commands.ts';

const GS = 0x1d;
const QR_LEVELS = { L: 0x30, M: 0x31, Q: 0x32, H: 0x33 } as const;
const QR_BYTES_MAX = 2_953;

/** How much of a QR code may be lost and still be read: 7, 15, 25, 30 %. */
export type QrLevel = keyof typeof QR_LEVELS;

/** What a printed QR code cannot hold; null when it can. Empty content prints nothing. */
export function qrRefusal(content: string): string | null {
  if (/\p{Cc}/u.test(content)) return 'a printed QR code holds no control characters';
  if (Buffer.byteLength(content, 'utf8') > QR_BYTES_MAX)
    return `a QR code holds at most ${QR_BYTES_MAX} bytes`;
  return null;
}

/**
 * QR code, model 2: the five parts of GS ( k, with the length in UTF-8 bytes.
 *
 * escpos sends GS Z instead, which Epson printers print as text (node-escpos#31 and its kin).
 */
export function qrCommand(content: string, level: QrLevel, moduleDots: number): Buffer {
  const refusal = qrRefusal(content);
  if (refusal !== null) throw new Error(refusal);
  if (!Number.isInteger(moduleDots) || moduleDots < 1 || moduleDots > 16)
    throw new Error(`QR module of ${moduleDots} dots`);
  const data = Buffer.from(content, 'utf8');
  if (data.length === 0) return data;
  return Buffer.concat([
    symbolFunction(0x31, 0x41, [0x32, 0]),
    symbolFunction(0x31, 0x43, [moduleDots]),
    symbolFunction(0x31, 0x45, [QR_LEVELS[level]]),
    symbolFunction(0x31, 0x50, [0x30, ...data]),
    symbolFunction(0x31, 0x51, [0x30]),
  ]);
}

/** PDF417 with automatic rows and columns, module 3 dots, row height 3, correction ratio 10 %. */
export function pdf417Command(content: string): Buffer {
  const refusal = qrRefusal(content);
  if (refusal !== null) throw new Error(refusal);
  const data = Buffer.from(content, 'utf8');
  if (data.length === 0) return data;
  return Buffer.concat([
    symbolFunction(0x30, 0x46, [0]),
    symbolFunction(0x30, 0x41, [0]),
    symbolFunction(0x30, 0x43, [3]),
    symbolFunction(0x30, 0x44, [3]),
    symbolFunction(0x30, 0x45, [0x31, 1]),
    symbolFunction(0x30, 0x50, [0x30, ...data]),
    symbolFunction(0x30, 0x51, [0x30]),
  ]);
}

/** Data Matrix ECC 200, square, of any size; `moduleDots` 2 to 16. Functions 666, 667, 680 and 681. */
export function dataMatrixCommand(content: string, moduleDots: number): Buffer {
  const refusal = qrRefusal(content);
  if (refusal !== null) throw new Error(refusal);
  if (!Number.isInteger(moduleDots) || moduleDots < 2 || moduleDots > 16)
    throw new Error(`Data Matrix module of ${moduleDots} dots`);
  const data = Buffer.from(content, 'utf8');
  if (data.length === 0) return data;
  return Buffer.concat([
    symbolFunction(0x36, 0x42, [0, 0, 0]),
    symbolFunction(0x36, 0x43, [moduleDots]),
    symbolFunction(0x36, 0x50, [0x30, ...data]),
    symbolFunction(0x36, 0x51, [0x30]),
  ]);
}

function symbolFunction(symbol: number, number: number, parameters: readonly number[]): Buffer {
  return Buffer.from([
    GS,
    0x28,
    0x6b,
    ...word(parameters.length + 2),
    symbol,
    number,
    ...parameters,
  ]);
}
