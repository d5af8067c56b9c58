import { join } from 'node:path';
import { crashReporter } from 'electron/common';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  utilityProcess,
} from 'electron/main';
import type { Rectangle } from 'electron';
import { isLocked } from '#node/directory-lock.ts';
import { createLog, errorText, type Log } from '#node/log.ts';
import { createAssets } from '#shell/assets.ts';
import { dataFolder, usualFolder, type DataFolder } from '#shell/data-folder.ts';
import { parseFlags, type Flags } from '#shell/flags.ts';
import { invitationText } from '#shell/invitation.ts';
import { logFile } from '#shell/log-file.ts';
import { problemPage, problemText, type StartProblem } from '#shell/problem-page.ts';
import { programFromBundle } from '#shell/program.ts';
import { fileSecrets, type SecretStore } from '#shell/secret-store.ts';
import { databaseProblem } from '#shell/start-problem.ts';
import { startTill, type StartedTill } from '#shell/start-till.ts';
import { takeFolder } from '#shell/take-folder.ts';
import { sampleCardLines, sampleStaffLines } from '#shell/web/messages.ts';
import { ownArguments } from './arguments.ts';
import { ipcChannel } from './ipc.ts';
import { DISPLAY_URL, PAGE_SCHEME, PAGE_URL } from './page-address.ts';
import { recoveryPolicy } from './recovery.ts';
import { moveSecrets, protectsSecrets, safeStorageSecrets } from './safe-storage.ts';
import { followSecondScreen } from './second-screen.ts';
import { startUpdates } from './start-updates.ts';
import { spawnUtilityChild } from './utility-child.ts';
import { lockContents, lockSession, windowOptions } from './window.ts';

const bundle = import.meta.dirname;
const program = programFromBundle(join(bundle, '..', '..'));

