import { useCallback, useSyncExternalStore } from 'react';
import type { TillSnapshot } from '#renderer/till/till-client.ts';
import { useTill } from '#renderer/till/till-context.ts';

const tickMs = 1_000;

/**
 * What `read` makes of the till core's clock, carried on between its states: the page's own may be
 * set wrongly.
 *
 * Looked at every second; renders only when the answer is another one.
 */
export function useClock<Answer>(read: (nowMs: number) => Answer): Answer {
  const till = useTill();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stop = till.subscribe(listener);
      const timer = setInterval(listener, tickMs);
      return () => {
        stop();
        clearInterval(timer);
      };
    },
    [till],
  );
  return useSyncExternalStore(subscribe, () => read(nowMsOf(till.snapshot())));
}

function nowMsOf({ state, cameAtMs }: TillSnapshot): number {
  return state === null ? 0 : state.nowMs + (performance.now() - cameAtMs);
}
