import type { Counter } from './counter.ts';

/** A number that each tap changes by a step. */
interface Stepped {
  /** Which number, among all that are stepped at this counter. */
  readonly key: string;
  readonly shown: number;
  readonly next: (from: number) => number;
  readonly deed: (to: number) => Promise<unknown>;
}

interface Aim {
  readonly to: number;
}

const aims = new WeakMap<Counter, Map<string, Aim>>();

/**
 * Does one step of a number. A step taken while those before it are still on their way goes on from
 * where they lead, not from what is shown: quick taps are as many steps as taps.
 */
export async function step(counter: Counter, { key, shown, next, deed }: Stepped): Promise<void> {
  const aimed = aims.get(counter) ?? new Map<string, Aim>();
  aims.set(counter, aimed);
  const aim = { to: next(aimed.get(key)?.to ?? shown) };
  aimed.set(key, aim);
  try {
    await deed(aim.to);
  } finally {
    if (aimed.get(key) === aim) aimed.delete(key);
  }
}
