import { Stryker } from '@stryker-mutator/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutated } from './mutated.ts';
import { root } from './root.ts';
import type { Step, Tally } from './step.ts';
import { type Survivor, survivors } from './survivors.ts';

const KILLED_SHARE_MIN = 0.9;
/** Runs of each property per fault. */
const PROPERTY_RUNS = '50';
const CHANGE_LENGTH_MAX = 160;

type Fault = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

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
      const found = await judge(await seedFaults(files), files);
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
  for (const file of files) {
    const own = faults.filter(({ fileName }) => fileName.endsWith(`/src/loyalty/${file}`));
    const source = await readFile(join(root, 'src/loyalty', file), 'utf8');
    const dead = own.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    const alive = own.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
    killed += dead;
    counted += dead + alive.length;
    process.stdout.write(`  ${file.padEnd(24)}${share(dead, dead + alive.length)}\n`);
    failed += reportSurvivors(
      file,
      alive.map((fault) => describe(file, source, fault)),
    );
  }
  const enough = counted > 0 && killed / counted >= KILLED_SHARE_MIN;
  process.stdout.write(`  ${'together'.padEnd(24)}${share(killed, counted)}\n`);
  if (!enough) process.stdout.write(`  fewer than ${KILLED_SHARE_MIN * 100} % were noticed\n`);
  return { passed: killed, failed: failed + (enough ? 0 : 1) };
}

function share(killed: number, of: number): string {
  const percent = of === 0 ? '–' : ((100 * killed) / of).toFixed(1);
  return `${percent.padStart(6)} %   ${killed} of ${of} noticed`;
}

type Found = Omit<Survivor, 'reason'>;

/** Unlisted survivors, which fail; listed ones that are gone are only told. */
function reportSurvivors(file: string, alive: readonly Found[]): number {
  const same = (left: Found, right: Found): boolean =>
    left.file === right.file && left.line === right.line && left.change === right.change;
  const unlisted = alive.filter((fault) => !survivors.some((listed) => same(listed, fault)));
  for (const { line, change } of unlisted) {
    process.stdout.write(`    survived, and is not listed: ${line}\n      ${change}\n`);
  }
  for (const listed of survivors) {
    if (listed.file !== file || alive.some((fault) => same(listed, fault))) continue;
    process.stdout.write(`    listed, but noticed: ${listed.line}\n      ${listed.change}\n`);
  }
  return unlisted.length;
}

/** A fault in words that stay the same when lines above it move. */
function describe(file: string, source: string, { location, replacement }: Fault): Found {
  const lines = source.split('\n');
  const { start, end } = location;
  const within = lines.slice(start.line - 1, end.line);
  const before = within
    .map((text, index) => {
      const from = index === 0 ? start.column - 1 : 0;
      const to = index === within.length - 1 ? end.column - 1 : text.length;
      return text.slice(from, to);
    })
    .join('\n');
  return {
    file,
    line: (lines[start.line - 1] ?? '').trim(),
    change: `${short(before)} → ${short(replacement ?? '')}`,
  };
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= CHANGE_LENGTH_MAX / 2 ? flat : `${flat.slice(0, CHANGE_LENGTH_MAX / 2)}…`;
}
