import { useEffect, useState } from 'react';
import type { DayReport } from '#contract/day.ts';
import { useTill } from '#renderer/till/till-context.ts';

const refreshMs = 15_000;

/** Which days of which store; null = today, one day, all stores. */
export interface Span {
  readonly day: string | null;
  readonly through: string | null;
  readonly store: string | null;
}

/** Today, everywhere. */
export const today: Span = { day: null, through: null, store: null };

/** The report of a span, asked for again while the page is open; `failed` when nobody answered the last time. */
export interface DayView {
  readonly report: DayReport | null;
  readonly failed: boolean;
}

/** Follows the days of a span. `round` asks at once when it changes. */
export function useDay(round: number, { day, through, store }: Span): DayView {
  const till = useTill();
  const [view, setView] = useState<DayView>({ report: null, failed: false });
  useEffect(() => {
    let current = true;
    const ask = (): void => {
      till.call.day({ day, through, store }).then(
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
  }, [till, round, day, through, store]);
  return view;
}
