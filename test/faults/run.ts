import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';

/**
 * `npm run test:faults [-- [--rounds N] [NAME …]]`: every fault in its full number of rounds.
 *
 * Ends with 0 when every promise was kept, 1 when one broke, 2 for a wrong command line.
 */
const ROUNDS_MAX = 10_000;
const HELP = `npm run test:faults [-- [--rounds N] [NAME ...]]
  --rounds N  rounds of each, 1 to ${ROUNDS_MAX} (default: the number beside each name)
${faults.map(({ name, full, promise }) => `  ${name} (${full}): ${promise}`).join('\n')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const chosen = readArguments(args);
  if (typeof chosen === 'string') {
    process.stderr.write(`${chosen}\n${HELP}`);
    return 2;
  }
  if (chosen.help) {
    process.stdout.write(HELP);
    return 0;
  }
  let failed = 0;
  let skipped = 0;
  for (const fault of chosen.faults) {
    const missing = fault.missing();
    if (missing !== null) {
      skipped += 1;
      process.stdout.write(`skipped: ${fault.name}: ${missing}\n`);
    } else if (!(await runOne(fault, chosen.rounds ?? fault.full))) failed += 1;
  }
  const passed = chosen.faults.length - failed - skipped;
  const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
  process.stdout.write(`${passed} passed, ${failed} failed${rest}\n`);
  return failed === 0 ? 0 : 1;
}

async function runOne(fault: Fault, rounds: number): Promise<boolean> {
  process.stdout.write(`${fault.name}, ${rounds} rounds: ${fault.promise}\n`);
  try {
    const { broken, figures } = await fault.run(rounds);
    const done = Object.entries(figures).map(([what, count]) => `${count} ${what}`);
    process.stdout.write(`  ${done.join(', ')}\n`);
    for (const sentence of broken) process.stdout.write(`  BROKEN: ${sentence}\n`);
    return broken.length === 0;
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`  FAILED: ${text}\n`);
    return false;
  }
}

interface Chosen {
  readonly help: boolean;
  /** Null = each fault's own number. */
  readonly rounds: number | null;
  readonly faults: readonly Fault[];
}

function readArguments(args: readonly string[]): Chosen | string {
  const options = { rounds: { type: 'string' }, help: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const unknown = positionals.find((name) => faults.every((fault) => fault.name !== name));
    if (unknown !== undefined) return `There is no fault called ${unknown}.`;
    const rounds = values.rounds === undefined ? null : Number(values.rounds);
    if (rounds !== null && (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX)) {
      return `Give a number of rounds from 1 to ${ROUNDS_MAX}.`;
    }
    const wanted = faults.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    return { help: values.help ?? false, rounds, faults: wanted };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
