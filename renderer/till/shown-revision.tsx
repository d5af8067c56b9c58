import { type ReactNode, useLayoutEffect } from 'react';
import { useTillSnapshot } from './till-context.ts';

/**
 * Says on the document which of the core's states the page shows: `data-revision`.
 *
 * Whoever changed the till from elsewhere can wait until the glass has it. A leaf of its own, so that
 * nothing else is drawn again for it; the effect runs in the commit that draws the state.
 */
export function ShownRevision(): ReactNode {
  const revision = useTillSnapshot(({ state }) => state?.revision ?? null);
  useLayoutEffect(() => {
    if (revision !== null) document.documentElement.dataset['revision'] = String(revision);
  }, [revision]);
  return null;
}
