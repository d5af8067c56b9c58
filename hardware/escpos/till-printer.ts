import { assertNever } from '#loyalty/result.ts';
import escpos from 'escpos';
import type {
  Bitmap,
  EscposPrinterConstructor,
  BarcodeOptions,
  BarcodeType,
  EscposAdapter,
  FeedControl,
  FontName,
  HardwareControl,
  StatusName,
  TableCell,
  TextStyle,
} from './escpos-types.ts';
import { barcodeCommand } from './barcode.ts';
import { encodeText, UnencodableTextError } from './code-page.ts';
import { CODE_PAGE_UPPER_HALVES, type CodePageName } from './code-page-tables.ts';
import { commands } from './commands.ts';
import {
  columnCommand,
  graphicsCommand,
  rasterCommand,
  type RasterMode,
} from './image-commands.ts';
import { dataMatrixCommand, pdf417Command, qrCommand, type QrLevel } from './matrix-commands.ts';
import { printableText } from './printable-text.ts';
import { qrBitmap } from './qr-bitmap.ts';
import { STATUS_REQUESTS, StatusCollector, type RealTimeStatus } from './status-requests.ts';
import { tableLines } from './table-lines.ts';

const Printer: EscposPrinterConstructor = escpos;
const DRAWER_ON_MS = 50;
const DRAWER_OFF_MS = 500;

/** How a `TillPrinter` is set up; all from the printer's profile. */
export interface TillPrinterOptions {
  readonly columnsA: number;
  readonly columnsB: number;
  readonly page: CodePageName;
  /** The number this printer has for `page`. */
  readonly pageNumber: number;
  readonly beeper?: 'clone' | 'epson';
}

/**
 * The printer every receipt goes through: escpos with its broken methods replaced.
 *
 * CONFORMANCE.md lists each public method, inherited and byte-tested or replaced and why. Text is
 * strict: what the code page lacks throws, and a receipt never shows a silent "?". Emits everything
 * through `raw`, because strings above 7F leave escpos' buffer as UTF-8.
 */
export class TillPrinter extends Printer {
  readonly #options: TillPrinterOptions;
  #page: CodePageName;
  #pageNumber: number | null = null;

  constructor(adapter: EscposAdapter, options: TillPrinterOptions) {
    super(adapter, { width: options.columnsA, encoding: options.page });
    this.#options = options;
    this.#page = options.page;
  }

