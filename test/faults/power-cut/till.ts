import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkJournal } from '#shell/journal-check.ts';
import { openTillDatabase } from '#sqlite/open.ts';
import { openVerdict, type Fault, type Verdict } from '#test/faults/fault.ts';
import { withFolder } from '#test/faults/support/folder.ts';
import { IDENTITY, MIGRATIONS } from '#test/till/support/a-till.ts';
import { eachCut } from './cuts.ts';
import { noStrace, traceRun } from './strace.ts';

const CHILD = join(import.meta.dirname, '..', 'support', 'selling-child.ts');
/** More sales for more cuts, so that cuts do not fall into the same few transactions. */
const SALES_MIN = 60;
const SALES_MAX = 300;

/** The power goes while a till sells. */
export const powerCutAtTill: Fault = {
  name: 'power-cut-till',
  promise:
    'a power cut at any moment, unsynced blocks lost, torn or reordered: the till opens and has every acknowledged sale',
  full: 300,
  short: 25,
  missing: noStrace,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const root = join(folder, 'disk');
  mkdirSync(root);
  const acknowledgements = join(folder, 'acknowledged.txt');
  const sales = Math.max(SALES_MIN, Math.min(SALES_MAX, rounds));
  const operations = traceRun({
    module: CHILD,
    arguments: [join(root, 'till'), acknowledgements, String(sales)],
    folder,
    only: [],
  });
  verdict.count('file operations', operations.length);
  await eachCut(
    { operations, root, acknowledgements, scratch: join(folder, 'cuts'), count: rounds },
    (cut) => {
      verdict.count('cuts');
      verdict.count('acknowledged sales looked for', cut.acknowledged.length);
      look(verdict, join(cut.folder, 'till'), cut.acknowledged);
    },
  );
  return verdict.outcome();
}

function look(verdict: Verdict, directory: string, acknowledged: readonly string[]): void {
  const opened = openTillDatabase({
    directory,
    migrationsDirectory: MIGRATIONS,
    identity: IDENTITY,
    ballastBytes: 0,
  });
  if (!opened.ok) {
    verdict.expect(false, `the till does not open: ${JSON.stringify(opened.error)}`);
    return;
  }
  const { read } = opened.value;
  const lost = acknowledged.filter((saleId) => read.saleByTx(saleId) === null);
  verdict.expect(lost.length === 0, `${lost.length} of ${acknowledged.length} sales are lost`);
  opened.value.close();
  const whole = checkJournal(directory);
  verdict.expect(whole.ok, `the journal is not whole: ${whole.ok ? '' : whole.error.what}`);
}
