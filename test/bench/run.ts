import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { bundle } from './bundle.ts';
import { engine } from './engine.ts';
import { describeFigure, withinLimit, type Bench } from './figures.ts';
import { faults } from './faults.ts';
import { glass } from './glass.ts';
import { growth } from './growth.ts';
import { lookup } from './lookup.ts';
import { postingGrowth } from './posting-growth.ts';
import { posting } from './posting.ts';
import { print } from './print.ts';
import { push } from './push.ts';
import { scan } from './scan.ts';
import { settle } from './settle.ts';

/**
 * `npm run bench [-- NAME …]`: measures, prints each figure beside its limit, exits 1 where one is missed.
 *
 * Each is measured in a process of its own. Never part of the tests: a busy machine is not a defect.
 */
const benches: readonly Bench[] = [
  settle,
  growth,
  lookup,
  engine,
  push,
  posting,
  postingGrowth,
  faults,
  glass,
  bundle,
  scan,
  print,
];

/** Says that a process of its own measures one benchmark. */
const ALONE = '--alone';

const measure = async (bench: Bench): Promise<number> => {
  process.stdout.write(`\n${bench.name}\n`);
  let missed = 0;
  for (const figure of await bench.run()) {
    process.stdout.write(`  ${describeFigure(figure)}\n`);
    if (!withinLimit(figure)) missed += 1;
  }
  return missed;
};

/** Measures in a process of its own: what was measured before has filled the memory and shaped the code. */
async function measureAlone({ name }: Bench): Promise<number> {
  const child = fork(import.meta.filename, [ALONE, name]);
  let missed: number | null = null;
  child.on('message', (count) => (missed = Number(count)));
  await once(child, 'exit');
  if (missed === null) throw new Error(`${name} ended without its figures`);
  return missed;
}

const wanted = process.argv.slice(2);
if (wanted[0] === ALONE) {
  // Whoever started it has gone.
  process.once('disconnect', () => process.exit(1));
  const bench = benches.find(({ name }) => name === wanted[1]);
  if (bench === undefined) throw new Error(`No benchmark ${wanted[1]}`);
  process.send?.(await measure(bench), () => process.exit(0));
} else {
  const chosen = benches.filter(
    (bench) => wanted.length === 0 || wanted.some((name) => bench.name.includes(name)),
  );
  if (chosen.length === 0) {
    const names = benches.map(({ name }) => name).join(', ');
    process.stderr.write(`No such benchmark. There are: ${names}\n`);
    process.exit(2);
  }
  process.stdout.write(
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`,
  );
  let missed = 0;
  for (const bench of chosen) missed += await measureAlone(bench);
  process.stdout.write(missed === 0 ? '\nevery limit held\n' : `\n${missed} limits missed\n`);
  process.exit(missed === 0 ? 0 : 1);
}
