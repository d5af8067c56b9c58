import type { QrLevel } from './matrix-commands.ts';

/** Data codewords of QR versions 1 to 40 at level M (ISO/IEC 18004, table 7). */
const CODEWORDS_M = [
  16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669,
  714, 782, 860, 914, 1_000, 1_062, 1_128, 1_193, 1_267, 1_373, 1_455, 1_541, 1_631, 1_725, 1_812,
  1_914, 1_992, 2_102, 2_216, 2_334,
];
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

/** The level every printed QR code uses: 15 % may be lost. */
export const QR_LEVEL: QrLevel = 'M';

/**
 * Modules across the QR code a printer will draw at level M, at most; null when it holds too much.
 *
 * Reckoned as one segment, which is what printers do; an encoder that mixes modes may come out smaller.
 */
export function qrModulesAcross(content: string): number | null {
  for (const [index, codewords] of CODEWORDS_M.entries()) {
    if (bitsOf(content, index + 1) <= codewords * 8) return 21 + index * 4;
  }
  return null;
}

function bitsOf(content: string, version: number): number {
  if (!ALPHANUMERIC.test(content)) {
    return 4 + (version < 10 ? 8 : 16) + Buffer.byteLength(content, 'utf8') * 8;
  }
  const lengthBits = version < 10 ? 9 : version < 27 ? 11 : 13;
  return 4 + lengthBits + Math.floor(content.length / 2) * 11 + (content.length % 2) * 6;
}
