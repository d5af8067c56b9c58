import { barcodeRefusal, code128Modules } from '#hardware/escpos/barcode.ts';
import { barcodeBitmap } from '#hardware/escpos/barcode-bitmap.ts';
import { createBitmap } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { qrRefusal } from '#hardware/escpos/matrix-commands.ts';
import { codePageHas, codePointName } from '#hardware/escpos/code-page.ts';
import { printableText } from '#hardware/escpos/printable-text.ts';
import { QR_QUIET_MODULES } from '#hardware/escpos/qr-bitmap.ts';
import { QR_LEVEL, qrModulesAcross } from '#hardware/escpos/qr-size.ts';
import { wrapText } from '#hardware/escpos/text-width.ts';
import { TillPrinter } from '#hardware/escpos/till-printer.ts';
import { assertNever } from '#loyalty/result.ts';
import type {
  PairLine,
  ReceiptDocument,
  ReceiptLine,
  TextLine,
  TextSize,
} from '#loyalty/receipt.ts';
import { pairRows } from './pair-rows.ts';
import { textPageNumber } from './profile-catalogue.ts';
import type { PrinterProfile } from './profile.ts';
import { isRightToLeft, loadRasterText, type RasterText } from './raster-text.ts';

/** A receipt as bytes for one printer, and what of it could not be printed as it was written. */
export interface LaidOutReceipt {
  readonly bytes: Buffer;
  /** Each said once, for the log: `U+1F600`, or why a code was printed as text. Empty when all is well. */
  readonly lacking: readonly string[];
}

const QR_MODULE_DOTS = 6;
const QR_MODULE_DOTS_MIN = 4;
const BARCODE_HEIGHT_DOTS = 80;
const BARCODE_QUIET_MODULES = 20;
const GAP_DOTS = 12;
/** Black above and below white letters; even, because it is sent as rows of double height. */
const BAR_EDGE_DOTS = 6;
const VISIBLE_BOX = '■';
const MULTIPLES = { normal: [1, 1], large: [1, 2], huge: [2, 2] } as const satisfies Record<
  TextSize,
  readonly [number, number]
>;

/**
 * Lays a receipt out for a printer and says it in that printer's bytes.
 *
 * Every job begins with ESC @ and the code page and ends with a cut, so that nothing of the job before
 * or after can show. A line the code page cannot write is drawn and sent as dots; only what no bundled
 * font has is replaced, by a visible box, and reported.
 */
export async function layoutReceipt(
  document: ReceiptDocument,
  profile: PrinterProfile,
): Promise<LaidOutReceipt> {
  const layout = new Layout(
    profile,
    document.language,
    await rasterTextIfNeeded(document, profile),
  );
  return layout.run(document);
}

async function rasterTextIfNeeded(
  document: ReceiptDocument,
  profile: PrinterProfile,
): Promise<RasterText | null> {
  const texts = document.lines.flatMap(textsOf);
  const plain = texts.every((text) => printableText(profile.textPage, text).missing.length === 0);
  return plain ? null : loadRasterText();
}

function textsOf(line: ReceiptLine): string[] {
  switch (line.kind) {
    case 'text':
      return [line.text];
    case 'pair':
      return [line.start, line.end];
    case 'qr':
      return line.caption === null ? [] : [line.caption];
    case 'barcode':
    case 'rule':
    case 'space':
    case 'cut':
      return [];
    default:
      return assertNever(line, 'textsOf');
  }
}

class Layout {
  readonly #profile: PrinterProfile;
  readonly #raster: RasterText | null;
  readonly #rightToLeft: boolean;
  readonly #parts: Buffer[] = [];
  readonly #printer: TillPrinter;
  readonly #lacking = new Set<string>();
  #align: TextLine['align'] = 'start';
  #size: TextSize = 'normal';
  #bold = false;

