/** How many requests a key may make: a burst at once, then so many a second. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** Token buckets by key. */
export interface RateLimiter {
  /** True where the request may go on. */
  take(key: string, nowMs: number): boolean;
}

/** Most keys remembered; the least recently used is forgotten, which only ever is generous. */
const KEYS_MAX = 100_000;

/** Makes a limiter; time is given, so that it needs no clock of its own. */
export function createRateLimiter(limit: RateLimit): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(key, nowMs) {
      const before = buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
      const elapsedMs = Math.max(0, nowMs - before.atMs);
      const tokens = Math.min(limit.burst, before.tokens + (elapsedMs * limit.perSecond) / 1000);
      buckets.delete(key);
      if (buckets.size >= KEYS_MAX) {
        const oldest = buckets.keys().next().value;
        if (oldest !== undefined) buckets.delete(oldest);
      }
      const allowed = tokens >= 1;
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
      return allowed;
    },
  };
}
