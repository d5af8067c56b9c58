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
  image: 'raster',
  beeper: 'epson',
  status: 'answers',
  proof: 'process-id',
  serial: { baudRate: 38_400, flow: 'rtscts' },
} as const;

/** Epson TM: GS ( H and automatic status are theirs, so they are relied on. */
export const EPSON_PROFILES = [
  { ...EPSON_80, id: 'epson-tm-t20', models: ['TM-T20', 'TM-T20II', 'TM-T20III'] },
  { ...EPSON_80, id: 'epson-tm-t82', models: ['TM-T82', 'TM-T82II', 'TM-T82III'] },
  {
    ...EPSON_80,
    id: 'epson-tm-t88v',
    models: ['TM-T88V'],
    widthDots: 512,
    columnsA: 42,
    columnsB: 56,
  },
] as const satisfies readonly PrinterProfile[];
