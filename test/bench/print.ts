import { createRequire } from 'node:module';
import { createBitmap, blacken, dotAt } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { TillPrinter } from '#hardware/escpos/till-printer.ts';
import type { PaperStrip } from '#hardware/virtual/paper.ts';
import { textOf } from '#hardware/virtual/paper.ts';
import { pngOf } from '#hardware/virtual/png.ts';
import { EPSON_LIKE_80, VirtualPrinter } from '#hardware/virtual/virtual-printer.ts';
import { pictureOf, readQr } from '#test/hardware/virtual/read-picture.ts';
import { median, type Bench, type Figure } from './figures.ts';

const LOGO = { width: 384, height: 96 } as const;
const QR = 'HTTPS://R.EXAMPLE/7F3K9Q2M';
const LINES = [
  'GÜNEŞ ÇAY EVİ',
  'Bağdat Cd. 12, Kadıköy',
  'Fiş 000123        21.11.2026',
  'Ihlamur çayı           45,00',
  'Poğaça               2x30,00',
  'Şekerli simit          18,00',
  'Üzümlü kek             55,00',
  'TOPLAM             178,00 TL',
  'Kazandığınız puan         23',
  'Bakiyeniz              1.240',
  'Teşekkür ederiz, iyi günler',
  'Öneri: kart İÇİN QR okutun',
] as const;

const RUNS = 400;
const WARM_UP = 100;
/** What comes after: it shows whatever the receipt left behind in the printer. */
const NEXT_RECEIPT = Buffer.from('NEXT\n\u001dV\u0000', 'latin1');
/** Turkish text, logo, QR code, one cut, one drawer pulse, nothing else on this paper or the next. */
const FACTS = ['text', 'logo', 'QR', 'cut', 'drawer', 'clean'] as const;
type Fact = (typeof FACTS)[number];

/** Something that makes the receipt's bytes. */
interface Maker {
  readonly name: string;
  make(): Buffer;
}

function logo(): Bitmap {
  const bitmap = createBitmap(LOGO.width, LOGO.height);
  for (let y = 0; y < LOGO.height; y += 1) {
    for (let x = 0; x < LOGO.width; x += 1) {
      const isRing = Math.abs(Math.hypot((x - 192) / 3, y - 48) - 36) < 6;
      if (isRing || (x + y) % 29 === 0) blacken(bitmap, x, y);
    }
  }
  return bitmap;
}

const picture = logo();

function regulars(): Maker {
  return {
    name: 'Regulars',
    make() {
      const parts: Buffer[] = [];
      const adapter = { write: (bytes: Buffer) => void parts.push(bytes), close: () => undefined };
      const options = { columnsA: 48, columnsB: 64, page: 'cp857', pageNumber: 13 } as const;
      const printer = new TillPrinter(adapter, options);
      printer.begin().align('ct').raster(picture).align('lt');
      for (const line of LINES) printer.text(line);
      printer.align('ct').qrcode(QR, null, 'M', 6).cutAfterFeed(true).cashdraw(2).flush();
      return Buffer.concat(parts);
    },
  };
}

/** escpos as its README says, page and encoding by hand. */
interface BareEscpos {
  new (adapter: object, options: object): BarePrinter;
  readonly Image: new (pixels: object) => object;
}
interface BarePrinter {
  hardware(name: string): this;
  setCharacterCodeTable(page: number): this;
  align(side: string): this;
  raster(image: object): this;
  text(line: string): this;
  qrcode(content: string, version: null, level: string, size: number): this;
  cut(partial: boolean): this;
  cashdraw(pin: number): this;
  flush(): this;
}

function bareEscpos(): Maker {
  const Printer = createRequire(import.meta.url)('escpos') as BareEscpos;
  const data = Array.from({ length: LOGO.width * LOGO.height }, (_, at) => {
    const shade = dotAt(picture, at % LOGO.width, Math.floor(at / LOGO.width)) ? 0 : 255;
    return [shade, shade, shade, 255];
  }).flat();
  const image = new Printer.Image({ shape: [LOGO.width, LOGO.height, 4], data });
  return {
    name: 'escpos 3.0.0-alpha.6, bare',
    make() {
      const parts: Buffer[] = [];
      const adapter = { write: (bytes: Buffer) => void parts.push(bytes), close: () => undefined };
      const printer = new Printer(adapter, { encoding: 'CP857', width: 48 });
      printer.hardware('INIT').setCharacterCodeTable(13).align('ct').raster(image).align('lt');
      for (const line of LINES) printer.text(line);
      printer.align('ct').qrcode(QR, null, 'M', 6).cut(true).cashdraw(2).flush();
      return Buffer.concat(parts);
    },
  };
}

/** What comes out of the virtual printer, held against what should. */
async function factsOf(bytes: Buffer): Promise<readonly Fact[]> {
  const strips: PaperStrip[] = [];
  const pulses: number[] = [];
  const printer = new VirtualPrinter(
    { ...EPSON_LIKE_80, bufferBytes: 65_536 },
    {
      onAnswer: () => undefined,
      onStrip: (strip) => void strips.push(strip),
      onDrawer: (pin) => void pulses.push(pin),
    },
  );
  printer.receive(bytes);
  printer.receive(NEXT_RECEIPT);
  const [strip, next, ...more] = strips;
  if (strip === undefined) return [];
  const dots = strip.marks.filter((mark) => mark.kind === 'dots' && mark.source === 'image');
  const text = textOf(strip);
  const isLogo = dots.some(
    (mark) =>
      mark.kind === 'dots' && Buffer.from(mark.bitmap.data).equals(Buffer.from(picture.data)),
  );
  const holds: Readonly<Record<Fact, boolean>> = {
    text: LINES.every((line) => text.includes(line)),
    logo: isLogo,
    QR: readQr(await pictureOf(await pngOf(strip))) === QR,
    cut: strip.cut === 'partial' && next !== undefined && more.length === 0,
    drawer: pulses.join() === '2',
    clean:
      !strip.marks.some((mark) => mark.kind === 'problem') &&
      (next === undefined ? '' : textOf(next)) === 'NEXT',
  };
  return FACTS.filter((fact) => holds[fact]);
}

function millisecondsEach(maker: Maker): number {
  for (let run = 0; run < WARM_UP; run += 1) maker.make();
  const samples = Array.from({ length: RUNS }, () => {
    const startMs = performance.now();
    maker.make();
    return performance.now() - startMs;
  });
  return median(samples);
}

/**
 * The same receipt (logo, 12 Turkish lines, QR code, cut, drawer) by Regulars and by what else there
 * is: time, bytes, and who gets what right, read off the virtual printer's paper.
 */
export const print: Bench = {
  name: 'print',
  async run() {
    const figures: Figure[] = [];
    for (const maker of [regulars(), bareEscpos()]) {
      const bytes = maker.make();
      const right = await factsOf(bytes);
      const wrong = FACTS.filter((fact) => !right.includes(fact));
      const isOurs = maker.name === 'Regulars';
      const said = wrong.length === 0 ? '' : ` (not ${wrong.join(', ')})`;
      figures.push(
        {
          name: `${maker.name}, a receipt`,
          value: millisecondsEach(maker),
          unit: 'ms',
          limit: null,
        },
        { name: `${maker.name}, its size`, value: bytes.length, unit: 'bytes', limit: null },
        {
          name: `${maker.name}, right of ${FACTS.length}${said}`,
          value: right.length,
          unit: '',
          limit: isOurs ? { kind: 'at-least', value: FACTS.length } : null,
        },
      );
    }
    return figures;
  },
};
