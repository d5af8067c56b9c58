/** How often a new version is asked for. */
const CHECK_INTERVAL_MS = 4 * 60 * 60_000;

/** What is used of electron-updater's `autoUpdater`. */
export interface UpdaterLike {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
  on(event: 'update-downloaded', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface UpdateOptions {
  readonly updater: UpdaterLike;
  /** True while a cashier has a shift open. */
  readonly shiftOpen: () => boolean;
  /** Ends the till in order before the new version starts. */
  readonly stopTill: () => Promise<void>;
  readonly report: (error: unknown) => void;
  /** Repeats something; returns what ends that. */
  readonly every: (intervalMs: number, run: () => void) => () => void;
}

/**
 * Keeps the installed till up to date without ever getting in a cashier's way.
 *
 * A new version is fetched quietly and installed only while no shift is open: nobody waits at a
 * counter for an installer.
 */
export function keepUpdated(options: UpdateOptions): () => void {
  const { updater } = options;
  let downloaded = false;
  let installing = false;
  updater.autoDownload = true;
  // Quitting is how a cashier restarts a till; it must come back at once.
  updater.autoInstallOnAppQuit = false;
  updater.on('error', options.report);

  const installWhenIdle = (): void => {
    if (!downloaded || installing || options.shiftOpen()) return;
    installing = true;
    options.stopTill().then(() => updater.quitAndInstall(true, true), options.report);
  };
  updater.on('update-downloaded', () => {
    downloaded = true;
    installWhenIdle();
  });
  const check = (): void => {
    if (downloaded) installWhenIdle();
    else updater.checkForUpdates().catch(options.report);
  };
  check();
  return options.every(CHECK_INTERVAL_MS, check);
}
