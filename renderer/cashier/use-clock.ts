import { useEffect, useState } from 'react';
import type { TillState } from '#contract/till-state.ts';

const tickMs = 1_000;

/** The till core's clock, carried on between its states: the page's own may be set wrongly. */
export function useClock(state: Pick<TillState, 'nowMs'>): number {
  const [passedMs, setPassedMs] = useState(0);
  useEffect(() => {
    const from = performance.now();
    setPassedMs(0);
    const timer = setInterval(() => setPassedMs(performance.now() - from), tickMs);
    return () => clearInterval(timer);
  }, [state.nowMs]);
  return state.nowMs + passedMs;
}
