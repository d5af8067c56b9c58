import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchServer } from '#test/e2e/support/launch-server.ts';
import { launchTill } from '#test/e2e/support/launch-till.ts';
import { oneOf, openVerdict, randomBelow, type Fault } from './fault.ts';
import { expectKept, expectPosted, readTillBooks, withServerBooks } from './support/books.ts';
import { serveChaos, weathers } from './support/chaos-proxy.ts';
import { withFolder } from './support/folder.ts';
import { caughtUp, startSelling, until } from './support/selling.ts';

const WEATHER_MS = 400;
/** Now and then a line stays as it is for longer than the till waits for an answer. */
const LONG_WEATHER_MS = 13_000;
const LONG_EVERY = 30;
const PAUSE_MS = 20;

/** Bad lines between a till and its server, which must not matter. */
export const badNetwork: Fault = {
  name: 'network',
  promise:
    'a line that is late, narrow, cut, half-open or repeats itself: the till and its server agree in the end, each fact once, no point held back',
  full: 300,
  short: 25,
  missing: () => null,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const dataFolder = join(folder, 'till');
  const server = await launchServer({ dataFolder: join(folder, 'server') });
  const proxy = await serveChaos(server.url);
  const acknowledged: string[] = [];
  let till: Awaited<ReturnType<typeof launchTill>> | null = null;
  try {
    const flags = ['--server', proxy.url, '--pairing-code', server.pairingCode];
    till = await launchTill({ dataFolder, flags: [...flags, '--printer', 'none'] });
    const selling = await startSelling(till.link, {
      onDone: (saleId) => acknowledged.push(saleId),
      pauseMs: PAUSE_MS,
      rewardEvery: 5,
    });
    await until(() => acknowledged.length > 0, 'a sale is settled');
    for (let round = 1; round <= rounds; round += 1) {
      const weather = oneOf(weathers);
      verdict.count(weather);
      proxy.weather(weather);
      await sleep(round % LONG_EVERY === 0 ? LONG_WEATHER_MS : randomBelow(WEATHER_MS));
      if (round % 3 === 0) await proxy.replayOne();
    }
    proxy.weather('fair');
    await selling.stop();
    await selling.socket.call['basket.clear'](null);
    for (let count = 0; count < rounds; count += 1) await proxy.replayOne();
    await caughtUp(selling.socket);
    verdict.count('rewards', selling.rewards());
    selling.socket.end();
    await till.stop();
    till = null;
  } finally {
    await till?.kill();
    await proxy.close();
    await server.stop();
  }
  const books = readTillBooks(join(dataFolder, 'till'));
  verdict.count('acknowledged sales', acknowledged.length);
  verdict.expect(
    acknowledged.length >= rounds,
    'too few sales were acknowledged to prove anything',
  );
  expectKept(verdict, acknowledged, books);
  await withServerBooks(join(folder, 'server'), async (database) => {
    await expectPosted(verdict, books, database);
    const held = await database.query(
      "select grant_ref from point_grant where state <> 'closed' and purpose = 'sale'",
    );
    verdict.expect(held.length === 0, `${held.length} grants are still open`);
    const exceptions = await database.query<{ code: string }>('select code from posting_exception');
    const codes = exceptions.map(({ code }) => code).join(', ');
    verdict.expect(exceptions.length === 0, `the manager is told of ${codes}`);
  });
  return verdict.outcome();
}
