import type { Bitmap } from '#hardware/escpos/escpos-types.ts';

/** What is on a strip of paper, in dots from the top left of the printing area. */
export type Mark = TextMark | DotsMark | ProblemMark;

/** Characters of one look, side by side. */
export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** One character's cell, already enlarged. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly font: 'A' | 'B';
  readonly bold: boolean;
  readonly underline: 0 | 1 | 2;
  readonly inverted: boolean;
}

/** A picture, a barcode or a QR code; each dot of the bitmap covers `scaleX` by `scaleY` dots. */
export interface DotsMark {
  readonly kind: 'dots';
  /** What drew it: pictures may be large, symbols are few runs. */
  readonly source: 'image' | 'symbol';
  readonly x: number;
  readonly y: number;
  readonly bitmap: Bitmap;
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Where the printer was told something it does not understand. Shown in the margin, never passed over. */
export interface ProblemMark {
  readonly kind: 'problem';
  readonly y: number;
  readonly message: string;
}

/** One piece of paper, as it falls from the cutter. */
export interface PaperStrip {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly paperWidthDots: number;
  readonly marks: readonly Mark[];
  readonly cut: 'full' | 'partial' | 'torn';
}

/** The words on the paper, line by line, for tests and for reading aloud. */
export function textOf(strip: PaperStrip): string {
  const lines = new Map<number, TextMark[]>();
  for (const mark of strip.marks) {
    if (mark.kind !== 'text') continue;
    const bottom = mark.y + mark.cellHeight;
    lines.set(bottom, [...(lines.get(bottom) ?? []), mark]);
  }
  return [...lines.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([, marks]) =>
      marks
        .map((each) => each.text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
