import { createContext, useContext, useSyncExternalStore } from 'react';
import type { TillState } from '#contract/till-state.ts';
import type { TillClient, TillSnapshot } from './till-client.ts';

export const TillContext = createContext<TillClient | null>(null);

/** The client; only inside the application. */
export function useTill(): TillClient {
  const till = useContext(TillContext);
  if (till === null) throw new Error('useTill is used inside TillContext only');
  return till;
}

/**
 * One part of what the page knows of the till, kept up to date.
 *
 * Renders again only when that part is another one: `select` returns a part as it is or something
 * that compares by value, never a new object.
 */
export function useTillSnapshot<Part>(select: (snapshot: TillSnapshot) => Part): Part {
  const till = useTill();
  return useSyncExternalStore(till.subscribe, () => select(till.snapshot()));
}

/** One part of the till's state, as `useTillSnapshot`; only on screens shown once there is one. */
export function useTillState<Part>(select: (state: TillState) => Part): Part {
  return useTillSnapshot(({ state }) => {
    if (state === null) throw new Error('useTillState is used on a screen that has a state only');
    return select(state);
  });
}
