import type { PrinterProfile } from '#hardware/printer/profile.ts';

const EPSON_80 = {
  maker: 'Epson',
  paperMm: 80,
  widthDots: 576,
  columnsA: 48,
  columnsB: 64,
  codePages: { cp437: 0, cp857: 13, cp858: 19, windows1254: 48 },
  textPage: 'cp857',
  cancelKanji: false,
  cutter: 'partial',
  tearLines: 4,
  drawer: { pin: 2, onMs: 50, offMs: 500 },
  qr: 'native',
  barcode: 'native',
  image: 'raster',
  beeper: 'epson',
  status: 'answers',
  proof: 'process-id',
  serial: { baudRate: 38_400, flow: 'rtscts' },
} as const;

/** 180 dots an inch. */
const EPSON_80_COARSE = { ...EPSON_80, widthDots: 512, columnsA: 42, columnsB: 56 } as const;

/** Before Epson's printers had a Turkish page, and before they proved what they print. */
const EPSON_80_OLD = {
  ...EPSON_80_COARSE,
  codePages: { cp437: 0, cp858: 19 },
  textPage: 'cp858',
  proof: 'in-turn',
} as const;

/**
 * Epson TM: GS ( H and automatic status are theirs, so they are relied on where they exist.
 *
 * Numbers from Epson's table of supported code pages, by way of receipt-print-hq/escpos-printer-db;
 * widths of the newest models by way of ReceiptPrinterEncoder's list of models.
 */
export const EPSON_PROFILES = [
  { ...EPSON_80, id: 'epson-tm-t20', models: ['TM-T20', 'TM-T20II', 'TM-T20III'] },
  { ...EPSON_80, id: 'epson-tm-t82', models: ['TM-T82', 'TM-T82II', 'TM-T82III'] },
  {
    ...EPSON_80,
    id: 'epson-tm-m30',
    models: ['TM-m30', 'TM-m30II', 'TM-m30III'],
    columnsB: 57,
    codePages: { cp437: 0, cp857: 13, windows1254: 48 },
  },
  { ...EPSON_80, id: 'epson-tm-l90', models: ['TM-L90'] },
  { ...EPSON_80, id: 'epson-tm-p80', models: ['TM-P80', 'TM-P80II'], drawer: null },
  {
    ...EPSON_80,
    id: 'epson-tm-p20',
    models: ['TM-P20', 'TM-P20II'],
    paperMm: 58,
    widthDots: 384,
    columnsA: 32,
    columnsB: 42,
    cutter: 'none',
    drawer: null,
  },
  { ...EPSON_80_COARSE, id: 'epson-tm-t88v', models: ['TM-T88V'] },
  { ...EPSON_80_COARSE, id: 'epson-tm-t88vi', models: ['TM-T88VI'] },
  { ...EPSON_80_COARSE, id: 'epson-tm-t88vii', models: ['TM-T88VII'] },
  { ...EPSON_80_COARSE, id: 'epson-tm-t70ii', models: ['TM-T70II'] },
  { ...EPSON_80_OLD, id: 'epson-tm-t70', models: ['TM-T70'] },
  {
    ...EPSON_80_OLD,
    id: 'epson-tm-t88ii',
    models: ['TM-T88II'],
    codePages: { cp437: 0 },
    textPage: 'cp437',
    qr: 'raster',
  },
  { ...EPSON_80_OLD, id: 'epson-tm-t88iii', models: ['TM-T88III'], qr: 'raster' },
  { ...EPSON_80_OLD, id: 'epson-tm-t88iv', models: ['TM-T88IV'] },
] as const satisfies readonly PrinterProfile[];
