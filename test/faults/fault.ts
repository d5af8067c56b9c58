/** What the rounds of a fault came to. */
export interface FaultOutcome {
  /** Promises that broke, a sentence each. Empty = all were kept. */
  readonly broken: readonly string[];
  /** What was done, counted: a run in which nothing happened proves nothing. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One way in which the world is unkind to a running till or server, and what must hold then. */
export interface Fault {
  /** As typed on the command line. */
  readonly name: string;
  /** The promise, as a test's name. */
  readonly promise: string;
  /** Rounds of `npm run test:faults`. */
  readonly full: number;
  /** Rounds in `npm test`. */
  readonly short: number;
  /** Why it cannot be run on this machine; null where it can. */
  missing(): string | null;
  /** Runs so many rounds with everything real, and cleans up after itself. */
  run(rounds: number): Promise<FaultOutcome>;
}

/** Collects broken promises; the same sentence once. */
export interface Verdict {
  /** Notes the sentence where the promise does not hold. */
  expect(holds: boolean, broken: string): void;
  /** Counts something that was done. */
  count(what: string, by?: number): void;
  outcome(): FaultOutcome;
}

/** Longest list of broken promises that is kept; one is enough to fail. */
const BROKEN_MAX = 20;

/** Starts a verdict with nothing broken and nothing done. */
export function openVerdict(): Verdict {
  const broken = new Set<string>();
  const figures: Record<string, number> = {};
  return {
    expect(holds, sentence) {
      if (!holds && broken.size < BROKEN_MAX) broken.add(sentence);
    },
    count(what, by = 1) {
      figures[what] = (figures[what] ?? 0) + by;
    },
    outcome: () => ({ broken: [...broken], figures: { ...figures } }),
  };
}

/** One of the items, at random. */
export function oneOf<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

/** A whole number from 0 to `below` − 1, at random. */
export function randomBelow(below: number): number {
  return Math.floor(Math.random() * below);
}
