import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { seededBugs } from './bugs.ts';
import { runCampaign, type Campaign } from './campaign.ts';

/**
 * `npm run simulate -- --seeds N [--seed FIRST] [--operations N] [--bug NAME] [--list-bugs]`
 *
 * Ends with 1 where an invariant broke, and says with which seed and which few operations.
 */
const USAGE = `npm run simulate -- [--seeds N] [--seed FIRST] [--operations N] [--bug NAME] [--list-bugs]

  --seeds       how many seeds to run (1000)
  --seed        the first of them (1)
  --operations  operations per seed (200)
  --bug         put a known mistake in, to see that it is found
  --list-bugs   name the known mistakes
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      operations: { type: 'string', default: '200' },
      bug: { type: 'string' },
      'list-bugs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  if (values['list-bugs']) {
    return say(seededBugs.map(({ name, says }) => `${name.padEnd(26)}${says}\n`).join(''));
  }
  const numbers = [values.seeds, values.seed, values.operations].map(Number);
  const [seeds = 0, first = 0, operations = 0] = numbers;
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 1)) {
    say(`Seeds, seed and operations are whole numbers from 1 on.\n\n${USAGE}`);
    return 2;
  }
  const bug = seededBugs.find(({ name }) => name === values.bug);
  if (values.bug !== undefined && bug === undefined) {
    say(`There is no bug named ${values.bug}; --list-bugs names them.\n`);
    return 2;
  }
  const startedMs = performance.now();
  const parts = await Promise.all(
    split(first, seeds).map((part) => runPart({ ...part, operations, bug: bug?.name ?? null })),
  );
  const found = parts
    .flatMap((part) => (part.found === null ? [] : [part.found]))
    .toSorted((a, b) => a - b)[0];
  const sum = (of: (part: PartDone) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const campaign: Campaign = {
    seeds: sum((part) => part.seeds),
    facts: sum((part) => part.facts),
    events: sum((part) => part.events),
    simulatedMs: sum((part) => part.simulatedMs),
    finding: found === undefined ? null : runCampaign([found], operations, bug).finding,
  };
  return report(campaign, (performance.now() - startedMs) / 1000);
}

/** Fewer seeds than this are run where they are: starting a thread takes longer. */
const PART_LEAST = 100;

/** The seeds in as many parts as there are processors. */
function split(first: number, seeds: number): { first: number; seeds: number }[] {
  const count = Math.max(1, Math.min(availableParallelism(), Math.floor(seeds / PART_LEAST)));
  const size = Math.ceil(seeds / count);
  return Array.from({ length: count }, (_, part) => ({
    first: first + part * size,
    seeds: Math.min(size, seeds - part * size),
  }));
}

const partDone = z.strictObject({
  seeds: z.int(),
  facts: z.int(),
  events: z.int(),
  simulatedMs: z.number(),
  found: z.int().nullable(),
});
type PartDone = z.infer<typeof partDone>;

function runPart(work: object): Promise<PartDone> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('campaign-worker.ts', import.meta.url), {
      workerData: work,
    });
    worker.once('message', (message: unknown) => resolve(partDone.parse(message)));
    worker.once('error', reject);
  });
}

function report(campaign: Campaign, seconds: number): number {
  const { finding, seeds, facts, events, simulatedMs } = campaign;
  const perSecond = Math.round(facts / seconds);
  say(
    `${seeds} seeds, ${facts} journal entries (${perSecond}/s), ${events} events, ` +
      `${Math.round(simulatedMs / 3_600_000)} hours simulated in ${seconds.toFixed(1)} s\n`,
  );
  if (finding === null) return say('No invariant broke.\n');
  const { seed, weather, outcome, operations } = finding;
  say(`\nSeed ${seed} breaks ${outcome.violation?.message ?? ''}\n`);
  say(`${operations.length} operations are enough, in weather ${weather}:\n`);
  for (const operation of operations) say(`  ${JSON.stringify(operation)}\n`);
  return 1;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.exitCode = await main();
