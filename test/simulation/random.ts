/** A stream of random numbers from a seed: the same seed, the same stream. */
export interface Stream {
  /** 0 ≤ value < 1. */
  next(): number;
  /** 0 ≤ value < `below`, whole. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** Makes a stream. `name` keeps streams of one seed apart: a fault less on one shifts no other. */
export function stream(seed: number, name: string): Stream {
  let a = mixed(seed, name);
  const next = (): number => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}

function mixed(seed: number, name: string): number {
  let hash = seed ^ 0x9e3779b9;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) | 0;
}
