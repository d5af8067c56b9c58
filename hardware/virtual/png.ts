import type { SKRSContext2D } from '@napi-rs/canvas';
import { dotAt } from '#hardware/escpos/bitmap.ts';
import { loadPaperCanvas, PAPER_FONTS } from '#hardware/escpos/paper-canvas.ts';
import { assertNever } from '#loyalty/result.ts';
import type { DotsMark, Mark, PaperStrip, TextMark } from './paper.ts';
import { EDGE_DOTS } from './svg.ts';

const PAPER = '#fffefa';
const INK = '#161412';
const PROBLEM = '#b3261e';
const FONT_SIZE = 24;
const FONT_ADVANCE = 12;
/** Thickness of the pen around letters: heat spreads on thermal paper. */
const PEN_DOTS = 0.45;
const BOLD_PEN_DOTS = 1.4;

/**
 * The paper as a PNG, one dot a pixel, drawn with bundled fonts only.
 *
 * Throws where the canvas package has no native part for this machine; the SVG needs none.
 */
export async function pngOf(strip: PaperStrip): Promise<Buffer> {
  const paperCanvas = await loadPaperCanvas();
  if (paperCanvas === null) throw new Error('@napi-rs/canvas does not run here: use the SVG');
  const canvas = paperCanvas.createCanvas(strip.paperWidthDots, strip.heightDots + 2 * EDGE_DOTS);
  const context = canvas.getContext('2d');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(Math.floor((strip.paperWidthDots - strip.widthDots) / 2), EDGE_DOTS);
  for (const mark of strip.marks) draw(context, mark);
  return canvas.toBuffer('image/png');
}

function draw(context: SKRSContext2D, mark: Mark): void {
  switch (mark.kind) {
    case 'text':
      drawText(context, mark);
      return;
    case 'dots':
      drawDots(context, mark);
      return;
    case 'problem':
      context.fillStyle = PROBLEM;
      context.font = `${FONT_SIZE}px ${PAPER_FONTS.mono}`;
      context.fillText('!', -20, mark.y + 19);
      return;
    default:
      assertNever(mark, 'png mark');
  }
}

function drawText(context: SKRSContext2D, mark: TextMark): void {
  const characters = [...mark.text];
  const width = mark.cellWidth * characters.length;
  context.fillStyle = INK;
  if (mark.inverted) context.fillRect(mark.x, mark.y, width, mark.cellHeight);
  if (mark.underline > 0) {
    context.fillRect(mark.x, mark.y + mark.cellHeight - mark.underline, width, mark.underline);
  }
  const ink = mark.inverted ? PAPER : INK;
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = mark.bold ? BOLD_PEN_DOTS : PEN_DOTS;
  context.font = `${FONT_SIZE}px ${PAPER_FONTS.mono}`;
  characters.forEach((character, index) => {
    if (character === ' ') return;
    context.save();
    context.translate(mark.x + index * mark.cellWidth, mark.y + mark.cellHeight * 0.79);
    context.scale(mark.cellWidth / FONT_ADVANCE, mark.cellHeight / FONT_SIZE);
    context.fillText(character, 0, 0);
    context.strokeText(character, 0, 0);
    context.restore();
  });
}

function drawDots(context: SKRSContext2D, mark: DotsMark): void {
  const { bitmap, scaleX, scaleY } = mark;
  context.fillStyle = INK;
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < bitmap.width; x += 1) {
      if (!dotAt(bitmap, x, y)) continue;
      const from = x;
      while (dotAt(bitmap, x + 1, y)) x += 1;
      context.fillRect(
        mark.x + from * scaleX,
        mark.y + y * scaleY,
        (x - from + 1) * scaleX,
        scaleY,
      );
    }
  }
}
