import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import type { TextMark } from './paper.ts';
import type { PaperRoll } from './paper-roll.ts';
import { fontCell, type PrintSettings } from './print-settings.ts';

/** Something waiting in the line: a character or a column picture. */
interface Piece {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly look: Omit<TextMark, 'kind' | 'x' | 'y' | 'text'> | null;
  readonly text: string;
  readonly image: {
    readonly bitmap: Bitmap;
    readonly scaleX: number;
    readonly scaleY: number;
  } | null;
}

/**
 * The printer's line buffer.
 *
 * Characters wait here until a line feed or a full line; alignment moves the whole line, taller pieces
 * lift it, and the feed is the line spacing or the tallest piece, whichever is more.
 */
export class LineComposer {
  readonly #roll: PaperRoll;
  #pieces: Piece[] = [];
  #x = 0;

  constructor(roll: PaperRoll) {
    this.#roll = roll;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  clear(): void {
    this.#pieces = [];
    this.#x = 0;
  }

  character(text: string, settings: PrintSettings): void {
    const cell = fontCell(settings.font);
    const width = (cell.width + settings.characterSpacingDots) * settings.scaleX;
    const height = cell.height * settings.scaleY;
    if (this.#x + width > settings.areaWidthDots && !this.empty) this.print(settings);
    const look = {
      cellWidth: width,
      cellHeight: height,
      scaleX: settings.scaleX,
      scaleY: settings.scaleY,
      font: settings.font,
      bold: settings.bold || settings.doubleStrike,
      underline: settings.underline,
      inverted: settings.inverted,
    };
    this.#pieces.push({ x: this.#x, width, height, look, text, image: null });
    this.#x += width;
  }

  image(bitmap: Bitmap, scaleX: number, scaleY: number, settings: PrintSettings): void {
    const width = bitmap.width * scaleX;
    if (this.#x + width > settings.areaWidthDots && !this.empty) this.print(settings);
    const image = { bitmap, scaleX, scaleY };
    this.#pieces.push({
      x: this.#x,
      width,
      height: bitmap.height * scaleY,
      look: null,
      text: '',
      image,
    });
    this.#x += width;
  }

  /** Moves on to a column of the current character width: HT. */
  tab(settings: PrintSettings): void {
    const columnDots =
      (fontCell(settings.font).width + settings.characterSpacingDots) * settings.scaleX;
    const next = settings.tabColumns.find((column) => column * columnDots > this.#x);
    if (next !== undefined && next * columnDots < settings.areaWidthDots)
      this.#x = next * columnDots;
  }

  /** Moves to a distance from the left margin: ESC $ and ESC \. */
  moveTo(x: number, settings: PrintSettings): void {
    if (x >= 0 && x <= settings.areaWidthDots) this.#x = x;
  }

  get position(): number {
    return this.#x;
  }

  /** Puts the line on paper and feeds; `feedDots` instead of the line spacing where given. */
  print(settings: PrintSettings, feedDots: number = settings.lineSpacingDots): void {
    const height = Math.max(0, ...this.#pieces.map((each) => each.height));
    const lineWidth = Math.max(0, ...this.#pieces.map((each) => each.x + each.width));
    const left = settings.leftMarginDots + alignedOffset(settings, lineWidth);
    for (const run of runsOf(this.#pieces)) this.#put(run, left, height);
    this.clear();
    this.#roll.feed(Math.max(feedDots, height));
  }

  #put(run: Piece, left: number, height: number): void {
    const x = left + run.x;
    const y = this.#roll.y + height - run.height;
    if (run.image !== null) this.#roll.put({ kind: 'dots', source: 'image', x, y, ...run.image });
    else if (run.look !== null) this.#roll.put({ kind: 'text', x, y, text: run.text, ...run.look });
  }
}

/** How far alignment moves something of this width to the right. */
export function alignedOffset(settings: PrintSettings, width: number): number {
  const free = Math.max(0, settings.areaWidthDots - width);
  if (settings.align === 'start') return 0;
  return settings.align === 'end' ? free : Math.floor(free / 2);
}

/** Neighbours of one look joined, so that words stay words. */
function runsOf(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last !== undefined && joins(last, piece)) {
      runs[runs.length - 1] = {
        ...last,
        width: last.width + piece.width,
        text: last.text + piece.text,
      };
    } else {
      runs.push(piece);
    }
  }
  return runs;
}

function joins(left: Piece, right: Piece): boolean {
  if (left.look === null || right.look === null || left.x + left.width !== right.x) return false;
  const a = left.look;
  const b = right.look;
  return (
    a.cellWidth === b.cellWidth &&
    a.scaleX === b.scaleX &&
    a.scaleY === b.scaleY &&
    a.font === b.font &&
    a.bold === b.bold &&
    a.underline === b.underline &&
    a.inverted === b.inverted
  );
}
