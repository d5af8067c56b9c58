/** Repeatable randomness for rates over thousands of cases; fast-check is for single cases. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  /** From a normal distribution with mean 0 and deviation 1. */
  normal(): number;
  pick<Value>(values: readonly Value[]): Value;
  integer(min: number, max: number): number;
}

/** The mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick(values) {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
  };
}
