import { Stryker } from '@stryker-mutator/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutated } from './mutated.ts';
import { describe, type Fault, reportSurvivors, share } from './report.ts';
import { root } from './root.ts';
import type { Step, Tally } from './step.ts';
import { readSurvivors } from './survivors.ts';

const KILLED_SHARE_MIN = 0.9;
/** Runs of each property per fault. */
const PROPERTY_RUNS = '50';

/** Seeds faults into the engine one by one; the engine's own tests must notice. */
export const mutation: Step = {
  name: 'mutation',
  about: 'seeded faults in quote, lots, refunds and tiers',
  async run(parts) {
    let tally: Tally = { passed: 0, failed: 0 };
    const chosen = Object.entries(mutated).filter(
      ([group]) => parts.length === 0 || parts.includes(group),
    );
    for (const [group, files] of chosen) {
      process.stdout.write(`\n${group}\n`);
      const found = await seedFaults(files).then(
        (faults) => judge(faults, files),
        (error: unknown): Tally => {
          process.stdout.write(`  not seeded, are the tests green without? ${String(error)}\n`);
          return { passed: 0, failed: 1 };
        },
      );
      tally = { passed: tally.passed + found.passed, failed: tally.failed + found.failed };
    }
    return tally;
  },
};

async function seedFaults(files: readonly string[]): Promise<readonly Fault[]> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-faults-'));
  process.env['PROPERTY_RUNS'] = PROPERTY_RUNS;
  process.chdir(root);
  try {
    return await new Stryker({
      configFile: 'test/deep/stryker.json',
      plugins: ['quick-runner.ts', 'ignored.ts'].map((file) => join(root, 'test/deep', file)),
      mutate: files.map((file) => `src/loyalty/${file}`),
      tempDirName: folder,
      concurrency: Math.min(2, availableParallelism()),
    }).runMutationTest();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(faults: readonly Fault[], files: readonly string[]): Promise<Tally> {
  let failed = 0;
  let killed = 0;
  let counted = 0;
  const survivors = await readSurvivors();
  for (const file of files) {
    const own = faults.filter(({ fileName }) => fileName.endsWith(`/src/loyalty/${file}`));
    const source = await readFile(join(root, 'src/loyalty', file), 'utf8');
    const dead = own.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    const alive = own.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
    killed += dead;
    counted += dead + alive.length;
    process.stdout.write(`  ${file.padEnd(24)}${share(dead, dead + alive.length)}\n`);
    failed += reportSurvivors(
      alive.map((fault) => describe(file, source, fault)),
      survivors.filter((listed) => listed.file === file),
    );
  }
  const enough = counted > 0 && killed / counted >= KILLED_SHARE_MIN;
  process.stdout.write(`  ${'together'.padEnd(24)}${share(killed, counted)}\n`);
  if (!enough) process.stdout.write(`  fewer than ${KILLED_SHARE_MIN * 100} % were noticed\n`);
  return { passed: killed, failed: failed + (enough ? 0 : 1) };
}
