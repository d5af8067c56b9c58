import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './test/support/results-reporter.ts';

const resultsPath = process.env['REGULARS_TEST_RESULTS'];

/**
 * Unit and integration tests first, then the tests that drive the whole program in a browser, one
 * file at a time: on two cores they would only slow each other into their time limits.
 */
export default defineConfig({
  test: {
    reporters: [
      'default',
      ...(resultsPath === undefined ? [] : [new ResultsReporter(resultsPath)]),
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A busy machine is not a defect: one second of polling would be a race with it.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'test/faults/**', 'test/bench/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
