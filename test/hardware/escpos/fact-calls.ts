import { startsRealTimeCommand, createBitmap, blacken } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { encodeText } from '#hardware/escpos/code-page.ts';
import type { CodePageName } from '#hardware/escpos/code-page-tables.ts';
import { commands } from '#hardware/escpos/commands.ts';
import { graphicsCommand, rasterCommand } from '#hardware/escpos/image-commands.ts';
import type { QrLevel } from '#hardware/escpos/matrix-commands.ts';
import { printableText } from '#hardware/escpos/printable-text.ts';
import {
  decodeAutomaticStatus,
  decodeErrorCause,
  decodeOfflineCause,
  decodePaper,
  decodePrinterStatus,
  StatusStream,
  type StatusMessage,
} from '#hardware/escpos/status-stream.ts';
import type { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { PRINTER_PROFILES } from '#hardware/printer/profile-catalogue.ts';
import { bytesOf, captured, hex } from './captured.ts';

/** One entry of escpos-facts.json, as far as the calls below read it. */
export interface Fact {
  readonly id: string;
  readonly kind: string;
  readonly bytes?: string | readonly string[];
  readonly input?: string;
  readonly codepage?: CodePageName;
  readonly profile?: string;
  readonly contains?: string;
  readonly forbidden?: readonly string[];
  readonly forbidden_suffix?: readonly string[];
  readonly forbidden_prefix?: readonly string[];
  readonly input_len?: number;
  readonly size?: number;
  readonly level?: QrLevel;
  readonly set?: 'C';
  readonly width?: number;
  readonly height?: number;
  readonly pin?: 2 | 5;
  readonly on_ms?: number;
  readonly off_ms?: number;
  readonly as?: string;
  readonly expect?: unknown;
  readonly expect_bytes?: string;
  readonly event_key_text?: string;
  readonly layout?: string;
  readonly gaps_ms?: readonly number[];
  readonly cases?: readonly (readonly [number, number, number])[];
}

/** What the product makes of a fact: bytes as hex, or a value to be compared with `expect`. */
export type FactCall = (fact: Fact) => unknown;

const TEXT: FactCall = (fact) => hex(encodeText(fact.codepage ?? 'cp857', fact.input ?? ''));
const PAGE_SELECT: FactCall = (fact) => {
  const profile = PRINTER_PROFILES.find((each) => each.models.includes(fact.profile ?? ''));
  const number = profile?.codePages[fact.codepage ?? 'cp857'];
  if (number === undefined) return `no profile for ${fact.profile}`;
  return hex(captured((printer) => printer.setCharacterCodeTable(number)));
};
const QR: FactCall = (fact) =>
  hex(
    captured((printer) =>
      printer.qrcode(fact.input ?? '', null, fact.level ?? 'M', fact.size ?? 6),
    ),
  );
const RASTER_HEADER: FactCall = (fact) =>
  hex(rasterHeaderAsOneBand(fact.width ?? 0, fact.height ?? 0));
const BARCODE_PART =
  (use: (printer: TillPrinter) => TillPrinter, from: number, length: number): FactCall =>
  () =>
    hex(captured(use).subarray(from, from + length));
const SENDS =
  (use: (printer: TillPrinter) => TillPrinter): FactCall =>
  () =>
    hex(captured(use));
const GRAPHICS =
  (width: number, height: number, black: readonly [number, number][]): FactCall =>
  () =>
    hex(graphicsCommand(drawn(width, height, black)));

/** A call for every fact; a fact without one fails the test. */
export const FACT_CALLS: Readonly<Record<string, FactCall>> = {
  'cp857-text': TEXT,
  'cp857-full': TEXT,
  'cp1254-text': TEXT,
  'cp1254-full': TEXT,
  'epson-857-line': () => hex(captured((printer) => printer.begin().text('İğşçöü'))),
  'epson-1254-select': PAGE_SELECT,
  'pos-5890-857-select': PAGE_SELECT,
  'nt-80-v-ul-857-select': PAGE_SELECT,
  'rp326-857-select': PAGE_SELECT,
  'kr-306-857-select': PAGE_SELECT,
  'yhd-8390-857-select': PAGE_SELECT,
  'ct-s651-857-select': PAGE_SELECT,
  'tsp600-857-select': PAGE_SELECT,
  'pos-5890-1254-select': PAGE_SELECT,
  'rp326-1254-select': PAGE_SELECT,
  'euro-1254': TEXT,
  'euro-858': () =>
    hex(captured((printer) => printer.setCharacterCodeTable(19).pureText('€'), { page: 'cp858' })),
  'euro-857': TEXT,
  'lira-unencodable': () => hex(encodeText('cp857', printableText('cp857', '₺40,00').text)),
  'reemit-after-init': () => {
    const sent = hex(
      captured((printer) => printer.begin().hardware('INIT').pureText('ğ').font('a').pureText('ğ')),
    );
    return /^1B 40 1B 74 0D 1B 40 1B 74 0D A7 1B 4D 00 1B 74 0D A7$/.test(sent);
  },
  'd5-ambiguity': () => hex(captured((printer) => printer.begin().text('ı'))),
  'kanji-off': SENDS((printer) => printer.cancelKanji()),
  'textsize-2x2': SENDS((printer) => printer.size(1, 1)),
  'textsize-4x4': SENDS((printer) => printer.size(3, 3)),
  'textsize-w4': SENDS((printer) => printer.size(3, 0)),
  'align-center': SENDS((printer) => printer.align('ct')),
  'bold-on': () => hex(captured((printer) => printer.style('B')).subarray(0, 3)),
  'underline-2': () => hex(captured((printer) => printer.style('U2')).subarray(3)),
  'reverse-on': SENDS((printer) => printer.setReverseColors(true)),
  'font-b': SENDS((printer) => printer.font('b')),
  'feed-4': SENDS((printer) => printer.feedLines(4)),
  'linespace-16': SENDS((printer) => printer.lineSpace(16)),
  'printwidth-576': SENDS((printer) => printer.printArea(576)),
  'printwidth-512': SENDS((printer) => printer.printArea(512)),
  'cut-partial-feed0': SENDS((printer) => printer.cutAfterFeed(true, 0)),
  'cut-full-feed3': SENDS((printer) => printer.cutAfterFeed(false, 3)),
  'cut-full': SENDS((printer) => printer.cut(false, 0)),
  'cut-partial': SENDS((printer) => printer.cut(true, 0)),
  'drawer-2-50-500': (fact) =>
    hex(captured((printer) => printer.cashdraw(fact.pin, fact.on_ms, fact.off_ms))),
  'drawer-5-120-240': (fact) =>
    hex(captured((printer) => printer.cashdraw(fact.pin, fact.on_ms, fact.off_ms))),
  'drawer-realtime': () => hex(commands.drawerPulseNow(2, 1)),
  'drawer-no-utf8': SENDS((printer) => printer.cashdraw(2)),
  'drawer-not-truncated': SENDS((printer) => printer.cashdraw(2).cashdraw(5)),
  'qr-1234-L3': QR,
  'qr-1234-H3': QR,
  'qr-hello-M6': QR,
  'qr-utf8-len': QR,
  'qr-300-header': (fact) =>
    hex(captured((printer) => printer.qrcode('A'.repeat(fact.input_len ?? 0)))),
  'qr-url': QR,
  'qr-empty': QR,
  'qr-not-gsz': SENDS((printer) => printer.qrcode('HELLO')),
  'pdf417-1234': SENDS((printer) => printer.pdf417('1234')),
  'ean13-b': BARCODE_PART((printer) => printer.barcode('8690504000013', 'EAN13'), 12, 99),
  'ean13-a': SENDS((printer) =>
    printer.barcode('4006381333931', 'EAN13', { height: 64, width: 3, terminated: true }),
  ),
  'code128-b': BARCODE_PART((printer) => printer.barcode('LYL-000123', 'CODE128'), 12, 99),
  'code128-long': BARCODE_PART((printer) => printer.barcode('012ABCDabcd', 'CODE128'), 12, 99),
  'code128-c': BARCODE_PART(
    (printer) => printer.barcode('213243', 'CODE128', { set: 'C' }),
    12,
    99,
  ),
  'code128-short-negative': SENDS((printer) => printer.barcode('ABC1234567', 'CODE128')),
  code39: BARCODE_PART((printer) => printer.barcode('1234', 'CODE39'), 12, 99),
  itf: BARCODE_PART((printer) => printer.barcode('1234', 'ITF'), 12, 99),
  'barcode-height-80': BARCODE_PART(
    (printer) => printer.barcode('1234', 'ITF', { height: 80 }),
    0,
    3,
  ),
  'barcode-width-3': BARCODE_PART((printer) => printer.barcode('1234', 'ITF', { width: 3 }), 3, 3),
  'hri-below': BARCODE_PART((printer) => printer.barcode('1234', 'ITF', { position: 'BLW' }), 9, 3),
  'gsv0-576x1': RASTER_HEADER,
  'gsv0-576x256': RASTER_HEADER,
  'gsv0-576x300': RASTER_HEADER,
  'gsv0-384x96': RASTER_HEADER,
  'gsv0-1x1-black': () => hex(rasterCommand(drawn(1, 1, [[0, 0]]))),
  'gsv0-2x2': () =>
    hex(
      rasterCommand(
        drawn(2, 2, [
          [0, 0],
          [1, 0],
        ]),
      ),
    ),
  'gs-paren-L-1x1': GRAPHICS(1, 1, [[0, 0]]),
  'gs-paren-L-2x2': GRAPHICS(2, 2, [
    [0, 0],
    [1, 0],
  ]),
  'gs8L-header-384x96': () => gs8Header(),
  'esc-star-1x1': () => hex(captured((printer) => printer.image(drawn(1, 1, [[0, 0]])))),
  'raster-no-realtime': () => rasterOfAllTriplesIsClean(),
  'gs-D-disable-pulse': () => hex(commands.setRealTimePulse(false)),
  'gs-D-enable-pulse': () => hex(commands.setRealTimePulse(true)),
  'gs-D-both-off': () => hex(commands.disableRealTimePulseAndPowerOff()),
  cols: (fact) =>
    (fact.cases ?? []).every(([dots, glyph, columns]) => columnsFit(dots, glyph, columns)),
  'dle-eot-1': () => hex(commands.requestStatus(1)),
  'dle-eot-2': () => hex(commands.requestStatus(2)),
  'dle-eot-3': () => hex(commands.requestStatus(3)),
  'dle-eot-4': () => hex(commands.requestStatus(4)),
  'asb-enable': () => hex(commands.automaticStatus(0x0f)),
  'asb-disable': () => hex(commands.automaticStatus(0)),
  'gs-r-1': () => hex(commands.requestPaperInTurn()),
  'dle-enq-2': () => hex(commands.recoverClearingBuffers()),
  'procid-set': () => hex(commands.requestProcessId('A001')),
};

/** Decoders by the fact's `as`. */
export const FACT_DECODERS: Readonly<Record<string, FactCall>> = {
  'dle-eot-1': (fact) => decodePrinterStatus(firstByte(fact)),
  'dle-eot-2': (fact) => decodeOfflineCause(firstByte(fact)),
  'dle-eot-3': (fact) => decodeErrorCause(firstByte(fact)),
  'dle-eot-4': (fact) => decodePaper(firstByte(fact)),
  asb: (fact) => decodeAutomaticStatus([...allBytes(fact)]),
  'process-id': (fact) => {
    const [message] = new StatusStream().push(allBytes(fact));
    return message?.kind === 'process-id' ? { id: message.id } : message;
  },
  stream: (fact) => new StatusStream().push(allBytes(fact)).map(inWords),
  'stream-chunks': (fact) => {
    const stream = new StatusStream();
    return (fact.bytes as readonly string[])
      .flatMap((chunk) => stream.push(bytesOf(chunk)))
      .map(inWords);
  },
};

/** Bits a printer without the fact's answer would miss; see `demux-table`. */
export function classify(byte: number): string {
  const stream = new StatusStream();
  const [message] = stream.push(Uint8Array.of(byte));
  if (message === undefined)
    return stream.push(Uint8Array.of(0, 0, 0))[0]?.kind === 'automatic' ? 'ASB-1' : 'open';
  if (message.kind === 'flow') return message.go ? 'XON' : 'XOFF';
  return message.kind === 'real-time' ? 'DLE-EOT' : 'other';
}

function inWords(message: StatusMessage): string {
  if (message.kind === 'real-time') return `dle-eot ${message.byte.toString(16)}`;
  if (message.kind === 'process-id') return `process-id ${message.id}`;
  if (message.kind !== 'automatic') return message.kind;
  const { paperOut, nearEnd, online } = message.status;
  const paper = [paperOut ? 'paper out' : '', nearEnd ? 'near end' : '']
    .filter((each) => each !== '')
    .join(' + ');
  return `asb ${paper === '' ? 'ok' : paper}${online ? '' : ', offline'}`;
}

function firstByte(fact: Fact): number {
  return allBytes(fact)[0] ?? -1;
}

function allBytes(fact: Fact): Buffer {
  return bytesOf(typeof fact.bytes === 'string' ? fact.bytes : '');
}

function drawn(
  width: number,
  height: number,
  black: readonly (readonly [number, number])[],
): Bitmap {
  const bitmap = createBitmap(width, height);
  for (const [x, y] of black) blacken(bitmap, x, y);
  return bitmap;
}

/** The header the fact names; above 256 lines the product sends bands, so their lines are added up. */
function rasterHeaderAsOneBand(width: number, height: number): Buffer {
  const sent = rasterCommand(createBitmap(width, height));
  let lines = 0;
  for (let at = 0; at < sent.length;) {
    const bandLines = sent.readUInt16LE(at + 6);
    if (bandLines > 256) throw new Error(`a band of ${bandLines} lines`);
    lines += bandLines;
    at += 8 + sent.readUInt16LE(at + 4) * bandLines;
  }
  const header = Buffer.from(sent.subarray(0, 8));
  header.writeUInt16LE(lines, 6);
  return header;
}

/** GS 8 L is only sent above 65,535 bytes: its header is built from a picture that long, then compared by shape. */
function gs8Header(): string {
  const sent = graphicsCommand(createBitmap(4_096, 256));
  const length = sent.readUInt32LE(3);
  const agrees = length === 10 + 512 * 256 && hex(sent.subarray(0, 3)) === '1D 38 4C';
  const header = Buffer.from(sent.subarray(0, 17));
  header.writeUInt32LE(10 + 4_608, 3);
  header.writeUInt16LE(384, 13);
  header.writeUInt16LE(96, 15);
  return agrees ? hex(header) : hex(sent.subarray(0, 17));
}

function rasterOfAllTriplesIsClean(): boolean {
  const picture = createBitmap(24, 512);
  let at = 0;
  for (const second of [0x04, 0x05, 0x14]) {
    for (let third = 0; third < 16; third += 1) {
      picture.data.set([0x10, second, third], at);
      at += 3;
    }
  }
  const sent = rasterCommand(picture);
  return sent.every((_, index) => !startsRealTimeCommand(sent, index));
}

function columnsFit(dots: number, glyph: number, columns: number): boolean {
  if (Math.floor(dots / glyph) !== columns) return false;
  // Some fonts are wider than 12 dots or narrower than 9: never more columns than there is paper.
  return PRINTER_PROFILES.every(
    (each) => each.columnsA * 12 <= each.widthDots && each.columnsB * 8 <= each.widthDots,
  );
}
