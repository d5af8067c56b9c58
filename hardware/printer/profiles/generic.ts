import type { PrinterProfile } from '#hardware/printer/profile.ts';

const EPSON_LIKE = {
  maker: 'Generic',
  codePages: { cp437: 0, cp857: 13, cp858: 19, windows1254: 48 },
  textPage: 'cp857',
  cancelKanji: true,
  drawer: { pin: 2, onMs: 50, offMs: 500 },
  qr: 'native',
  image: 'raster',
  beeper: 'clone',
  status: 'unknown',
  proof: 'process-id',
  serial: { baudRate: 38_400, flow: 'rtscts' },
} as const;

/** What to assume of a printer nobody has named: page numbers of Epson, status believed once seen. */
export const GENERIC_PROFILES = [
  {
    ...EPSON_LIKE,
    id: 'generic-80',
    models: ['80 mm'],
    paperMm: 80,
    widthDots: 576,
    columnsA: 48,
    columnsB: 64,
    cutter: 'partial',
    tearLines: 4,
  },
  {
    ...EPSON_LIKE,
    id: 'generic-80-42',
    models: ['80 mm, 42 columns'],
    paperMm: 80,
    widthDots: 512,
    columnsA: 42,
    columnsB: 56,
    cutter: 'partial',
    tearLines: 4,
  },
  {
    ...EPSON_LIKE,
    id: 'generic-58',
    models: ['58 mm'],
    paperMm: 58,
    widthDots: 384,
    columnsA: 32,
    columnsB: 42,
    cutter: 'none',
    tearLines: 4,
  },
] as const satisfies readonly PrinterProfile[];
