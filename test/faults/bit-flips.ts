import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPrivateKey } from '#node/ed25519.ts';
import { dataFolder } from '#shell/data-folder.ts';
import { readEnrolment } from '#shell/enrolment.ts';
import { checkJournal } from '#shell/journal-check.ts';
import { openOrRepair, type RepairTillOptions } from '#shell/repair-till.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import { createServerLink } from '#shell/server-link.ts';
import { databaseFiles, openTillDatabase } from '#sqlite/open.ts';
import { launchServer, type LaunchedServer } from '#test/e2e/support/launch-server.ts';
import { launchTill } from '#test/e2e/support/launch-till.ts';
import { rememberingLog } from '#test/shell/support/quiet-log.ts';
import { MIGRATIONS } from '#test/till/support/a-till.ts';
import { oneOf, openVerdict, randomBelow, type Fault, type Verdict } from './fault.ts';
import { withFolder } from './support/folder.ts';
import { caughtUp, startSelling, until } from './support/selling.ts';

const SALES = 25;
const files = [
  databaseFiles.database,
  `${databaseFiles.database}-wal`,
  databaseFiles.anchor,
] as const;

/** A bit of a till's files is not what was written. */
export const bitFlips: Fault = {
  name: 'bit-flips',
  promise:
    'a flipped bit in database, log or anchor: found, put in quarantine and repaired from the server’s copy, or refused by name; no entry is lost or changed unnoticed',
  full: 500,
  short: 25,
  missing: () => null,
  run: (rounds) => withFolder((folder) => run(rounds, folder)),
};

/** A till's data folder as kill -9 or an orderly end left it, and what must be in it. */
interface Left {
  readonly folder: string;
  /** Everything had reached the server. */
  readonly sent: boolean;
  readonly acknowledged: readonly string[];
}

async function run(rounds: number, folder: string): ReturnType<Fault['run']> {
  const verdict = openVerdict();
  const serverFolder = join(folder, 'server');
  let server = await launchServer({ dataFolder: serverFolder });
  try {
    const sent = await leave(join(folder, 'sent'), server, null);
    // Each start of the server has a code for one more till.
    await server.stop();
    server = await launchServer({ dataFolder: serverFolder, port: server.port });
    const unsent = await leave(join(folder, 'unsent'), server, () => server.stop());
    server = await launchServer({ dataFolder: serverFolder, port: server.port });
    const closed = await closeInOrder(sent, join(folder, 'closed'), server);
    const all = [sent, unsent, closed];
    for (let round = 0; round < rounds; round += 1) {
      const left = all[round % all.length] ?? sent;
      const copy = join(folder, 'copy');
      cpSync(left.folder, copy, { recursive: true });
      await flipAndOpen(verdict, left, copy, server);
      rmSync(copy, { recursive: true });
    }
  } finally {
    await server.stop();
  }
  return verdict.outcome();
}

/** Sells at a real till and kills it; `cut` ends the server in the middle. */
async function leave(
  folder: string,
  server: LaunchedServer,
  cut: (() => Promise<void>) | null,
): Promise<Left> {
  const acknowledged: string[] = [];
  const flags = ['--server', server.url, '--pairing-code', server.pairingCode, '--printer', 'none'];
  const till = await launchTill({ dataFolder: folder, flags });
  try {
    const onDone = (saleId: string): void => void acknowledged.push(saleId);
    const selling = await startSelling(till.link, { onDone, pauseMs: 2 });
    await until(() => acknowledged.length >= SALES, 'some sales are settled');
    if (cut === null) {
      await selling.stop();
      await caughtUp(selling.socket);
    } else {
      await cut();
      const before = acknowledged.length;
      await until(() => acknowledged.length >= before + SALES, 'sales are settled offline');
      await selling.stop();
    }
    selling.socket.end();
  } finally {
    await till.kill();
  }
  rmSync(join(dataFolder(folder).database, databaseFiles.ballast), { force: true });
  return { folder, sent: cut === null, acknowledged };
}

/** The same folder after an orderly end: everything is in the database file, and there is no log. */
async function closeInOrder(left: Left, folder: string, server: LaunchedServer): Promise<Left> {
  cpSync(left.folder, folder, { recursive: true });
  const opened = openTillDatabase(await repairOptions(folder, server));
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  opened.value.close();
  return { ...left, folder };
}

async function flipAndOpen(
  verdict: Verdict,
  left: Left,
  copy: string,
  server: LaunchedServer,
): Promise<void> {
  const folder = dataFolder(copy);
  const there = files.filter((name) => existsSync(join(folder.database, name)));
  const file = oneOf(there);
  const at = flipOneBit(join(folder.database, file));
  const log = rememberingLog();
  const opened = await openOrRepair({ ...(await repairOptions(copy, server)), log });
  const what = `${file} byte ${at}, ${left.sent ? 'all sent' : 'some unsent'}`;
  if (!opened.ok) {
    verdict.count(`refused: ${opened.error.code}`);
    // Only what nobody else has can be lost, and then it is said which entries.
    const named = !left.sent && opened.error.code === 'entries-lost';
    verdict.expect(named, `${what}: ${JSON.stringify(opened.error)}`);
    verdict.expect(sameFiles(left, folder.database), `${what}: refused, and files were changed`);
    return;
  }
  const { read } = opened.value;
  const lost = left.acknowledged.filter((saleId) => read.saleByTx(saleId) === null);
  opened.value.close();
  const repaired = log.events.includes('database-repaired');
  verdict.count(repaired ? `repaired: ${file}` : 'harmless or set aside');
  verdict.expect(lost.length === 0, `${what}: ${lost.length} sales are gone without a word`);
  const whole = checkJournal(folder.database);
  verdict.expect(whole.ok, `${what}: ${whole.ok ? '' : whole.error.what}`);
  const kept = readdirSync(dirname(folder.database)).some((name) => name.includes('quarantine'));
  verdict.expect(kept === repaired, `${what}: the damaged files were not kept`);
}

/** Flips a bit of a file, and says in which byte. */
function flipOneBit(path: string): number {
  const bytes = readFileSync(path);
  const at = randomBelow(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << randomBelow(8));
  writeFileSync(path, bytes);
  return at;
}

/** True where a refusal left the files as the flip left them: all but one as they were. */
function sameFiles(left: Left, directory: string): boolean {
  const before = dataFolder(left.folder).database;
  const changed = files.filter((name) => !sameFile(join(before, name), join(directory, name)));
  return changed.length === 1;
}

/** SQLite leaves an empty log where there was none: that is no change. */
function sameFile(left: string, right: string): boolean {
  const [before, after] = [left, right].map((path) =>
    existsSync(path) ? readFileSync(path) : Buffer.alloc(0),
  );
  return before !== undefined && after !== undefined && before.equals(after);
}

async function repairOptions(
  copy: string,
  server: LaunchedServer,
): Promise<Omit<RepairTillOptions, 'log'>> {
  const folder = dataFolder(copy);
  const known = await readEnrolment(folder.enrolment, fileSecrets(folder.secrets));
  if (known === null) throw new Error('The till is enrolled');
  const { tenant, store, till, inc } = known.enrolment;
  return {
    directory: folder.database,
    migrationsDirectory: MIGRATIONS,
    identity: { tenant, store, till, inc },
    ballastBytes: 0,
    server: createServerLink({
      baseUrl: () => new URL(server.url),
      identity: { keyId: till, privateKey: readPrivateKey(known.secrets) },
      wallMs: Date.now,
    }),
    serverStarted: () => Promise.resolve(),
    wallMs: Date.now,
  };
}
