/** Short and long edge of every bank and loyalty card. Source: ISO/IEC 7810, ID-1. */
export const CARD_SHORT_MM = 53.98;
export const CARD_LONG_MM = 85.6;

/** A pixel no screen is finer, and none coarser, than; mm. */
export const PITCH_MIN_MM = 0.08;
export const PITCH_MAX_MM = 0.4;

/** The pitch at which one unit is one pixel; mm. Source: counter.md §1.4. */
const UNIT_MM = 0.25;
const UNIT_MOST_PX = 1.6;
/** The smallest counter, and the one from which the goods stand beside the keys; units. */
const WIDTH_LEAST = 1024;
const HEIGHT_LEAST = 768;
const WIDTH_OF_THREE = 1366;

/**
 * Pixels of one unit on a measured screen, so that a key is as large as a finger needs it.
 *
 * Never so large that the counter would not fit the window.
 */
export function unitOf(pitchMm: number, widthPx: number, heightPx: number): number {
  const wanted = Math.min(Math.max(1, UNIT_MM / pitchMm), UNIT_MOST_PX);
  const fitting = Math.min(widthPx / WIDTH_LEAST, heightPx / HEIGHT_LEAST);
  return Math.max(1, Math.floor(Math.min(wanted, fitting) * 100) / 100);
}

/** Whether the goods have a column of their own. */
export function hasThreeColumns(unitPx: number, widthPx: number): boolean {
  return widthPx >= WIDTH_OF_THREE * unitPx;
}