  /** Initialises the printer and selects its code page: the start of every job. */
  begin(): this {
    this.raw(Buffer.from([0x1b, 0x40]));
    return this.setCharacterCodeTable(this.#options.pageNumber);
  }

  override model(name: null): this {
    if (name !== null) throw new Error('model-specific commands are data of the printer profile');
    return this;
  }

  override setCharacterCodeTable(page: number): this {
    this.#pageNumber = page;
    return super.setCharacterCodeTable(page);
  }

  override encode(encoding: string): this {
    if (!isCodePageName(encoding)) throw new Error(`no table for code page ${encoding}`);
    this.#page = encoding;
    this.encoding = encoding;
    return this;
  }

  override marginBottom(): this {
    throw new Error('ESC/POS has no bottom margin: feed before the cut');
  }

  override marginLeft(dots: number): this {
    return this.raw(commands.leftMargin(dots));
  }

  /** Width of the printing area, from the left margin on. */
  printArea(dots: number): this {
    return this.raw(commands.printAreaWidth(dots));
  }

  override marginRight(): this {
    throw new Error('ESC/POS has no right margin: set the width with printArea');
  }

  override print(content: Buffer | string): this {
    if (typeof content !== 'string') return this.raw(content);
    const parts = content.split('\n').map((each) => this.#encoded(each));
    parts.forEach((part, index) =>
      this.raw(index === 0 ? part : Buffer.concat([Buffer.from([0x0a]), part])),
    );
    return this;
  }

  override pureText(content: string): this {
    return this.raw(this.#encoded(content));
  }

  override text(content: string): this {
    return this.pureText(content).newLine();
  }

  override table(cells: readonly string[]): this {
    return this.tableCustom(cells.map((text) => ({ text })));
  }

  override tableCustom(
    cells: readonly TableCell[],
    options: { readonly size?: readonly [number, number] } = {},
  ): this {
    const [wide, high] = options.size ?? [1, 1];
    const readable = cells.map((cell) => ({ ...cell, text: this.#printable(cell.text) }));
    this.size(wide - 1, high - 1);
    for (const line of tableLines(readable, Math.floor(this.width / wide))) {
      for (const piece of line) this.style(piece.style).pureText(piece.text);
      this.style('NORMAL').newLine();
    }
    return this.size(0, 0);
  }

  override control(name: FeedControl): this {
    switch (name) {
      case 'LF':
      case 'CR':
      case 'HT':
      case 'FF':
        return super.control(name);
      case 'GLF':
        return this.raw(commands.feedDots(0));
      case 'VT':
        throw new Error('ESC/POS has no vertical tab');
      default:
        return assertNever(name, 'feed control');
    }
  }

  /** Prints what is in the line and feeds whole lines. */
  feedLines(lines: number): this {
    return this.raw(commands.feedLines(lines));
  }

  /** Prints what is in the line and feeds dots. */
  feedDots(dots: number): this {
    return this.raw(commands.feedDots(dots));
  }

  override font(family: FontName): this {
    super.font(family);
    this.width = family === 'a' ? this.#options.columnsA : this.#options.columnsB;
    return this.#selectPageAgain();
  }

  override _getStyle(style: TextStyle): string {
    return styleCommand(style).toString('latin1');
  }

  override style(style: TextStyle): this {
    return this.raw(styleCommand(style));
  }

  override hardware(name: HardwareControl): this {
    if (name === 'SELECT') return super.hardware(name);
    super.hardware('INIT');
    return this.#selectPageAgain();
  }

  override setReverseColors(on: boolean): this {
    return this.raw(commands.reverse(on));
  }

  /** Leaves multi-byte mode. */
  cancelKanji(): this {
    return this.raw(commands.cancelKanji());
  }

  override barcode(code: string, type: BarcodeType, options: BarcodeOptions = {}): this {
    return this.raw(barcodeCommand(code, type, options));
  }

  override qrcode(content: string, _version: null = null, level: QrLevel = 'M', size = 6): this {
    return this.raw(qrCommand(content, level, size));
  }

  override qrimage(
    content: string,
    options: { readonly level?: QrLevel; readonly size?: number } = {},
  ): this {
    return this.raster(qrBitmap(content, options.level ?? 'M', options.size ?? 6));
  }

  pdf417(content: string): this {
    return this.raw(pdf417Command(content));
  }

  dataMatrix(content: string, moduleDots = 4): this {
    return this.raw(dataMatrixCommand(content, moduleDots));
  }

  override image(image: Bitmap, density: 's8' | 'd8' | 's24' | 'd24' = 'd24'): this {
    if (density !== 'd24') throw new Error('column images are 24 dots high, double density');
    return this.raw(columnCommand(image));
  }

  override raster(image: Bitmap, mode: RasterMode = 'normal'): this {
    return this.raw(rasterCommand(image, mode));
  }

  /** The newer image command, for printers that have dropped GS v 0. */
  graphics(image: Bitmap): this {
    return this.raw(graphicsCommand(image));
  }

  override cashdraw(
    pin: 2 | 5 = 2,
    onMs: number = DRAWER_ON_MS,
    offMs: number = DRAWER_OFF_MS,
  ): this {
    return this.raw(commands.drawerPulse(pin, onMs, offMs));
  }

  override beep(times: number, lengthUnits: number): this {
    const epson = this.#options.beeper === 'epson';
    return this.raw(
      epson ? commands.beepEpson(times, lengthUnits) : commands.beepClone(times, lengthUnits),
    );
  }

  override cut(partial = false, feed = 3): this {
    if (feed > 0) this.feed(feed);
    return this.raw(Buffer.from([0x1d, 0x56, partial ? 1 : 0]));
  }

  /** Feeds to the cutter and cuts. */
  cutAfterFeed(partial: boolean, feedDots = 0): this {
    return this.raw(commands.cutAfterFeed(partial, feedDots));
  }

  override flush(done?: (error: Error | null) => void): this {
    this.adapter.write(Buffer.from(this.buffer.flush()), done);
    return this;
  }

  override close(done?: (error: Error | null) => void, options?: unknown): this {
    return this.flush((error) => {
      if (error === null || error === undefined) this.adapter.close(done, options);
      else done?.(error);
    });
  }

  override getStatus(name: StatusName, callback: (status: RealTimeStatus) => void): this {
    return this.#askStatus([name], ([status]) => {
      if (status !== undefined) callback(status);
    });
  }

  override getStatuses(callback: (statuses: readonly RealTimeStatus[]) => void): this {
    return this.#askStatus(Object.keys(STATUS_REQUESTS) as StatusName[], callback);
  }

  #askStatus(
    names: readonly StatusName[],
    callback: (statuses: readonly RealTimeStatus[]) => void,
  ): this {
    if (this.adapter.read === undefined) throw new Error('this adapter cannot read');
    const collector = new StatusCollector(names, (bytes) => this.adapter.write(bytes), callback);
    this.adapter.read((bytes) => collector.push(bytes));
    collector.start();
    return this;
  }

  #encoded(content: string): Buffer {
    return encodeText(this.#page, this.#printable(content));
  }

  #printable(content: string): string {
    const { text, missing } = printableText(this.#page, content);
    if (missing[0] !== undefined) throw new UnencodableTextError(this.#page, missing[0]);
    return text;
  }

  #selectPageAgain(): this {
    return this.#pageNumber === null ? this : this.setCharacterCodeTable(this.#pageNumber);
  }
}

function isCodePageName(name: string): name is CodePageName {
  return Object.hasOwn(CODE_PAGE_UPPER_HALVES, name);
}

function styleCommand(style: TextStyle): Buffer {
  const bold = style.startsWith('B');
  const underline = style.endsWith('U2') ? 2 : style.endsWith('U') ? 1 : 0;
  return Buffer.concat([commands.emphasis(bold), commands.underline(underline)]);
}
