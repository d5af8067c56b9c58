import { killWhileSettling } from './kill-settling.ts';

/** `npm run test:faults [-- ROUNDS]`: the long form of the fault tests; exit 1 where a promise broke. */
const rounds = Number(process.argv[2] ?? 200);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000) {
  process.stderr.write('Give a number of rounds from 1 to 10000.\n');
  process.exit(2);
}
process.stdout.write(`kill -9 while settling, ${rounds} rounds\n`);
const outcome = await killWhileSettling(rounds);
const kept = outcome.lost.length === 0 && outcome.journal.sales === outcome.server.sales;
const exact = outcome.journal.totalMinor === outcome.server.totalMinor;
process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
process.stdout.write(kept && exact ? '1 passed, 0 failed\n' : '0 passed, 1 failed\n');
process.exit(kept && exact ? 0 : 1);
