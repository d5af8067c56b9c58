/** Lets reads pass at a pace people and scanners have, and stops a device that floods. */
export interface ReadLimiter {
  /** Whether a read at this time may pass. */
  allow(nowMs: number): boolean;
}

const BURST_MAX = 20;
const PER_SECOND = 10;

/**
 * Makes a limiter that allows 20 reads at once and 10 a second after that.
 *
 * A cashier scans three goods a second at most; a broken line can send thousands, each of which would
 * cross the process border and wake the screen.
 */
export function createReadLimiter(): ReadLimiter {
  let tokens = BURST_MAX;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    allow(nowMs) {
      const refilled =
        lastMs === Number.NEGATIVE_INFINITY ? 0 : ((nowMs - lastMs) / 1_000) * PER_SECOND;
      tokens = Math.min(BURST_MAX, tokens + Math.max(0, refilled));
      lastMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
