import { createRequire } from 'node:module';
import { dotAt } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { pngOfBitmap } from '#hardware/virtual/png-of-bitmap.ts';

/** One receipt: what everybody has to print. */
export interface BenchReceipt {
  readonly logo: Bitmap;
  readonly lines: readonly string[];
  readonly qr: string;
}

/** Something that makes the receipt's bytes. */
export interface Maker {
  readonly name: string;
  make(): Buffer | Promise<Buffer>;
}

const require = createRequire(import.meta.url);

/** The product's own printer class, as its receipts use it. */
export function regulars({ logo, lines, qr }: BenchReceipt): Maker {
  return {
    name: 'Regulars',
    make() {
      const parts: Buffer[] = [];
      const adapter = { write: (bytes: Buffer) => void parts.push(bytes), close: () => undefined };
      const options = { columnsA: 48, columnsB: 64, page: 'cp857', pageNumber: 13 } as const;
      const printer = new TillPrinter(adapter, options);
      printer.begin().align('ct').raster(logo).align('lt');
      for (const line of lines) printer.text(line);
      printer.align('ct').qrcode(qr, null, 'M', 6).cutAfterFeed(true).cashdraw(2).flush();
      return Buffer.concat(parts);
    },
  };
}

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

/** escpos as its README says, page and encoding by hand. */
export function bareEscpos({ logo, lines, qr }: BenchReceipt): Maker {
  const Printer = require('escpos') as BareEscpos;
  const data = Array.from(pixelsOf(logo)).flatMap((shade) => [shade, shade, shade, 255]);
  const image = new Printer.Image({ shape: [logo.width, logo.height, 4], data });
  return {
    name: 'escpos 3.0.0-alpha.6, bare',
    make() {
      const parts: Buffer[] = [];
      const adapter = { write: (bytes: Buffer) => void parts.push(bytes), close: () => undefined };
      const printer = new Printer(adapter, { encoding: 'CP857', width: 48 });
      printer.hardware('INIT').setCharacterCodeTable(13).align('ct').raster(image).align('lt');
      for (const line of lines) printer.text(line);
      printer.align('ct').qrcode(qr, null, 'M', 6).cut(true).cashdraw(2).flush();
      return Buffer.concat(parts);
    },
  };
}

interface PointOfSaleEncoder {
  initialize(): this;
  codepage(name: string): this;
  align(side: string): this;
  image(pixels: object, width: number, height: number, algorithm: string, threshold: number): this;
  line(text: string): this;
  qrcode(content: string, options: object): this;
  cut(kind: string): this;
  pulse(device: number): this;
  encode(): Uint8Array;
}

/** The best encoder there is, on the page that has all Turkish letters. */
export function pointOfSaleEncoder({ logo, lines, qr }: BenchReceipt): Maker {
  const Encoder = require('@point-of-sale/receipt-printer-encoder') as new (
    options: object,
  ) => PointOfSaleEncoder;
  const image = {
    width: logo.width,
    height: logo.height,
    data: Uint8ClampedArray.from(
      Array.from(pixelsOf(logo)).flatMap((shade) => [shade, shade, shade, 255]),
    ),
  };
  return {
    name: '@point-of-sale/receipt-printer-encoder 4.0.1',
    make() {
      const encoder = new Encoder({ printerModel: 'epson-tm-t88vi', imageMode: 'raster' });
      encoder.initialize().codepage('cp857').align('center');
      encoder.image(image, logo.width, logo.height, 'threshold', 128).align('left');
      for (const line of lines) encoder.line(line);
      encoder.align('center').qrcode(qr, { model: 2, size: 6, errorlevel: 'm' });
      return Buffer.from(encoder.cut('partial').pulse(0).encode());
    },
  };
}

interface NodeThermalPrinter {
  alignCenter(): void;
  alignLeft(): void;
  println(text: string): void;
  printQR(text: string, settings: object): void;
  partialCut(): void;
  openCashDrawer(): void;
  printImageBuffer(png: Buffer): Promise<Buffer>;
  getBuffer(): Buffer;
}

/** The most used one; its pages are chosen by itself or set, and it takes pictures as PNG. */
export function nodeThermalPrinter({ logo, lines, qr }: BenchReceipt): Maker {
  const { printer: Printer } = require('node-thermal-printer') as {
    readonly printer: new (options: object) => NodeThermalPrinter;
  };
  const png = pngOfBitmap(logo);
  return {
    name: 'node-thermal-printer 4.6.1',
    async make() {
      const printer = new Printer({ type: 'epson', width: 48, characterSet: 'PC857_TURKISH' });
      printer.alignCenter();
      await printer.printImageBuffer(png);
      printer.alignLeft();
      for (const line of lines) printer.println(line);
      printer.alignCenter();
      printer.printQR(qr, { cellSize: 6, correction: 'M', model: 2 });
      printer.partialCut();
      printer.openCashDrawer();
      return printer.getBuffer();
    },
  };
}

/** A language for receipts; of its encodings the one with most letters, as no Turkish one is among them. */
export function receiptline({ logo, lines, qr }: BenchReceipt): Maker {
  const { transform } = require('receiptline') as {
    transform(document: string, printer: object): string;
  };
  const png = pngOfBitmap(logo).toString('base64');
  const text = [
    `{image:${png}}`,
    // Amounts stand at the other edge by spaces here, which its columns would swallow.
    ...lines.map(
      (line) => `${line.replaceAll(/[\\|{}~_"`^-]/g, String.raw`\$&`).replaceAll(' ', '~')} |`,
    ),
    `{code:${qr}; option:qrcode,6,m}`,
    '=',
  ].join('\n');
  // Its language has no word for the drawer: the pulse goes behind, as its own manual sends it.
  const pulse = Buffer.from('1b7000190a', 'hex');
  return {
    name: 'receiptline 4.0.4',
    make() {
      const options = { cpl: 48, encoding: 'multilingual', command: 'epson', gradient: false };
      return Buffer.concat([Buffer.from(transform(text, options), 'binary'), pulse]);
    },
  };
}

function* pixelsOf(logo: Bitmap): Iterable<number> {
  for (let y = 0; y < logo.height; y += 1) {
    for (let x = 0; x < logo.width; x += 1) yield dotAt(logo, x, y) ? 0 : 255;
  }
}
