import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCommandLog } from '#server/commands/command-log.ts';
import { checkJournal } from '#shell/journal-check.ts';
import { openTillDatabase } from '#sqlite/open.ts';
import { IDENTITY, MIGRATIONS } from '#test/till/support/a-till.ts';
import { oneOf, openVerdict, type Fault, type Verdict } from './fault.ts';
import { diskErrors, failingDisk, noFiu } from './support/fiu.ts';
import { withFolder } from './support/folder.ts';

const CHILD = join(import.meta.dirname, 'support', 'disk-error-child.ts');
/** Sales and commands of a process. */
const COUNT = 15;
const PROBABILITIES = [0.01, 0.03, 0.1];
const KINDS = Object.keys(diskErrors) as (keyof typeof diskErrors)[];
const ROUND_TIMEOUT_MS = 60_000;
const START_AGAIN = 75;

/** A disk that answers with errors now and then, under a till and under a server's command log. */
export const diskThatFails: Fault = {
  name: 'disk-errors',
  promise:
    'a disk that fails to write or to sync: what was acknowledged is there, and the journal is whole',
  full: 300,
  short: 10,
  missing: noFiu,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const record = join(folder, 'record.txt');
  // Made on a disk that works: what is tried is a till that has sold before.
  expectEnd(verdict, runChild(folder, record, {}));
  for (let round = 0; round < rounds; round += 1) {
    const kind = oneOf(KINDS);
    expectEnd(verdict, runChild(folder, record, failingDisk(kind, oneOf(PROBABILITIES))));
    verdict.count(`rounds of ${kind}`);
    if (round % 10 === 9 || round === rounds - 1) lookForAll(verdict, folder, linesOf(record));
  }
  const lines = linesOf(record);
  for (const what of ['sale', 'command', 'refused', 'ended'])
    verdict.count(what, lines.filter((line) => line.startsWith(`${what} `)).length);
  return verdict.outcome();
}

function runChild(folder: string, record: string, env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [CHILD, folder, record, String(COUNT)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: ROUND_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env },
  });
}

function expectEnd(verdict: Verdict, ended: ReturnType<typeof runChild>): void {
  const { status, signal, stderr } = ended;
  verdict.expect(
    status === 0 || status === START_AGAIN,
    `the process ended with ${status ?? signal}: ${stderr.slice(-500)}`,
  );
}

function linesOf(record: string): readonly string[] {
  return existsSync(record) ? readFileSync(record, 'utf8').split('\n') : [];
}

/** On a disk that works again: everything recorded is there. */
function lookForAll(verdict: Verdict, folder: string, lines: readonly string[]): void {
  const directory = join(folder, 'till');
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
  const sales = lines.flatMap((line) => (line.startsWith('sale ') ? [line.slice(5)] : []));
  const lost = sales.filter((saleId) => opened.value.read.saleByTx(saleId) === null);
  verdict.expect(lost.length === 0, `${lost.length} of ${sales.length} sales are lost`);
  opened.value.close();
  const whole = checkJournal(directory);
  verdict.expect(whole.ok, `the journal is not whole: ${whole.ok ? '' : whole.error.what}`);
  const log = openCommandLog(join(folder, 'commands.db'));
  const kept = new Map([...log.after(0)].map(({ number, text }) => [number, text.slice(0, 64)]));
  log.close();
  for (const line of lines.filter((one) => one.startsWith('command '))) {
    const [, number = '', start = ''] = line.split(' ');
    verdict.expect(kept.get(Number(number)) === start, `command ${number} of the log is lost`);
  }
}
