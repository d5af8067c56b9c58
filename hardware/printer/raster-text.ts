import type { SKRSContext2D } from '@napi-rs/canvas';
import { blacken, createBitmap } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { loadPaperCanvas, PAPER_FONTS, type PaperCanvas } from '#hardware/escpos/paper-canvas.ts';
import { withSpokenLira } from '#hardware/escpos/printable-text.ts';
import { graphemesOf } from '#hardware/escpos/text-width.ts';
import type { PairLine, TextLine, TextSize } from '#loyalty/receipt.ts';

/** Draws what no code page can write. All widths in dots; each bitmap is one row of text. */
export interface RasterText {
  /** Rows as wide as their ink; the printer aligns them. */
  text(line: TextLine, widthDots: number, rightToLeft: boolean): Bitmap[];
  /** Rows as wide as the paper. */
  pair(line: PairLine, widthDots: number, rightToLeft: boolean): Bitmap[];
  /** Whether a bundled font has the character; what has none comes out as a box. */
  canDraw(character: string): boolean;
}

/** Scripts and signs of the proportional fonts: the letter's height and the row's, in dots. */
const TEXT_ROWS = {
  normal: { fontDots: 24, rowDots: 32, baselineDots: 24 },
  large: { fontDots: 38, rowDots: 50, baselineDots: 37 },
  huge: { fontDots: 46, rowDots: 60, baselineDots: 44 },
} as const satisfies Record<TextSize, { fontDots: number; rowDots: number; baselineDots: number }>;
/** Latin letters the code page lacks are drawn like the printer's own font A, doubled like it. */
const MONO_ROWS = {
  normal: { scaleX: 1, scaleY: 1, rowDots: 30, baselineDots: 19 },
  large: { scaleX: 1, scaleY: 2, rowDots: 54, baselineDots: 38 },
  huge: { scaleX: 2, scaleY: 2, rowDots: 54, baselineDots: 38 },
} as const satisfies Record<TextSize, Omit<Look, 'font' | 'penDots' | 'rightToLeft'>>;
const MONO_FONT_DOTS = 24;
const MONO_PEN_DOTS = 0.5;
const MONO_BOLD_PEN_DOTS = 1.4;
/** Darkness from which a pixel becomes a dot: low, because thin strokes vanish on thermal paper. */
const INK_FROM = 96;
const PAIR_GAP_DOTS = 16;
const INVERTED_MARGIN_DOTS = 12;
const GLYPH_DOTS = 48;
/** A character no font has: what it draws is the box. */
const NO_CHARACTER = '\u{10FFFE}';
const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);
/** Controls, and the embeddings that could turn another's text around. */
const UNWANTED = /[\p{Cc}\u202A-\u202E]/gu;

/** Whether a language is written from the right. */
export function isRightToLeft(language: string): boolean {
  return RIGHT_TO_LEFT.has(language.toLowerCase().split('-')[0] ?? '');
}

/** Raster text with the bundled fonts; null where the canvas does not run. */
export async function loadRasterText(): Promise<RasterText | null> {
  const canvas = await loadPaperCanvas();
  if (canvas === null) return null;
  const pen = new Pen(canvas);
  return {
    text: (line, widthDots, rightToLeft) => textRows(pen, line, widthDots, rightToLeft),
    pair: (line, widthDots, rightToLeft) => pairRows(pen, line, widthDots, rightToLeft),
    canDraw: (character) =>
      /^\p{M}/u.test(character) ||
      pen.has(character, PAPER_FONTS.text) ||
      pen.has(character, PAPER_FONTS.mono),
  };
}

function textRows(pen: Pen, line: TextLine, widthDots: number, rightToLeft: boolean): Bitmap[] {
  const [words] = cleaned(pen, [line.text]);
  const look = lookFor(pen, [words ?? ''], line.size, line.bold, rightToLeft);
  return wrap(pen, words ?? '', look, widthDots).map((row) => {
    const width = Math.min(widthDots, pen.width(row, look) + 2);
    return pen.draw(width, look, false, [{ text: row, at: rightToLeft ? width - 1 : 1 }]);
  });
}

function pairRows(pen: Pen, line: PairLine, widthDots: number, rightToLeft: boolean): Bitmap[] {
  const [start = '', end = ''] = cleaned(pen, [line.start, line.end]);
  const bold = line.bold || line.inverted;
  const look = onGround(lookFor(pen, [start, end], line.size, bold, rightToLeft), line.inverted);
  const margin = line.inverted ? INVERTED_MARGIN_DOTS : 0;
  const near = rightToLeft ? widthDots - margin : margin;
  const far = widthDots - near;
  const endWidth = end === '' ? 0 : pen.width(end, look) + PAIR_GAP_DOTS;
  const room = widthDots - 2 * margin - endWidth;
  const beside = room >= widthDots / 4;
  const rows = wrap(pen, start, look, beside ? room : widthDots - 2 * margin);
  const value = { text: end, at: far, far: true };
  const drawn = rows.map((row, index) => {
    const last = beside && index === rows.length - 1;
    return pen.draw(widthDots, look, line.inverted, [
      { text: row, at: near },
      ...(last ? [value] : []),
    ]);
  });
  return beside ? drawn : [...drawn, pen.draw(widthDots, look, line.inverted, [value])];
}