// Every renderer in the operating system's sandbox, whatever its window says.
app.enableSandbox();
// Before ready, or the scheme has no origin, no fetch and no policy.
protocol.registerSchemesAsPrivileged([
  {
    scheme: PAGE_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
]);
// Crashes are kept on this machine for support; nothing is sent anywhere.
crashReporter.start({ uploadToServer: false });

const flags = parseFlags(ownArguments(process.argv, app.isPackaged));
if (!flags.ok) {
  process.stderr.write(`${flags.error}\n`);
  app.exit(2);
} else if (app.requestSingleInstanceLock()) {
  const wanted = flags.value;
  // Not awaited: Electron becomes ready only after this module has been evaluated to its end.
  app
    .whenReady()
    .then(() => main(wanted))
    .catch(fail);
} else {
  process.stderr.write('A till is already running here; its window is in front now.\n');
  app.exit(1);
}

/** A bug, or a broken machine: said once, instead of a process without a window. */
function fail(error: unknown): void {
  process.stderr.write(`The till cannot start: ${errorText(error)}\n`);
  dialog.showErrorBox('The till cannot start', errorText(error));
  app.exit(1);
}

async function main(wanted: Flags): Promise<void> {
  const fallback = app.isPackaged
    ? usualFolder(app.getPath('userData'), wanted.ownShop, { demo: '', shop: 'shop' })
    : usualFolder(program.root, wanted.ownShop);
  const folder = dataFolder(wanted.data ?? fallback);
  // The web shell may run on the same folder: Electron's own lock does not know of it.
  const taken = takeFolder(folder);
  if (!taken.ok) throw new Error(problemText(taken.error));
  const lock = taken.value;
  const log = createLog({
    write: logFile(folder.log, (line) => process.stderr.write(line)),
    nowMs: () => Date.now(),
    fields: { role: 'till' },
  });
  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');
  lockSession(session.defaultSession);

  const started = isLocked(lock)
    ? await startTill({
        flags: wanted,
        folder,
        program,
        spawn: spawnUtilityChild(utilityProcess),
        secretStore: await secretStore(folder),
        log,
      })
    : {
        ok: false as const,
        error: databaseProblem({ code: 'locked', heldByPid: lock.heldByPid }, folder.folder),
      };
  const till = started.ok ? started.value : null;
  if (!started.ok) process.stderr.write(`${problemText(started.error)}\n`);
  const window = openWindow(wanted, till, started.ok ? null : started.error, log);
  app.on('second-instance', () => window.focus());
  if (till !== null) followSecondScreen(screen, (bounds) => openDisplay(till, bounds, log));

  const stop = async (): Promise<void> => {
    await till?.stop();
    if (isLocked(lock)) lock.release();
  };
  endInOrder(stop);
  if (till !== null) startUpdates(app, till.shiftOpen, stop, log);
  process.stdout.write(started.ok ? 'Till ready in its window\n' : 'Till cannot start\n');
  void till?.server?.then((said) => {
    if (said.kind !== 'ready') return;
    process.stdout.write(sampleCardLines(said.sampleCards) + sampleStaffLines(said.sampleStaff));
  });
  void till?.invite?.().then((invitation) => process.stdout.write(invitationText(invitation)));
}

/** The one window, with the page or with the reason why there is none. */
function openWindow(
  wanted: Flags,
  till: StartedTill | null,
  problem: StartProblem | null,
  log: Log,
): BrowserWindow {
  let shown = problem;
  const assets = createAssets(program.page);
  protocol.handle(PAGE_SCHEME, (request) =>
    shown === null ? assets(request) : problemPage(shown),
  );

  const developerTools = !app.isPackaged;
  const preloadPath = join(bundle, 'preload.cjs');
  const window = new BrowserWindow(
    windowOptions({ preloadPath, kiosk: wanted.kiosk, developerTools }),
  );
  lockContents(window.webContents, developerTools);
  let disconnect = till?.connect(ipcChannel(ipcMain, window.webContents));
  const recover = recoveryPolicy(() => performance.now());
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('page-gone', { reason });
    if (recover() === 'problem-page') shown = PAGE_KEEPS_FAILING;
    disconnect?.();
    disconnect = till?.connect(ipcChannel(ipcMain, window.webContents));
    window.webContents.reload();
  });
  window.webContents.on('unresponsive', () => log.warn('page-unresponsive', {}));
  window.once('ready-to-show', () => window.show());
  window
    .loadURL(PAGE_URL)
    .catch((error: Error) => log.error('page-not-loaded', { error: error.message }));
  return window;
}

/** The page that faces the shopper, filling the second screen. */
function openDisplay(till: StartedTill, bounds: Rectangle, log: Log): BrowserWindow {
  const developerTools = !app.isPackaged;
  const preloadPath = join(bundle, 'preload.cjs');
  const display = new BrowserWindow({
    ...windowOptions({ preloadPath, kiosk: true, developerTools }),
    ...bounds,
    // It follows the till's window: the counter keeps the keyboard.
    focusable: false,
  });
  lockContents(display.webContents, developerTools);
  const disconnect = till.connectDisplay(ipcChannel(ipcMain, display.webContents));
  display.webContents.on('render-process-gone', () => display.webContents.reload());
  display.once('closed', disconnect);
  display.once('ready-to-show', () => display.showInactive());
  display
    .loadURL(DISPLAY_URL)
    .catch((error: Error) => log.error('display-not-loaded', { error: error.message }));
  return display;
}

const PAGE_KEEPS_FAILING: StartProblem = {
  title: 'The till’s page stopped several times',
  what: 'Everything that was paid is in the journal; the open basket is kept too.',
  next: ['Close the till and start it again.', 'If it happens again, restart the computer.'],
  detail: '',
};

/** Quits only after the journal is closed. */
function endInOrder(stop: () => Promise<void>): void {
  let stopped = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

async function secretStore(folder: DataFolder): Promise<SecretStore> {
  if (!(await protectsSecrets(safeStorage, process.platform))) return fileSecrets(folder.secrets);
  const encrypted = safeStorageSecrets(safeStorage, folder.encryptedSecrets);
  await moveSecrets(folder.secrets, encrypted);
  return encrypted;
}