  constructor(profile: PrinterProfile, language: string, raster: RasterText | null) {
    this.#profile = profile;
    this.#raster = raster;
    this.#rightToLeft = isRightToLeft(language);
    const adapter = {
      write: (bytes: Buffer) => void this.#parts.push(bytes),
      close: () => undefined,
    };
    this.#printer = new TillPrinter(adapter, {
      columnsA: profile.columnsA,
      columnsB: profile.columnsB,
      page: profile.textPage,
      pageNumber: textPageNumber(profile),
      beeper: profile.beeper === 'epson' ? 'epson' : 'clone',
    });
  }

  run(document: ReceiptDocument): LaidOutReceipt {
    this.#printer.begin();
    if (this.#profile.cancelKanji) this.#printer.cancelKanji();
    const { drawer } = this.#profile;
    if (document.openDrawer && drawer !== null) {
      this.#printer.cashdraw(drawer.pin, drawer.onMs, drawer.offMs);
    }
    for (const line of document.lines) this.#line(line);
    const last = document.lines.at(-1);
    if (last !== undefined && last.kind !== 'cut') this.#cut();
    this.#printer.flush();
    return { bytes: Buffer.concat(this.#parts), lacking: [...this.#lacking] };
  }

  #line(line: ReceiptLine): void {
    switch (line.kind) {
      case 'text':
        this.#text(line);
        return;
      case 'pair':
        this.#pair(line);
        return;
      case 'rule':
        this.#look();
        this.#printer.drawLine();
        return;
      case 'space':
        this.#printer.newLine();
        return;
      case 'qr':
        this.#qr(line.content, line.caption);
        return;
      case 'barcode':
        this.#barcode(line.symbology, line.content);
        return;
      case 'cut':
        this.#cut();
        return;
      default:
        assertNever(line, 'Layout');
    }
  }

  #text(line: TextLine): void {
    for (const paragraph of line.text.split(/\r\n|\r|\n/))
      this.#paragraph({ ...line, text: paragraph });
  }

  #paragraph(line: TextLine): void {
    const raster = this.#drawnInstead([line.text]);
    const align = this.#towards(line.align);
    if (raster === null) {
      this.#look(align, line.size, line.bold);
      const rows = wrapText(this.#writable(line.text), this.#columns(line.size));
      for (const row of rows) this.#printer.text(row);
    } else {
      this.#look(align);
      this.#image(raster.text(line, this.#profile.widthDots, this.#rightToLeft));
    }
  }

  #pair(line: PairLine): void {
    const raster = this.#drawnInstead([line.start, line.end]);
    if (raster !== null) {
      this.#look();
      if (line.inverted) this.#barTop();
      this.#image(raster.pair(line, this.#profile.widthDots, this.#rightToLeft));
      if (line.inverted) this.#barBottom();
      return;
    }
    const start = this.#writable(line.start);
    const end = this.#writable(line.end);
    const [left, right] = this.#rightToLeft ? [end, start] : [start, end];
    const margin = line.inverted ? 1 : 0;
    const rows = pairRows(left, right, this.#columns(line.size) - 2 * margin);
    this.#look('start', line.size, line.bold || line.inverted);
    if (!line.inverted) {
      for (const row of rows) this.#printer.text(row.trimEnd());
      return;
    }
    this.#barTop();
    this.#printer.lineSpace(0).setReverseColors(true);
    for (const row of rows) this.#printer.text(` ${row} `);
    this.#printer.setReverseColors(false).lineSpace();
    this.#barBottom();
  }

  /** White on black: the letters' own ground is too tight, so black rows close it above and below. */
  #barTop(): void {
    this.#printer.feedDots(GAP_DOTS);
    this.#blackRows();
  }

  #barBottom(): void {
    this.#blackRows();
    this.#printer.feedDots(GAP_DOTS / 2);
  }

  #blackRows(): void {
    if (this.#profile.image !== 'raster') return;
    const rows = createBitmap(this.#profile.widthDots, BAR_EDGE_DOTS / 2);
    rows.data.fill(0xff);
    this.#printer.raster(rows, 'dh');
  }

  /** The drawing that must replace these texts; null when the code page can write them or there is no canvas. */
  #drawnInstead(texts: readonly string[]): RasterText | null {
    const missing = texts.flatMap((text) => printableText(this.#profile.textPage, text).missing);
    for (const character of missing) {
      const drawable = this.#raster?.canDraw(character) ?? false;
      if (!drawable) this.#lacking.add(codePointName(character));
    }
    return missing.length === 0 ? null : this.#raster;
  }

  /** Text the code page can write: what it lacks is a box for all to see, and is reported. */
  #writable(text: string): string {
    const page = this.#profile.textPage;
    const printable = printableText(page, text);
    const box = codePageHas(page, VISIBLE_BOX) ? VISIBLE_BOX : '#';
    const lacks = new Set(printable.missing);
    return [...printable.text].map((each) => (lacks.has(each) ? box : each)).join('');
  }

  #qr(content: string, caption: string | null): void {
    const refusal = qrRefusal(content);
    const moduleDots = refusal === null ? this.#qrModuleDots(content) : null;
    if (moduleDots === null) {
      this.#codeAsText(content, refusal ?? 'a QR code too large for the paper');
    } else {
      this.#look('center');
      this.#printer.feedDots(QR_QUIET_MODULES * moduleDots);
      if (this.#profile.qr === 'native') this.#printer.qrcode(content, null, QR_LEVEL, moduleDots);
      else this.#printer.qrimage(content, { level: QR_LEVEL, size: moduleDots });
      this.#printer.feedDots(QR_QUIET_MODULES * moduleDots);
    }
    if (caption !== null) {
      this.#text({ kind: 'text', text: caption, align: 'center', size: 'normal', bold: false });
    }
  }

  /** The largest module up to six dots at which the code and its quiet zone fit; null below four. */
  #qrModuleDots(content: string): number | null {
    const across = qrModulesAcross(content);
    if (across === null) return null;
    const modules = across + 2 * QR_QUIET_MODULES;
    const fitting = Math.min(QR_MODULE_DOTS, Math.floor(this.#profile.widthDots / modules));
    return fitting < QR_MODULE_DOTS_MIN ? null : fitting;
  }

  #barcode(symbology: 'ean13' | 'code128', content: string): void {
    const type = symbology === 'ean13' ? 'EAN13' : 'CODE128';
    const refusal = barcodeRefusal(type, content);
    if (refusal !== null) {
      this.#codeAsText(content, refusal);
      return;
    }
    const modules = (type === 'EAN13' ? 95 : code128Modules(content)) + BARCODE_QUIET_MODULES;
    const width = Math.min(3, Math.floor(this.#profile.widthDots / modules));
    if (width < 2) {
      this.#codeAsText(content, 'a Code 128 too long for the paper');
      return;
    }
    const options = { width, height: BARCODE_HEIGHT_DOTS, position: 'BLW', font: 'A' } as const;
    this.#look('center');
    this.#printer.feedDots(GAP_DOTS);
    if (this.#profile.barcode === 'native') this.#printer.barcode(content, type, options);
    else this.#printer.raster(barcodeBitmap(type, content, options)).text(content);
    this.#printer.feedDots(GAP_DOTS);
  }

  /** A code that cannot be drawn is still there for the eye and the number pad. */
  #codeAsText(content: string, why: string): void {
    this.#lacking.add(why);
    this.#text({ kind: 'text', text: content, align: 'center', size: 'normal', bold: true });
  }

  #cut(): void {
    if (this.#profile.cutter === 'none') this.#printer.feedLines(this.#profile.tearLines);
    else this.#printer.cutAfterFeed(this.#profile.cutter === 'partial');
  }

  #image(images: readonly Bitmap[]): void {
    for (const image of images) {
      if (this.#profile.image === 'raster') this.#printer.raster(image);
      else if (this.#profile.image === 'graphics') this.#printer.graphics(image);
      else this.#printer.image(image);
    }
  }

  /** Sets how the next line looks, sending only what changes. */
  #look(align: TextLine['align'] = 'start', size: TextSize = 'normal', bold = false): void {
    if (align !== this.#align) {
      this.#printer.align(align === 'start' ? 'lt' : align === 'center' ? 'ct' : 'rt');
    }
    if (size !== this.#size) this.#printer.size(MULTIPLES[size][0] - 1, MULTIPLES[size][1] - 1);
    if (bold !== this.#bold) this.#printer.style(bold ? 'B' : 'NORMAL');
    this.#align = align;
    this.#size = size;
    this.#bold = bold;
  }

  #columns(size: TextSize): number {
    return Math.floor(this.#profile.columnsA / MULTIPLES[size][0]);
  }

  /** Which edge a line starts from: the right one in Arabic. */
  #towards(align: TextLine['align']): TextLine['align'] {
    if (!this.#rightToLeft || align === 'center') return align;
    return align === 'start' ? 'end' : 'start';
  }
}
