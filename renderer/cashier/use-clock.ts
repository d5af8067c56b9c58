import { useEffect, useState } from 'react';
import type { TillState } from '#contract/till-state.ts';

const tickMs = 1_000;

/** The till core's clock, carried on between its states: the page's own may be set wrongly. */
export function useClock({ nowMs }: Pick<TillState, 'nowMs'>): number {
  const [passed, setPassed] = useState({ sinceMs: nowMs, ms: 0 });
  useEffect(() => {
    const from = performance.now();
    const timer = setInterval(
      () => setPassed({ sinceMs: nowMs, ms: performance.now() - from }),
      tickMs,
    );
    return () => clearInterval(timer);
  }, [nowMs]);
  return nowMs + (passed.sinceMs === nowMs ? passed.ms : 0);
}
