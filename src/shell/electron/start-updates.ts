import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, type Log } from '#node/log.ts';
import { keepUpdated } from './updates.ts';

/**
 * Starts looking for updates where the installed program has an address for them.
 *
 * A checkout has none, and neither has a package made without `publish`.
 */
export function startUpdates(
  app: { readonly isPackaged: boolean },
  shiftOpen: () => boolean,
  stopTill: () => Promise<void>,
  log: Log,
): void {
  const report = (error: unknown): void => log.warn('update-failed', { error: errorText(error) });
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return;
  // Only here: the package asks Electron for things as soon as it is loaded.
  import('electron-updater').then(({ default: { autoUpdater } }) => {
    keepUpdated({
      updater: autoUpdater,
      shiftOpen,
      stopTill,
      report,
      every(intervalMs, run) {
        const timer = setInterval(run, intervalMs);
        return () => clearInterval(timer);
      },
    });
  }, report);
}
