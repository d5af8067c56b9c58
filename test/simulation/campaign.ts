import { operationsOf, type Operation } from './operation.ts';
import { shrink } from './shrink.ts';
import { simulate, type Outcome, type Replaced } from './simulate.ts';

/** A seed that breaks an invariant, and the fewest operations that still do, under which weather. */
export interface Finding {
  readonly seed: number;
  /** Seed of what the network and the machines do. */
  readonly weather: number;
  readonly outcome: Outcome;
  readonly operations: readonly Operation[];
}

/** What seeds one after the other came to. */
export interface Campaign {
  readonly seeds: number;
  readonly facts: number;
  readonly events: number;
  readonly simulatedMs: number;
  readonly finding: Finding | null;
}

/** How many other weathers are tried for each shorter list: one operation less is another weather. */
const WEATHERS = 6;

function findFewest(
  seed: number,
  all: readonly Operation[],
  replaced: Replaced,
): Omit<Finding, 'seed'> {
  let weather = seed;
  const fails = (some: readonly Operation[]): boolean => {
    for (let other = 0; other < WEATHERS; other += 1) {
      const tried = other === 0 ? weather : seed * WEATHERS + other;
      if (simulate(tried, some, replaced).violation === null) continue;
      weather = tried;
      return true;
    }
    return false;
  };
  const operations = shrink(all, fails);
  return { weather, operations, outcome: simulate(weather, operations, replaced) };
}

/** Runs seeds until one breaks an invariant, then makes that one small. */
export function runCampaign(
  seeds: Iterable<number>,
  operations: number,
  replaced: Replaced = {},
  goesOn: () => boolean = () => true,
): Campaign {
  let [count, facts, events, simulatedMs] = [0, 0, 0, 0];
  for (const seed of seeds) {
    if (!goesOn()) break;
    const all = operationsOf(seed, operations);
    const outcome = simulate(seed, all, replaced);
    count += 1;
    facts += outcome.facts;
    events += outcome.events;
    simulatedMs += outcome.simulatedMs;
    if (outcome.violation !== null) {
      const finding = { seed, ...findFewest(seed, all, replaced) };
      return { seeds: count, facts, events, simulatedMs, finding };
    }
  }
  return { seeds: count, facts, events, simulatedMs, finding: null };
}

/** Seeds from a first one on. */
export function* seedsFrom(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}
