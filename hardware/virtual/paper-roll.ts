import type { Mark, PaperStrip } from './paper.ts';

/** Marks kept of one strip; a stream that never cuts stops being drawn, not stored. */
const MARKS_MAX = 5_000;
/** Longest strip drawn: a metre and a half. */
const STRIP_DOTS_MAX = 12_000;

/**
 * The paper between the roll and the cutter.
 *
 * Collects what is printed since the last cut and counts what is left on the roll. Memory is bounded
 * whatever is sent: beyond the longest strip marks are counted, not kept.
 */
export class PaperRoll {
  readonly #widthDots: number;
  readonly #paperWidthDots: number;
  #marks: Mark[] = [];
  #y = 0;
  #left = Number.POSITIVE_INFINITY;
  #dropped = 0;

  constructor(widthDots: number, paperWidthDots: number) {
    this.#widthDots = widthDots;
    this.#paperWidthDots = paperWidthDots;
  }

  /** Dots from the last cut to the print head. */
  get y(): number {
    return this.#y;
  }

  /** Dots left on the roll; infinite unless a length was loaded. */
  get leftDots(): number {
    return this.#left;
  }

  load(lengthDots: number): void {
    this.#left = lengthDots;
  }

  put(mark: Mark): void {
    if (this.#marks.length < MARKS_MAX && this.#y < STRIP_DOTS_MAX) this.#marks.push(mark);
    else this.#dropped += 1;
  }

  feed(dots: number): void {
    this.#y += dots;
    this.#left = Math.max(0, this.#left - dots);
  }

  /** The strip up to here, and a fresh start; null when nothing was printed or fed. */
  cut(how: PaperStrip['cut']): PaperStrip | null {
    if (this.#y === 0 && this.#marks.length === 0) return null;
    const heightDots = Math.min(this.#y, STRIP_DOTS_MAX);
    const marks = this.#dropped === 0 ? this.#marks : [...this.#marks, this.#tooLong(heightDots)];
    this.#marks = [];
    this.#y = 0;
    this.#dropped = 0;
    return {
      widthDots: this.#widthDots,
      paperWidthDots: this.#paperWidthDots,
      heightDots,
      marks,
      cut: how,
    };
  }

  #tooLong(heightDots: number): Mark {
    return { kind: 'problem', y: heightDots, message: `${this.#dropped} more marks are not shown` };
  }
}
