import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './test/support/results-reporter.ts';

const resultsPath = process.env['REGULARS_TEST_RESULTS'];

/** A core for each, and on a machine with one core still two: many tests mostly wait. */
const workers = Math.max(2, availableParallelism());

/**
 * The tests that drive the whole program, which mostly wait for it, are two files at a time: with
 * more they would only slow each other into their time limits. The others have a core each.
 */
export default defineConfig({
  test: {
    reporters: [
      'default',
      ...(resultsPath === undefined ? [] : [new ResultsReporter(resultsPath)]),
    ],
    // A busy machine is not a defect: these bound what hangs and say nothing about speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'test/faults/**', 'test/bench/**'],
          maxWorkers: workers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