/** Texts of one line as they are drawn; in the printer's look amounts say TL, as on all other lines. */
function cleaned(pen: Pen, texts: readonly string[]): string[] {
  const clean = texts.map((text) => text.normalize('NFC').replace(UNWANTED, ''));
  const spoken = clean.map(withSpokenLira);
  return spoken.every((text) => pen.writes(text, PAPER_FONTS.mono)) ? spoken : clean;
}

function lookFor(
  pen: Pen,
  texts: readonly string[],
  size: TextSize,
  bold: boolean,
  rightToLeft: boolean,
): Look {
  const mono = texts.every((text) => pen.writes(text, PAPER_FONTS.mono));
  if (!mono) {
    const font = `${bold ? 700 : 400} ${TEXT_ROWS[size].fontDots}px ${PAPER_FONTS.text}`;
    return { ...TEXT_ROWS[size], font, scaleX: 1, scaleY: 1, penDots: 0, rightToLeft };
  }
  const font = `${MONO_FONT_DOTS}px ${PAPER_FONTS.mono}`;
  return {
    ...MONO_ROWS[size],
    font,
    penDots: bold ? MONO_BOLD_PEN_DOTS : MONO_PEN_DOTS,
    rightToLeft,
  };
}

/** White letters need no space between rows: the black ground goes on. */
function onGround(look: Look, inverted: boolean): Look {
  return inverted && look.penDots > 0 ? { ...look, rowDots: MONO_FONT_DOTS * look.scaleY } : look;
}

/** Breaks between words, and inside a word only when it alone is too wide. */
function wrap(pen: Pen, text: string, look: Look, widthDots: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/\s+/u)) {
    const joined = row === '' ? word : `${row} ${word}`;
    if (pen.width(joined, look) <= widthDots) {
      row = joined;
      continue;
    }
    if (row !== '') rows.push(row);
    row = '';
    for (const grapheme of graphemesOf(word)) {
      if (row !== '' && pen.width(row + grapheme, look) > widthDots) {
        rows.push(row);
        row = '';
      }
      row += grapheme;
    }
  }
  return [...rows, row];
}

interface Look {
  readonly font: string;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly rowDots: number;
  readonly baselineDots: number;
  /** Extra pen around the letters of a font that has no bold. */
  readonly penDots: number;
  readonly rightToLeft: boolean;
}

interface Words {
  readonly text: string;
  /** Where the text begins; with `far`, where it ends. */
  readonly at: number;
  readonly far?: boolean;
}

class Pen {
  readonly #canvas: PaperCanvas;
  readonly #measure: SKRSContext2D;

  constructor(canvas: PaperCanvas) {
    this.#canvas = canvas;
    this.#measure = canvas.createCanvas(8, 8).getContext('2d');
  }

  width(text: string, look: Look): number {
    this.#measure.font = look.font;
    return Math.ceil(this.#measure.measureText(text).width * look.scaleX);
  }

  draw(width: number, look: Look, inverted: boolean, words: readonly Words[]): Bitmap {
    const context = this.#canvas.createCanvas(width, look.rowDots).getContext('2d');
    context.fillStyle = inverted ? '#000' : '#fff';
    context.fillRect(0, 0, width, look.rowDots);
    const ink = inverted ? '#fff' : '#000';
    context.fillStyle = ink;
    context.strokeStyle = ink;
    context.lineWidth = look.penDots;
    context.font = look.font;
    context.direction = look.rightToLeft ? 'rtl' : 'ltr';
    for (const { text, at, far } of words) {
      context.textAlign = (far === true) === look.rightToLeft ? 'left' : 'right';
      context.setTransform(look.scaleX, 0, 0, look.scaleY, at, look.baselineDots);
      context.fillText(text, 0, 0);
      if (look.penDots > 0) context.strokeText(text, 0, 0);
    }
    return bitmapOf(context, width, look.rowDots);
  }

  writes(text: string, family: string): boolean {
    return [...text].every((character) => character === ' ' || this.has(character, family));
  }

  /** Whether the character draws anything else than the box of a missing one. */
  has(character: string, family: string): boolean {
    if (character >= ' ' && character <= '~') return true;
    return this.#portrait(character, family) !== this.#portrait(NO_CHARACTER, family);
  }

  #portrait(character: string, family: string): string {
    const font = `24px ${family}`;
    const look = {
      font,
      scaleX: 1,
      scaleY: 1,
      rowDots: GLYPH_DOTS,
      baselineDots: 32,
      penDots: 0,
      rightToLeft: false,
    };
    const drawn = this.draw(GLYPH_DOTS, look, false, [{ text: character, at: 4 }]);
    return Buffer.from(drawn.data).toString('base64');
  }
}

function bitmapOf(context: SKRSContext2D, width: number, height: number): Bitmap {
  const pixels = context.getImageData(0, 0, width, height).data;
  const bitmap = createBitmap(width, height);
  for (let index = 0; index < width * height; index += 1) {
    const darkness = 255 - (pixels[index * 4] ?? 255);
    if (darkness >= INK_FROM) blacken(bitmap, index % width, Math.floor(index / width));
  }
  return bitmap;
}
