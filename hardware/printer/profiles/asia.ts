import type { PrinterProfile } from '#hardware/printer/profile.ts';
import { CLONE_58, CLONE_80 } from './clones.ts';

/** The pages of Zjiang's firmware, which many names are sold with. */
const ZJIANG_PAGES = { cp437: 0, cp857: 61, cp858: 19, windows1254: 91 } as const;
/** The pages of Rongta's firmware. */
const RONGTA_PAGES = { cp437: 0, cp857: 29, cp858: 19, windows1254: 32 } as const;
/** Firmware with Western Europe at most: Turkish text is drawn. */
const WESTERN_PAGES = { cp437: 0, cp858: 19 } as const;

/**
 * Printers of Chinese make, under whatever name.
 *
 * Numbers from receipt-print-hq/escpos-printer-db and from ReceiptPrinterEncoder's lists.
 */
export const ASIAN_PROFILES = [
  {
    ...CLONE_80,
    id: 'zjiang-80',
    maker: 'Zjiang',
    models: ['ZJ-8220', 'NT-80-V-UL'],
    codePages: ZJIANG_PAGES,
  },
  {
    ...CLONE_58,
    id: 'zjiang-58',
    maker: 'Zjiang',
    models: ['POS-5890'],
    codePages: ZJIANG_PAGES,
  },
  {
    ...CLONE_58,
    id: 'zjiang-zj-5870',
    maker: 'Zjiang',
    models: ['ZJ-5870', 'POS-58'],
    codePages: { cp437: 0 },
    textPage: 'cp437',
    qr: 'raster',
    barcode: 'raster',
  },
  {
    ...CLONE_80,
    id: 'zjiang-pos-8360',
    maker: 'Zjiang',
    models: ['POS-8360'],
    codePages: ZJIANG_PAGES,
  },
  { ...CLONE_80, id: 'netum-80', maker: 'Netum', models: ['80 mm'], codePages: ZJIANG_PAGES },
  {
    ...CLONE_58,
    id: 'netum-nt-5890k',
    maker: 'Netum',
    models: ['NT-5890K'],
    codePages: ZJIANG_PAGES,
  },
  {
    ...CLONE_80,
    id: 'pbm-p822d',
    maker: 'PBM',
    models: ['P822D'],
    codePages: { cp437: 0, cp857: 61, cp858: 19 },
  },
  {
    ...CLONE_80,
    id: 'rongta-rp326',
    maker: 'Rongta',
    models: ['RP325', 'RP326', 'RP327', 'RP328'],
    codePages: RONGTA_PAGES,
  },
  {
    ...CLONE_80,
    id: 'rongta-rp332',
    maker: 'Rongta',
    models: ['RP332'],
    widthDots: 512,
    columnsA: 42,
    columnsB: 56,
    codePages: RONGTA_PAGES,
    cutter: 'full',
  },
  { ...CLONE_58, id: 'youku-58t', maker: 'Youku', models: ['58T'], codePages: RONGTA_PAGES },
  {
    ...CLONE_80,
    id: 'kefar-kr306',
    maker: 'Kefar',
    models: ['KR-306'],
    codePages: { cp437: 0, cp857: 39 },
  },
  {
    ...CLONE_80,
    id: 'yhd-8390',
    maker: 'YHD',
    models: ['YHD-8390'],
    codePages: { cp437: 0, cp857: 24 },
  },
  {
    ...CLONE_80,
    id: 'xprinter-xp-n160ii',
    maker: 'Xprinter',
    models: ['XP-N160II'],
    codePages: WESTERN_PAGES,
    textPage: 'cp858',
  },
  {
    ...CLONE_80,
    id: 'xprinter-xp-t80q',
    maker: 'Xprinter',
    models: ['XP-T80Q'],
    codePages: WESTERN_PAGES,
    textPage: 'cp858',
  },
  {
    ...CLONE_80,
    id: 'munbyn-itpp047',
    maker: 'Munbyn',
    models: ['ITPP047', 'ITPP102'],
    widthDots: 512,
    columnsA: 42,
    columnsB: 56,
    codePages: WESTERN_PAGES,
    textPage: 'cp858',
  },
  {
    ...CLONE_58,
    id: 'sunmi-v2',
    maker: 'Sunmi',
    models: ['V2'],
    codePages: { cp437: 0, cp857: 13, cp858: 19 },
    drawer: null,
  },
] as const satisfies readonly PrinterProfile[];
