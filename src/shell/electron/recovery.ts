/** Reloads allowed in a period, after which a plain page is shown instead. */
const RELOADS_MAX = 3;
const PERIOD_MS = 5 * 60_000;

/** What to do with a page that died. */
export type Recovery = 'reload' | 'problem-page';

/**
 * Decides what follows a page's crash.
 *
 * The sale is in the journal and the basket in the core, so a reload loses nothing; a page that dies
 * again and again would only flicker, so the fourth time within five minutes it stays down and says so.
 */
export function recoveryPolicy(monoMs: () => number): () => Recovery {
  let reloadsAtMs: number[] = [];
  return () => {
    const now = monoMs();
    reloadsAtMs = reloadsAtMs.filter((at) => now - at < PERIOD_MS);
    if (reloadsAtMs.length >= RELOADS_MAX) return 'problem-page';
    reloadsAtMs.push(now);
    return 'reload';
  };
}
