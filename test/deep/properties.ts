import { runTests } from './run-tests.ts';
import type { Step } from './step.ts';

const RUNS = 10_000;
const FUZZ_STREAMS = 1_000_000;
/** In each of four rhythms, at each of 99 speeds. */
const WEDGE_SCANS = 2_500;
const MEMORY_SALES = 10_000;

/** The engine's tests with ten times the runs of each property that CI makes. */
export const properties: Step = {
  name: 'properties',
  about: `the engine's invariants, ${RUNS.toLocaleString('en')} runs each`,
  run: () => runTests(['test/loyalty'], { PROPERTY_RUNS: String(RUNS) }),
};

/** Every parser of foreign bytes under mutated streams. */
export const fuzz: Step = {
  name: 'fuzz',
  about: `${FUZZ_STREAMS.toLocaleString('en')} mutated streams into each parser`,
  run: () =>
    runTests(['test/scan/fuzz.test.ts', 'test/hardware/fuzz.test.ts'], {
      REGULARS_FUZZ_STREAMS: String(FUZZ_STREAMS),
    }),
};

/** Keyboard scanners from 2 to 100 ms a key, and people who type. */
export const wedge: Step = {
  name: 'wedge',
  about: `${(4 * WEDGE_SCANS).toLocaleString('en')} keyboard scans at each speed`,
  run: () =>
    runTests(['test/scan/wedge-rates.test.ts'], { REGULARS_WEDGE_SCANS: String(WEDGE_SCANS) }),
};

/** A long day at one till: page and core collected and measured before and after. */
export const memory: Step = {
  name: 'memory',
  about: `flat heaps of page and core over ${MEMORY_SALES.toLocaleString('en')} sales`,
  run: () =>
    runTests(['test/e2e/memory.test.ts'], { REGULARS_MEMORY_SALES: String(MEMORY_SALES) }, 'whole'),
};
