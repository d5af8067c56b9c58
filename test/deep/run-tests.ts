import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './root.ts';
import type { Tally } from './step.ts';

const TEST_TIMEOUT_MS = 600_000;

const results = z.object({ passed: z.int(), failed: z.int() });

/** Runs tests of `npm test` with settings that make them go deeper. */
export async function runTests(
  paths: readonly string[],
  settings: Readonly<Record<string, string>>,
  project: 'parts' | 'whole' = 'parts',
): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-deep-'));
  const resultsPath = join(folder, 'results.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['--project', project, `--testTimeout=${TEST_TIMEOUT_MS}`];
  try {
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...paths], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...settings, REGULARS_TEST_RESULTS: resultsPath },
    });
    const [code] = await once(child, 'close');
    const { passed, failed } = results.parse(JSON.parse(await readFile(resultsPath, 'utf8')));
    return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
