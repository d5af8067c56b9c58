import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Counter, CounterUi } from './counter.ts';

export const CounterContext = createContext<Counter | null>(null);

/** The counter; only inside the application. */
export function useCounter(): Counter {
  const counter = useContext(CounterContext);
  if (counter === null) throw new Error('useCounter is used inside CounterContext only');
  return counter;
}

/** One part of what only this screen knows, kept up to date; `select` never makes a new object. */
export function useCounterUi<Part>(select: (ui: CounterUi) => Part): Part {
  const counter = useCounter();
  return useSyncExternalStore(counter.subscribe, () => select(counter.ui()));
}
