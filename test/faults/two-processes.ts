import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createLog } from '#node/log.ts';
import { DirectoryInUse, openEmbedded } from '#server/database/embedded.ts';
import { checkJournal } from '#shell/journal-check.ts';
import { openVerdict, type Fault } from './fault.ts';
import { withFolder } from './support/folder.ts';

const SUPPORT = join(import.meta.dirname, 'support');

/** Two processes want one directory at the same moment. */
export const twoProcesses: Fault = {
  name: 'two-processes',
  promise:
    'two processes on one directory, till or server: one opens it, the other is refused, and nothing is lost',
  full: 200,
  short: 25,
  missing: () => null,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const till = join(folder, 'till');
  const server = join(folder, 'server');
  const holder = await open('server', server);
  verdict.expect(holder.said === 'opened', `the first server says ${holder.said}`);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const racers = await Promise.all([open('till', till), open('till', till)]);
      const said = racers.map((racer) => racer.said).toSorted();
      verdict.expect(
        said.join() === 'locked,opened',
        `two tills at once say ${said.join(' and ')}`,
      );
      verdict.count('races');
      await Promise.all(racers.map(({ child }) => end(child)));
      const whole = checkJournal(till);
      const seq = whole.ok ? whole.value.head.seq : -1;
      verdict.expect(seq === round, `after ${round} races the journal ends at ${seq}`);
      verdict.expect(await isRefused(server), 'a second server opened a directory in use');
    }
  } finally {
    await end(holder.child);
  }
  const after = await open('server', server);
  verdict.expect(
    after.said === 'opened',
    `after the first server’s end the next says ${after.said}`,
  );
  await end(after.child);
  return verdict.outcome();
}

interface Opened {
  readonly child: ChildProcess;
  readonly said: string;
}

async function open(kind: 'till' | 'server', directory: string): Promise<Opened> {
  const child = fork(join(SUPPORT, `opening-${kind}-child.ts`), [directory], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
  const said = await Promise.race([
    once(child, 'message').then(([message]) => String(message)),
    once(child, 'close').then(() => `nothing: ${errors}`),
  ]);
  return { child, said };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function isRefused(directory: string): Promise<boolean> {
  try {
    const opened = await openEmbedded(
      directory,
      createLog({ write: () => undefined, nowMs: () => Date.now() }),
    );
    await opened.close();
    return false;
  } catch (error) {
    return error instanceof DirectoryInUse;
  }
}
