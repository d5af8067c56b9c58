import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Counter, CounterUi } from './counter.ts';

export const CounterContext = createContext<Counter | null>(null);

/** The counter; only inside the application. */
export function useCounter(): Counter {
  const counter = useContext(CounterContext);
  if (counter === null) throw new Error('useCounter is used inside CounterContext only');
  return counter;
}

/** What only this screen knows, kept up to date. */
export function useCounterUi(): CounterUi {
  const counter = useCounter();
  return useSyncExternalStore(counter.subscribe, counter.ui);
}
