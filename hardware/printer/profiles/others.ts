import type { PrinterProfile } from '#hardware/printer/profile.ts';
import { CLONE_58, CLONE_80 } from './clones.ts';

/** Makers with firmware of their own, sold in Europe, America and Japan: no multi-byte mode to leave. */
const WESTERN_80 = { ...CLONE_80, cancelKanji: false } as const;
const COARSE_80 = { ...WESTERN_80, widthDots: 512, columnsA: 42, columnsB: 56 } as const;
/** Characters 13 dots wide. */
const WINCOR_80 = {
  ...WESTERN_80,
  maker: 'Wincor Nixdorf',
  columnsA: 44,
  columnsB: 57,
  codePages: { cp437: 0, cp857: 12, cp858: 6, windows1254: 16 },
} as const;

/**
 * Makers whose page numbers are not Epson's.
 *
 * Numbers from receipt-print-hq/escpos-printer-db and from ReceiptPrinterEncoder's lists.
 */
export const OTHER_PROFILES = [
  {
    ...CLONE_80,
    id: 'wincor-th210',
    maker: 'Wincor Nixdorf',
    models: ['TH210'],
    codePages: { cp437: 0, cp857: 12, windows1254: 16 },
  },
  { ...WINCOR_80, id: 'wincor-th230', models: ['TH230'], qr: 'raster' },
  { ...WINCOR_80, id: 'wincor-th230-plus', models: ['TH230+'] },
  {
    ...WESTERN_80,
    id: 'hp-a779',
    maker: 'HP',
    models: ['A779'],
    columnsA: 44,
    columnsB: 57,
    codePages: { cp437: 0, cp857: 12, cp858: 6 },
  },
  {
    ...WESTERN_80,
    id: 'citizen-ct-s651',
    maker: 'Citizen',
    models: ['CT-S651'],
    codePages: { cp437: 0, cp857: 8 },
  },
  {
    ...WESTERN_80,
    id: 'citizen-ct-s310ii',
    maker: 'Citizen',
    models: ['CT-S310II'],
    codePages: { cp437: 0, cp857: 8, cp858: 2 },
  },
  {
    ...WESTERN_80,
    id: 'fujitsu-fp-1000',
    maker: 'Fujitsu',
    models: ['FP-1000'],
    columnsB: 56,
    codePages: { cp437: 0, cp857: 8, cp858: 19 },
  },
  {
    ...WESTERN_80,
    id: 'star-tsp600',
    maker: 'Star',
    models: ['TSP600'],
    codePages: { cp437: 0, cp857: 12, cp858: 4 },
    proof: 'none',
  },
  {
    ...WESTERN_80,
    id: 'star-tup500',
    maker: 'Star',
    models: ['TUP500'],
    codePages: { cp437: 0, cp857: 12, cp858: 4 },
    proof: 'none',
  },
  {
    ...WESTERN_80,
    id: 'seiko-rp-e10',
    maker: 'Seiko',
    models: ['RP-E10'],
    codePages: { cp437: 0, cp857: 13, windows1254: 48 },
  },
  {
    ...WESTERN_80,
    id: 'seiko-rp-f10-80',
    maker: 'Seiko',
    models: ['RP-F10, 80 mm'],
    codePages: { cp437: 0, cp857: 13, cp858: 19, windows1254: 48 },
  },
  {
    ...CLONE_58,
    id: 'seiko-rp-f10-58',
    maker: 'Seiko',
    models: ['RP-F10, 58 mm'],
    widthDots: 432,
    columnsA: 36,
    columnsB: 48,
    codePages: { cp437: 0, cp857: 13, cp858: 19, windows1254: 48 },
    cancelKanji: false,
    cutter: 'partial',
  },
  {
    ...WESTERN_80,
    id: 'bixolon-srp-s300',
    maker: 'Bixolon',
    models: ['SRP-S300'],
    codePages: { cp437: 0, cp858: 19 },
    textPage: 'cp858',
  },
  {
    ...COARSE_80,
    id: 'bixolon-srp-350',
    maker: 'Bixolon',
    models: ['SRP-350'],
    codePages: { cp437: 0, cp858: 19 },
    textPage: 'cp858',
    qr: 'raster',
  },
  {
    ...COARSE_80,
    id: 'bixolon-srp-350iii',
    maker: 'Bixolon',
    models: ['SRP-350III'],
    codePages: { cp437: 0, cp857: 37, cp858: 19, windows1254: 25 },
  },
  {
    ...COARSE_80,
    id: 'metapace-t-1',
    maker: 'Metapace',
    models: ['T-1'],
    widthDots: 504,
    codePages: { cp437: 0, cp858: 19 },
    textPage: 'cp858',
    qr: 'raster',
  },
  {
    ...WESTERN_80,
    id: 'epos-tep-200m',
    maker: 'EPOS',
    models: ['TEP-200M'],
    codePages: { cp437: 0, cp857: 13, cp858: 19, windows1254: 48 },
  },
] as const satisfies readonly PrinterProfile[];
