import type { Operation } from './operation.ts';

/**
 * The fewest operations that still fail: halves are left out, then quarters, down to single ones.
 *
 * Operations have times of their own, so that leaving some out moves none of the others.
 */
export function shrink(
  operations: readonly Operation[],
  fails: (operations: readonly Operation[]) => boolean,
): readonly Operation[] {
  let kept = operations;
  for (let size = Math.ceil(kept.length / 2); size >= 1;) {
    let shorter = false;
    for (let start = 0; start < kept.length;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (without.length < kept.length && fails(without)) {
        kept = without;
        shorter = true;
      } else start += size;
    }
    if (size === 1 && !shorter) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}
