import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchTill, type LaunchedTill } from '#test/e2e/support/launch-till.ts';
import { alive, childrenOf, commandOf } from '#test/shell/support/processes.ts';
import { oneOf, openVerdict, randomBelow, type Fault } from './fault.ts';
import { expectKept, expectPosted, readTillBooks, withServerBooks } from './support/books.ts';
import { withFolder } from './support/folder.ts';
import { caughtUp, startSelling, until, type Selling } from './support/selling.ts';

/** The kill comes at any moment of the first few sales after the round's first. */
const KILL_SPREAD_MS = 120;
const PAUSE_MS = 5;
const COMING_UP_PAUSE_MS = 10;
const COMING_UP_TRIES = 70;
const PRINT_PAUSE_MS = 100;
const PRINT_TRIES = 600;

const modules = { server: 'src/server/main.ts', devices: 'hardware/worker.ts' } as const;
type Victim = 'till' | keyof typeof modules;
const victims: readonly Victim[] = ['till', 'server', 'devices'];

/** kill -9 of any of the program's processes, at any moment, while a cashier sells. */
export const killAtRandom: Fault = {
  name: 'kill',
  promise:
    'till, device process or server killed with kill -9: what was acknowledged is stored, each once, and balances are equal',
  full: 500,
  short: 25,
  missing: () => (existsSync('/proc/self/task') ? null : 'needs /proc to find the processes'),
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, dataFolder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const acknowledged: string[] = [];
  const running = createRunning(dataFolder, (saleId) => acknowledged.push(saleId));
  try {
    for (let round = 0; round < rounds; round += 1) {
      await running.start();
      const before = acknowledged.length;
      await until(() => acknowledged.length > before, 'a sale is settled');
      await sleep(randomBelow(KILL_SPREAD_MS));
      verdict.count(`kills of the ${await running.kill(oneOf(victims))}`);
    }
    const till = await running.start();
    await till.selling.stop();
    await caughtUp(till.selling.socket);
    await printed(join(dataFolder, 'till'));
    till.selling.socket.end();
    await till.till.stop();
  } finally {
    await running.end();
  }
  const books = readTillBooks(join(dataFolder, 'till'));
  verdict.count('acknowledged sales', acknowledged.length);
  verdict.expect(
    acknowledged.length >= rounds,
    'too few sales were acknowledged to prove anything',
  );
  expectKept(verdict, acknowledged, books);
  verdict.expect(
    (books.jobs['queued'] ?? 0) + (books.jobs['sending'] ?? 0) === 0,
    `receipts are left on their way: ${JSON.stringify(books.jobs)}`,
  );
  await withServerBooks(join(dataFolder, 'server'), (database) =>
    expectPosted(verdict, books, database),
  );
  return verdict.outcome();
}

interface Pair {
  readonly till: LaunchedTill;
  readonly selling: Selling;
}

/** The program under fire: started again where it was killed. */
interface Running {
  start(): Promise<Pair>;
  /** Kills it, or the till where it does not come up soon; which one it was. */
  kill(victim: Victim): Promise<Victim>;
  end(): Promise<void>;
}

function createRunning(dataFolder: string, onDone: (saleId: string) => void): Running {
  let pair: Pair | null = null;
  return {
    async start() {
      if (pair !== null) return pair;
      const till = await launchTill({ dataFolder, flags: ['--printer', 'virtual'] });
      try {
        pair = { till, selling: await startSelling(till.link, { onDone, pauseMs: PAUSE_MS }) };
        return pair;
      } catch (error) {
        await till.kill();
        throw error;
      }
    },
    async kill(victim) {
      if (pair === null) throw new Error('there is no till to kill');
      const { till, selling } = pair;
      if (victim !== 'till') {
        const pid = await pidOf(till, victim);
        if (pid !== null) {
          process.kill(pid, 'SIGKILL');
          return victim;
        }
      }
      pair = null;
      await till.kill();
      await selling.stop();
      selling.socket.end();
      return 'till';
    },
    async end() {
      if (pair === null) return;
      const { till, selling } = pair;
      pair = null;
      await till.kill();
      await selling.stop();
    },
  };
}

/** The process behind a till, waiting a moment for it while it is started again. */
async function pidOf(till: LaunchedTill, name: keyof typeof modules): Promise<number | null> {
  for (let tries = 0; tries < COMING_UP_TRIES; tries += 1) {
    const pid = childrenOf(till.pid).find(
      (child) => commandOf(child).includes(modules[name]) && alive(child),
    );
    if (pid !== undefined) return pid;
    await sleep(COMING_UP_PAUSE_MS);
  }
  return null;
}

/** Waits until every receipt has come to its end, good or bad. */
async function printed(directory: string): Promise<void> {
  for (let tries = 0; tries < PRINT_TRIES; tries += 1) {
    const { jobs } = readTillBooks(directory);
    if ((jobs['queued'] ?? 0) + (jobs['sending'] ?? 0) === 0) return;
    await sleep(PRINT_PAUSE_MS);
  }
}
