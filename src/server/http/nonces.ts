/** Remembers which requests came already. */
export interface NonceMemory {
  /** False where this nonce of this key was seen before. */
  isNew(keyId: string, nonce: string, nowMs: number): boolean;
}

/** Most nonces remembered at once; the oldest go first. */
const NONCES_MAX = 200_000;

/** Makes a memory that keeps each nonce for `keepMs`, longer than a signature may be old. */
export function createNonceMemory(keepMs: number): NonceMemory {
  const seen = new Map<string, number>();
  return {
    isNew(keyId, nonce, nowMs) {
      for (const [key, untilMs] of seen) {
        if (untilMs > nowMs && seen.size < NONCES_MAX) break;
        seen.delete(key);
      }
      const key = `${keyId} ${nonce}`;
      if (seen.has(key)) return false;
      seen.set(key, nowMs + keepMs);
      return true;
    },
  };
}
