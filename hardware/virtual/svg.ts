import { dotAt } from '#hardware/escpos/bitmap.ts';
import type { Bitmap } from '#hardware/escpos/escpos-types.ts';
import { assertNever } from '#loyalty/result.ts';
import type { DotsMark, Mark, PaperStrip, ProblemMark, TextMark } from './paper.ts';
import { pngOfBitmap } from './png-of-bitmap.ts';

/** Longest SVG handed out; the contract's limit. */
export const SVG_LENGTH_MAX = 200_000;
/** White above the first and below the last line, as the cutter leaves it. */
export const EDGE_DOTS = 28;
const PAPER = '#fffefa';
const INK = '#161412';
const PROBLEM = '#b3261e';
/** Runs of black up to which dots are drawn as a path: sharp at any size, and no picture inside. */
const PATH_RUNS_MAX = { symbol: 4_000, image: 200 } as const;
const FONTS = 'JetBrains Mono,DejaVu Sans Mono,Cascadia Mono,Menlo,Consolas,monospace';
/** Width of a character as a share of the font size, in any of the fonts above. */
const ADVANCE = 0.6;

/** A strip drawn as SVG, with its size in dots. */
export interface DrawnPaper {
  readonly svg: string;
  readonly widthDots: number;
  readonly heightDots: number;
}

/**
 * The paper as SVG: text that can be selected and read aloud, symbols as paths, pictures as PNG.
 *
 * Only presentation attributes, so a strict content security policy has nothing to refuse; single
 * quotes, so the text does not grow inside JSON. What would be longer than the limit is drawn without
 * its pictures, and, as a last resort, as plain lines: a preview may be poor but must not be missing.
 */
export function svgOf(strip: PaperStrip): DrawnPaper {
  const heightDots = strip.heightDots + 2 * EDGE_DOTS;
  const size = { widthDots: strip.paperWidthDots, heightDots };
  for (const draw of [drawMark, drawWithoutPictures, drawPlainText]) {
    const svg = documentOf(strip, heightDots, draw);
    if (svg.length <= SVG_LENGTH_MAX) return { svg, ...size };
  }
  const said: ProblemMark = {
    kind: 'problem',
    y: 0,
    message: 'This paper holds too much to be shown',
  };
  return { svg: documentOf({ ...strip, marks: [said] }, heightDots, drawMark), ...size };
}

function documentOf(strip: PaperStrip, height: number, draw: (mark: Mark) => string): string {
  const width = strip.paperWidthDots;
  const left = Math.floor((width - strip.widthDots) / 2);
  const marks = strip.marks.map(draw).join('');
  return (
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}' width='${width}' height='${height}'>` +
    `<rect width='${width}' height='${height}' fill='${PAPER}'/>` +
    `<g transform='translate(${left} ${EDGE_DOTS})' fill='${INK}' font-family='${FONTS}'>` +
    `${marks}</g></svg>`
  );
}

function drawMark(mark: Mark): string {
  switch (mark.kind) {
    case 'text':
      return textElement(mark);
    case 'dots':
      return dotsElement(mark);
    case 'problem':
      return problemElement(mark);
    default:
      return assertNever(mark, 'svg mark');
  }
}

function drawWithoutPictures(mark: Mark): string {
  if (mark.kind !== 'dots') return drawMark(mark);
  const width = mark.bitmap.width * mark.scaleX;
  const height = mark.bitmap.height * mark.scaleY;
  return `<rect x='${mark.x}' y='${mark.y}' width='${width}' height='${height}' fill='none' stroke='${PROBLEM}'/>`;
}

function drawPlainText(mark: Mark): string {
  if (mark.kind !== 'text') return '';
  return `<text x='${mark.x}' y='${baseline(mark)}' font-size='20'>${escaped(mark.text)}</text>`;
}

function textElement(mark: TextMark): string {
  const width = mark.cellWidth * characterCount(mark.text);
  const box = `x='${mark.x}' y='${mark.y}' width='${width}' height='${mark.cellHeight}'`;
  const ground = mark.inverted ? `<rect ${box}/>` : '';
  const underline =
    mark.underline === 0
      ? ''
      : `<rect x='${mark.x}' y='${mark.y + mark.cellHeight - mark.underline}' width='${width}' height='${mark.underline}'/>`;
  return ground + underline + stretchesOf(mark).map(lettersElement).join('');
}

/** Words with single spaces between; wider gaps are places on the paper, which SVG would swallow. */
function stretchesOf(mark: TextMark): TextMark[] {
  return [...mark.text.matchAll(/\S+(?: \S+)*/gu)].map((found) => {
    const before = characterCount(mark.text.slice(0, found.index));
    return { ...mark, x: mark.x + before * mark.cellWidth, text: found[0] };
  });
}

/** The letters: enlarged by a transform, and held to the printer's grid whatever font is there. */
function lettersElement(mark: TextMark): string {
  const width = (mark.cellWidth * characterCount(mark.text)) / mark.scaleX;
  const size = round(mark.cellWidth / mark.scaleX / ADVANCE);
  const enlarged = mark.scaleX !== 1 || mark.scaleY !== 1;
  const place = enlarged
    ? `transform='translate(${mark.x} ${baseline(mark)}) scale(${mark.scaleX} ${mark.scaleY})'`
    : `x='${mark.x}' y='${baseline(mark)}'`;
  const look = `${mark.bold ? " font-weight='700'" : ''}${mark.inverted ? ` fill='${PAPER}'` : ''}`;
  const length = `textLength='${round(width)}' lengthAdjust='spacingAndGlyphs'`;
  return `<text ${place} font-size='${size}' ${length}${look}>${escaped(mark.text)}</text>`;
}

function baseline(mark: TextMark): number {
  return round(mark.y + mark.cellHeight * 0.79);
}

function dotsElement(mark: DotsMark): string {
  const path = pathOf(mark.bitmap, PATH_RUNS_MAX[mark.source]);
  if (path !== null) {
    const place = `translate(${mark.x} ${mark.y}) scale(${mark.scaleX} ${mark.scaleY})`;
    return `<path transform='${place}' shape-rendering='crispEdges' d='${path}'/>`;
  }
  const png = Buffer.from(pngOfBitmap(mark.bitmap)).toString('base64');
  const width = mark.bitmap.width * mark.scaleX;
  const height = mark.bitmap.height * mark.scaleY;
  return (
    `<image x='${mark.x}' y='${mark.y}' width='${width}' height='${height}' ` +
    `preserveAspectRatio='none' href='data:image/png;base64,${png}'/>`
  );
}

/** Black runs as rectangles of a path; null when there are too many. */
function pathOf(bitmap: Bitmap, runsMax: number): string | null {
  const parts: string[] = [];
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < bitmap.width; x += 1) {
      if (!dotAt(bitmap, x, y)) continue;
      const from = x;
      while (dotAt(bitmap, x + 1, y)) x += 1;
      parts.push(`M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`);
      if (parts.length > runsMax) return null;
    }
  }
  return parts.join('');
}

function problemElement(mark: ProblemMark): string {
  return (
    `<g fill='${PROBLEM}'><title>${escaped(mark.message)}</title>` +
    `<text x='-20' y='${mark.y + 19}' font-size='20' font-weight='700'>!</text></g>`
  );
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\u0000', '\uFFFD');
}

function characterCount(text: string): number {
  return [...text].length;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
