import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** A test that did not run, and why. */
interface Skip {
  readonly name: string;
  readonly reason: string;
}

/**
 * Writes what `npm test` counts: passed, failed, and each skip with its reason.
 *
 * A file that failed before its tests could be collected counts as one failure.
 */
export class ResultsReporter implements Reporter {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const skips: Skip[] = [];
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of tests) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else
          skips.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: reasonOf(test),
          });
      }
    }
    writeFileSync(this.#path, JSON.stringify({ passed, failed, skips }));
  }
}

/** As `needs` or `context.skip` gave it, the suite's where the test has none of its own. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? missingOf(test.meta()) ?? 'no reason was given';
}

function missingOf(meta: object): string | undefined {
  return 'missing' in meta && typeof meta.missing === 'string' ? meta.missing : undefined;
}
