import { assertNever } from '#loyalty/result.ts';
import type { BarcodeOptions, BarcodeType } from './escpos-types.ts';
import { startsRealTimeCommand } from './bitmap.ts';

const GS = 0x1d;
const DEFAULT_HEIGHT_DOTS = 80;
const DEFAULT_MODULE_DOTS = 3;
const COUNTED = { EAN13: 67, EAN8: 68, CODE39: 69, ITF: 70, CODE128: 73 } as const;
const TERMINATED = { EAN13: 2, EAN8: 3, CODE39: 4, ITF: 5, CODE128: null } as const;
const POSITIONS = { OFF: 0, ABV: 1, BLW: 2, BTH: 3 } as const;

/** What a barcode cannot hold, said for the log; null when it can. */
export function barcodeRefusal(type: BarcodeType, code: string): string | null {
  switch (type) {
    case 'EAN13':
      return eanRefusal(code, 13);
    case 'EAN8':
      return eanRefusal(code, 8);
    case 'CODE39':
      return /^[0-9A-Z $%*+\-./]{1,255}$/.test(code)
        ? null
        : 'Code 39 holds 0-9 A-Z and space $ % * + - . /';
    case 'ITF':
      return /^([0-9]{2}){1,127}$/.test(code) ? null : 'ITF holds an even number of digits';
    case 'CODE128':
      return /^[ -~]{1,120}$/.test(code)
        ? null
        : 'Code 128 here holds 1 to 120 printable ASCII characters';
    default:
      return assertNever(type, 'barcode type');
  }
}

/** The whole command of a barcode: height, module width, reading line, then the code. */
export function barcodeCommand(
  code: string,
  type: BarcodeType,
  options: BarcodeOptions = {},
): Buffer {
  const complete = withCheckDigit(type, code);
  const refusal = barcodeRefusal(type, complete);
  if (refusal !== null) throw new Error(refusal);
  const data =
    type === 'CODE128' ? code128Data(complete, options.set) : Buffer.from(complete, 'latin1');
  const set = [
    [GS, 0x68, within(options.height ?? DEFAULT_HEIGHT_DOTS, 1, 255)],
    [GS, 0x77, within(options.width ?? DEFAULT_MODULE_DOTS, 2, 6)],
    [GS, 0x66, options.font === 'B' ? 1 : 0],
    [GS, 0x48, POSITIONS[options.position ?? 'BLW']],
  ];
  const settings = Buffer.from(set.flat());
  return Buffer.concat([settings, codeCommand(type, data, options.terminated ?? false)]);
}

/** Modules a Code 128 takes without its quiet zones: start, data, check (11 each) and stop (13). */
export function code128Modules(code: string): number {
  const data = code128Data(code, undefined);
  const escapes = [...code].filter((each) => each === '{').length;
  const symbols = data[1] === 0x43 ? data.length - 2 : data.length - 2 - escapes;
  return (symbols + 2) * 11 + 13;
}

/** The last digit of an EAN, from the digits before it. */
export function eanCheckDigit(digits: string): string {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    sum += Number(digit) * (index % 2 === 0 ? 3 : 1);
  });
  return String((10 - (sum % 10)) % 10);
}

function eanRefusal(code: string, length: number): string | null {
  if (!/^[0-9]+$/.test(code) || code.length !== length)
    return `an EAN-${length} is ${length} digits`;
  return eanCheckDigit(code.slice(0, -1)) === code.at(-1)
    ? null
    : `the check digit of this EAN-${length} is wrong`;
}

function withCheckDigit(type: BarcodeType, code: string): string {
  const length = type === 'EAN13' ? 13 : type === 'EAN8' ? 8 : 0;
  return code.length === length - 1 && /^[0-9]+$/.test(code) ? code + eanCheckDigit(code) : code;
}

function codeCommand(type: BarcodeType, data: Buffer, terminated: boolean): Buffer {
  const old = TERMINATED[type];
  if (!terminated)
    return Buffer.concat([
      Buffer.from([GS, 0x6b, COUNTED[type], within(data.length, 1, 255)]),
      data,
    ]);
  if (old === null) throw new Error('Code 128 needs the counted form');
  return Buffer.concat([Buffer.from([GS, 0x6b, old]), data, Buffer.from([0])]);
}

/**
 * Code 128 data: digits in pairs (set C) where the whole code is pairs, else set B.
 *
 * Set C bytes are raw values; a code whose pairs read 16 04 01 would be a real-time command inside the
 * data, so it stays in set B.
 */
function code128Data(code: string, wanted: 'B' | 'C' | undefined): Buffer {
  const pairs = /^([0-9]{2})+$/.test(code) ? code.match(/[0-9]{2}/g) : null;
  if (wanted === 'C' && pairs === null) throw new Error('set C holds an even number of digits');
  const inPairs = Buffer.from([0x7b, 0x43, ...(pairs ?? []).map(Number)]);
  const harmless = inPairs.every((_, index) => !startsRealTimeCommand(inPairs, index));
  const worth = wanted === 'C' || (wanted === undefined && code.length >= 4);
  if (pairs !== null && worth && harmless) return inPairs;
  return Buffer.concat([
    Buffer.from([0x7b, 0x42]),
    Buffer.from(code.replaceAll('{', '{{'), 'latin1'),
  ]);
}

function within(value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${value} is not an integer from ${least} to ${most}`);
  }
  return value;
}
