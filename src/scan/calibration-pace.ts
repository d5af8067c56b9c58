import { medianOf } from './wedge-evidence.ts';
import { meaningOf, type WedgeKey } from './wedge-keys.ts';

/** How fast a scanner types, from one scan. */
export interface Pace {
  readonly paceMs: number;
  /** Ninety-five of a hundred gaps are shorter. */
  readonly slowestGapMs: number;
}

/** Times between characters: an Alt code counts once, at its Alt key. */
export function gapsOf(records: readonly WedgeKey[]): readonly number[] {
  const times = records
    .filter((record) => record.code === 'AltLeft' || meaningOf(record).kind === 'character')
    .map((record) => record.timeMs);
  return times.slice(1).map((timeMs, index) => Math.max(0, timeMs - (times[index] ?? timeMs)));
}

/** Median and slow end of the gaps, in whole milliseconds. */
export function paceOf(gaps: readonly number[]): Pace {
  const sorted = gaps.toSorted((a, b) => a - b);
  const slow = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
  return { paceMs: Math.round(medianOf(gaps)), slowestGapMs: Math.round(slow) };
}

/** Collects the keydowns of one scan for calibration, all of them. Holds no timer, like the wedge. */
export interface KeyCollector {
  push(record: WedgeKey): void;
  /** The keys once nothing has come for a while; null before. Empties the collector. */
  take(nowMs: number): readonly WedgeKey[] | null;
  /** When `take` will have something; null while no key is waiting. */
  deadlineMs(): number | null;
}

/** Longer than any pause inside a scan, and than between an end and its second half (CR and LF). */
const QUIET_MS = 600;
/** A hundred characters, each up to six keydowns in Alt mode. */
const RECORDS_MAX = 2_000;

/** Makes a collector with no keys. While one runs, no key goes anywhere else. */
export function createKeyCollector(): KeyCollector {
  let records: WedgeKey[] = [];
  const deadlineMs = (): number | null => {
    const last = records.at(-1);
    return last === undefined ? null : last.timeMs + QUIET_MS;
  };
  return {
    push(record) {
      if (records.length < RECORDS_MAX) records.push(record);
    },
    take(nowMs) {
      const dueMs = deadlineMs();
      if (dueMs === null || nowMs < dueMs) return null;
      const taken = records;
      records = [];
      return taken;
    },
    deadlineMs,
  };
}
