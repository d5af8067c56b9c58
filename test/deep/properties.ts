import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './root.ts';
import type { Step, Tally } from './step.ts';

const RUNS = 10_000;
const TEST_TIMEOUT_MS = 600_000;

const results = z.object({ passed: z.int(), failed: z.int() });

/** The engine's tests with ten times the runs of each property that CI makes. */
export const properties: Step = {
  name: 'properties',
  about: `the engine's invariants, ${RUNS.toLocaleString('en')} runs each`,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-deep-'));
    try {
      return await runVitest(join(folder, 'results.json'));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function runVitest(resultsPath: string): Promise<Tally> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['--project', 'parts', `--testTimeout=${TEST_TIMEOUT_MS}`];
  const child = spawn(process.execPath, [vitest, 'run', ...options, 'test/loyalty'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PROPERTY_RUNS: String(RUNS), REGULARS_TEST_RESULTS: resultsPath },
  });
  const [code] = await once(child, 'close');
  const { passed, failed } = results.parse(JSON.parse(await readFile(resultsPath, 'utf8')));
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}
