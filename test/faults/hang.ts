import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedServer } from '#shell/embedded-server.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import { joinOverHttp } from '#test/server/support/server-process.ts';
import { alive } from '#test/shell/support/processes.ts';
import { rememberingLog } from '#test/shell/support/quiet-log.ts';
import { body, txOf } from '#test/journal/support/test-till.ts';
import { openVerdict, randomBelow, type Fault, type Verdict } from './fault.ts';
import { withFolder } from './support/folder.ts';
import { until } from './support/selling.ts';

const SERVER = join(import.meta.dirname, '..', '..', 'src', 'server', 'main.ts');
const SPREAD_MS = 50;
const SERVERS_MAX = 5;
const TRIES_MAX = 100;

/** The embedded server lives and does not answer. */
export const hangingServer: Fault = {
  name: 'hang',
  promise:
    'a server that hangs is killed and started again, and has everything it acknowledged before',
  full: 50,
  short: 25,
  missing: () => (process.platform === 'win32' ? 'needs SIGSTOP' : null),
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  // A round is mostly waiting for answers that do not come: several servers wait side by side.
  const servers = Math.min(SERVERS_MAX, rounds);
  const parts = Array.from({ length: servers }, (_, index) =>
    hangOne(
      verdict,
      Math.floor((rounds + index) / servers),
      join(folder, `server-${String(index)}`),
    ),
  );
  const failed = (await Promise.allSettled(parts)).find(({ status }) => status === 'rejected');
  if (failed !== undefined && 'reason' in failed) throw failed.reason;
  return verdict.outcome();
}

/** One server that hangs once a round. */
async function hangOne(verdict: Verdict, rounds: number, dataFolder: string): Promise<void> {
  let pid = 0;
  const server = startEmbeddedServer({
    spawn(...given) {
      const child = spawnNodeChild(...given);
      pid = child.pid ?? 0;
      return child;
    },
    modulePath: SERVER,
    dataFolder,
    demo: true,
    log: rememberingLog(),
    monoMs: () => performance.now(),
    restart: { firstDelayMs: 10, delayMaxMs: 10, steadyAfterMs: 60_000 },
    // Quicker than at a shop, where a server that works hard must not be taken for one that hangs.
    pulse: { everyMs: 200, answerWithinMs: 2000, missedMax: 2 },
  });
  try {
    const first = await server.first;
    if (first.kind !== 'ready') throw new Error(`The server did not start: ${first.detail}`);
    const till = await joinOverHttp({ message: first });
    for (let round = 1; round <= rounds; round += 1) {
      till.journal.append(txOf(round), body.sale(round, null));
      const answer = await answered(server, (url) => till.push(url, round));
      const acked = answer.outcome === 'acknowledged' ? answer.ackSeq : 0;
      verdict.expect(acked === round, `push ${round} is acknowledged up to ${acked}`);
      await sleep(randomBelow(SPREAD_MS));
      const hanging = pid;
      process.kill(hanging, 'SIGSTOP');
      await until(() => server.url() !== null && pid !== hanging, 'another server listens');
      verdict.expect(!alive(hanging), 'the server that hung is still there');
      verdict.count('servers that hung');
    }
    const hello = await answered(server, (url) =>
      till.call(url, 'hello', {
        inc: 1,
        headSeq: till.journal.head.seq,
        headHash: till.journal.head.hash,
        epochSeen: 1,
        settled: true,
        app: 'test',
        wallMs: 0,
      }),
    );
    verdict.expect(
      hello.outcome === 'acknowledged' && hello.ackSeq === rounds,
      `after ${rounds} rounds the server says ${JSON.stringify(hello).slice(0, 200)}`,
    );
  } finally {
    await server.stop();
  }
}

/** Asks until there is an answer: on a machine with much to do a server may be taken for one that hangs. */
async function answered<Answer>(
  server: Pick<ReturnType<typeof startEmbeddedServer>, 'url'>,
  ask: (url: string) => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    await until(() => server.url() !== null, 'a server listens');
    try {
      return await ask(server.url()?.origin ?? '');
    } catch (error) {
      if (tries >= TRIES_MAX) throw error;
      await sleep(SPREAD_MS);
    }
  }
}
