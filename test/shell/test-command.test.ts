import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const reporter = join(import.meta.dirname, '..', 'support', 'results-reporter.ts');
const needs = join(import.meta.dirname, '..', 'support', 'needs.ts');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-results-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs one test file with the reporter that `npm test` counts by. */
async function results(tests: string): Promise<unknown> {
  const output = join(folder, 'results.json');
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { ResultsReporter } from ${JSON.stringify(reporter)};
     export default { test: { globals: true, reporters: [new ResultsReporter(${JSON.stringify(output)})] } };`,
  );
  writeFileSync(join(folder, 'some.test.ts'), tests);
  const env = { ...process.env, VITEST: undefined, REGULARS_TEST_RESULTS: undefined };
  await run(process.execPath, [vitest, 'run', '--root', folder], { env }).catch(() => undefined);
  return JSON.parse(readFileSync(output, 'utf8'));
}

describe('what npm test counts', () => {
  it('is every test that passed or failed, and every skip with its reason', async () => {
    const tests = `
      import { needs } from ${JSON.stringify(needs)};
      test('passes', () => {});
      test('fails', () => { throw new Error('no'); });
      test('is skipped for a reason', (context) => context.skip('no libusb here'));
      test.skip('is skipped without one', () => {});
      describe('a group', () => {
        beforeEach((context) => context.skip(true, 'no Chromium here'));
        test('is skipped as a whole', () => { throw new Error('ran'); });
      });
      describe('a suite', needs('no pseudo-terminals here'), () => {
        beforeAll(() => { throw new Error('ran'); });
        describe('inside', () => { test('is not run', () => { throw new Error('ran'); }); });
      });
      test('needs more', needs('no root here'), () => { throw new Error('ran'); });
      test('has it', needs(null), () => {});`;
    expect(await results(tests)).toEqual({
      passed: 2,
      failed: 1,
      skips: [
        { name: 'some.test.ts > is skipped for a reason', reason: 'no libusb here' },
        { name: 'some.test.ts > is skipped without one', reason: 'no reason was given' },
        { name: 'some.test.ts > a group > is skipped as a whole', reason: 'no Chromium here' },
        {
          name: 'some.test.ts > a suite > inside > is not run',
          reason: 'no pseudo-terminals here',
        },
        { name: 'some.test.ts > needs more', reason: 'no root here' },
      ],
    });
  });

  it('is a failure when a file cannot even be read, or its set-up fails', async () => {
    expect(await results(`import './missing.ts';`)).toEqual({ passed: 0, failed: 1, skips: [] });
    const setUp = `beforeAll(() => { throw new Error('no'); }); test('never runs', () => {});`;
    expect(await results(setUp)).toMatchObject({ passed: 0, failed: 1 });
  });
});
