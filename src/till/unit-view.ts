import type { UnitView } from '#contract/till-state.ts';
import { scaleOf } from '#loyalty/points.ts';
import type { Programme } from '#loyalty/programme.ts';

/** What a programme counts in, as the screen needs it to write an amount. */
export function unitView(programme: Programme | undefined): UnitView {
  if (programme === undefined) return { kind: 'points', scale: 0 };
  return { kind: programme.unit.kind, scale: scaleOf(programme.unit) };
}
