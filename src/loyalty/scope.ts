import { lineMatches } from './matching.ts';
import type { Reward } from './reward.ts';
import { isReducible, type WorkingLine } from './working.ts';

/** The lines a reward may reduce. */
export function scopeOf(reward: Reward, lines: readonly WorkingLine[]): WorkingLine[] {
  const open = lines.filter((line) => isReducible(line) && line.remainingMinor > 0);
  const { scope } = reward;
  if (scope.kind === 'order') return open;
  return open.filter((line) => lineMatches(scope.lines, line));
}
