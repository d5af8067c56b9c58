import { createContext, useContext, useSyncExternalStore } from 'react';
import type { TillState } from '#contract/till-state.ts';
import type { TillClient, TillSnapshot } from './till-client.ts';

export const TillContext = createContext<TillClient | null>(null);
export const TillStateContext = createContext<TillState | null>(null);

/** The client; only inside the application. */
export function useTill(): TillClient {
  const till = useContext(TillContext);
  if (till === null) throw new Error('useTill is used inside TillContext only');
  return till;
}

/** What the page knows of the till, kept up to date. */
export function useTillSnapshot(): TillSnapshot {
  const till = useTill();
  return useSyncExternalStore(till.subscribe, till.snapshot);
}

/** The last state of the till; only on screens that are shown once there is one. */
export function useTillState(): TillState {
  const state = useContext(TillStateContext);
  if (state === null) throw new Error('useTillState is used on a screen that has a state only');
  return state;
}
