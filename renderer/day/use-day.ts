import { useEffect, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useTill } from '#renderer/till/till-context.ts';

const refreshMs = 15_000;

/** Today's report, asked for again while the page is open; `failed` when nobody answered the last time. */
export interface DayView {
  readonly report: DayReport | null;
  readonly failed: boolean;
}

/** Follows the day. `round` asks at once when it changes. */
export function useDay(round: number): DayView {
  const till = useTill();
  const [view, setView] = useState<DayView>({ report: null, failed: false });
  useEffect(() => {
    let current = true;
    const ask = (): void => {
      till.call.day({ day: null }).then(
        (report) => {
          if (current) setView({ report, failed: false });
        },
        () => {
          if (current) setView((before) => ({ ...before, failed: true }));
        },
      );
    };
    ask();
    const timer = setInterval(ask, refreshMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [till, round]);
  return view;
}
