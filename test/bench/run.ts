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
 * Never part of the tests: a busy machine is not a defect.
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

const wanted = process.argv.slice(2);
const chosen = benches.filter(
  (bench) => wanted.length === 0 || wanted.some((name) => bench.name.includes(name)),
);
if (chosen.length === 0) {
  process.stderr.write(`No such benchmark. There are: ${benches.map((b) => b.name).join(', ')}\n`);
  process.exit(2);
}

let missed = 0;
process.stdout.write(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`,
);
for (const bench of chosen) {
  process.stdout.write(`\n${bench.name}\n`);
  for (const figure of await bench.run()) {
    process.stdout.write(`  ${describeFigure(figure)}\n`);
    if (!withinLimit(figure)) missed += 1;
  }
}
process.stdout.write(missed === 0 ? '\nevery limit held\n' : `\n${missed} limits missed\n`);
process.exit(missed === 0 ? 0 : 1);
