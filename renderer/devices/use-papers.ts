import { useEffect, useState } from 'react';
import type { VirtualPaper } from '#contract/device.ts';
import { useTill } from '#renderer/till/till-context.ts';

const ASK_EVERY_MS = 500;
/** As many as the till keeps. */
const PAPERS_MAX = 8;

/** A paper of the virtual printer and its number since the till started. */
export interface NumberedPaper {
  readonly number: number;
  readonly paper: VirtualPaper;
}

/** What the virtual printer has printed, as it comes; the oldest first. */
export function usePapers(): readonly NumberedPaper[] {
  const till = useTill();
  const [papers, setPapers] = useState<readonly NumberedPaper[]>([]);
  useEffect(() => {
    let open = true;
    let after = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      // A till that does not answer says so elsewhere.
      const next = await till.call['devices.paper']({ after }).catch(() => null);
      if (!open) return;
      if (next !== null) {
        // Numbers begin anew with the till.
        after = next.number;
        setPapers((before) => [...before, next].slice(-PAPERS_MAX));
      }
      timer = setTimeout(() => void ask(), next === null ? ASK_EVERY_MS : 0);
    };
    void ask();
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [till]);
  return papers;
}
