import { join } from 'node:path';
import { isLocked } from '#node/directory-lock.ts';
import { writeFileAtomic } from '#node/files.ts';
import { createLog, type Log } from '#node/log.ts';
import { createAssets } from '#shell/assets.ts';
import { dataFolder, usualFolder, type DataFolder } from '#shell/data-folder.ts';
import { parseFlags, type Flags } from '#shell/flags.ts';
import { invitationText } from '#shell/invitation.ts';
import { logFile } from '#shell/log-file.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import { problemPage, problemText, type StartProblem } from '#shell/problem-page.ts';
import { programFromSources, type Program } from '#shell/program.ts';
import { fileSecrets } from '#shell/secret-store.ts';
import { startTill, type StartedTill } from '#shell/start-till.ts';
import { takeFolder } from '#shell/take-folder.ts';
import { openBrowser, thisMachine } from './browser.ts';
import { startWebHost, type WebHost } from './host.ts';
import { runningElsewhere, sampleCardLines, sampleStaffLines } from './messages.ts';
import { endSoon, stopOnSignals } from './signals.ts';

/** A wrong command line. */
const EXIT_USAGE = 2;

const program = programFromSources(join(import.meta.dirname, '..', '..', '..'));
process.exitCode = await main(process.argv.slice(2));
endSoon(process.exitCode);

/** The web shell: the till's core in this process, its page on loopback. */
async function main(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args);
  if (!flags.ok) {
    tell(flags.error);
    return EXIT_USAGE;
  }
  const folder = dataFolder(flags.value.data ?? usualFolder(program.root, flags.value.ownShop));
  // Two cores on one journal would be a disaster: the second is refused before it opens anything.
  const taken = takeFolder(folder);
  if (!taken.ok) {
    tell(problemText(taken.error));
    return 1;
  }
  const lock = taken.value;
  if (!isLocked(lock)) {
    tell(runningElsewhere(folder, lock.heldByPid));
    return 1;
  }
  try {
    return await run(flags.value, folder, program);
  } finally {
    lock.release();
  }
}

async function run(flags: Flags, folder: DataFolder, where: Program): Promise<number> {
  const log = createLog({
    write: logFile(folder.log, (line) => process.stderr.write(line)),
    nowMs: () => Date.now(),
    fields: { role: 'till' },
  });
  const stopping = stopOnSignals();
  const started = await startTill({
    flags,
    folder,
    program: where,
    spawn: spawnNodeChild,
    secretStore: fileSecrets(folder.secrets),
    log,
    stopAsked: stopping.asked,
  });
  const till = started.ok ? started.value : null;
  if (stopping.wasAsked()) {
    await till?.stop();
    return 0;
  }
  const problem = started.ok ? null : started.error;
  const host = await openHost({ flags, folder, where, till, problem, log });
  if (host === null) {
    await till?.stop();
    return 1;
  }
  announce(host, problem);
  void till?.server?.then((said) => {
    if (said.kind === 'ready') {
      process.stdout.write(sampleCardLines(said.sampleCards) + sampleStaffLines(said.sampleStaff));
    } else
      tell(
        `The embedded server is not running (${said.code}: ${said.detail}); the till works on its own.`,
      );
  });
  void till?.invite?.().then((invitation) => process.stdout.write(invitationText(invitation)));
  const browser = flags.open
    ? openBrowser(host.link(), folder.browserProfile, flags.kiosk, thisMachine())
    : null;

  await stopping.asked;
  await host.close();
  await till?.stop();
  browser?.close();
  return problem === null ? 0 : 1;

  function announce(running: WebHost, why: StartProblem | null): void {
    if (why === null) {
      process.stdout.write(`Till ready at ${running.link()}\n`);
      process.stdout.write(`Shopper's display at ${running.link('display')}\n`);
      return;
    }
    tell(problemText(why));
    process.stdout.write(`Till cannot start: the reason is at ${running.link()}\n`);
  }
}

/** The page, or in its place the page that explains; null when the port is taken. */
async function openHost(options: {
  readonly flags: Flags;
  readonly folder: DataFolder;
  readonly where: Program;
  readonly till: StartedTill | null;
  readonly problem: StartProblem | null;
  readonly log: Log;
}): Promise<WebHost | null> {
  const { flags, folder, where, till, problem, log } = options;
  try {
    return await startWebHost({
      assets: problem === null ? createAssets(where.page) : async () => problemPage(problem),
      port: flags.port,
      onChannel:
        till === null
          ? null
          : (channel, page) =>
              page === 'till' ? till.connect(channel) : till.connectDisplay(channel),
      // For the owner only: whoever reads these files may open the till.
      onLink: (link, page) =>
        writeFileAtomic(page === 'till' ? folder.link : folder.displayLink, `${link}\n`),
      onRefusal: (reason) => log.warn('page-refused', { reason }),
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    tell(
      error.code === 'EADDRINUSE'
        ? `Port ${flags.port} is in use by another program. Choose another with --port, or leave --port out.`
        : `The page cannot be served on port ${flags.port ?? 'any'}: ${String(error.code)}.`,
    );
    return null;
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
