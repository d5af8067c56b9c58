import { isDeepStrictEqual } from 'node:util';
import type { Programme } from '#loyalty/programme.ts';

/**
 * The programmes of a shop after a change.
 *
 * A programme that changes gets its next version; the versions before it stay with the sales made
 * under them. One that is no longer wanted is not taken away, because members have points in it: its
 * next version gives nothing new, and its rewards can still be had. No new version is one that may have been
 * lost: sales were made by it.
 */
export function nextProgrammes(
  current: readonly Programme[],
  wanted: readonly Programme[],
  lastLost: number,
): readonly Programme[] {
  const ids = new Set(wanted.map(({ id }) => id));
  const kept = new Map(current.map((programme) => [programme.id, programme]));
  const retired = current
    .filter(({ id }) => !ids.has(id))
    .map((programme) => nextVersion(programme, retire(programme), lastLost));
  return [
    ...wanted.map((programme) => nextVersion(kept.get(programme.id), programme, lastLost)),
    ...retired,
  ];
}

/** A programme that gives nothing new; a paid membership runs to the end of what was paid. */
function retire(programme: Programme): Programme {
  if (programme.membership !== null) return programme;
  return { ...programme, rules: programme.rules.map((rule) => ({ ...rule, enabled: false })) };
}

function nextVersion(before: Programme | undefined, after: Programme, lastLost: number): Programme {
  if (before === undefined) return { ...after, version: after.version + lastLost };
  const same = { ...after, version: before.version };
  if (isDeepStrictEqual(same, before)) return before;
  return { ...after, version: Math.max(before.version, lastLost) + 1 };
}
