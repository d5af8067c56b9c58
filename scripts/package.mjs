import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildElectron, buildRenderer } from './build.mjs';
import { endWith, ensureInstalled, root, runNode, say, SetupProblem, toolPath } from './setup.mjs';

/**
 * `npm run package`: installers for this system in `release/`.
 *
 * Needs Electron's runtime, which comes by download: where it cannot be had, this says so.
 * Arguments go to electron-builder: `npm run package -- --dir`.
 */
async function makePackage(args) {
  await ensureInstalled();
  const runtime = await electronRuntime();
  await buildRenderer();
  await buildElectron();
  const builder = toolPath('electron-builder');
  return runNode([builder, `--config.electronDist=${runtime}`, '--publish=never', ...args]);
}

/** Folder of Electron's runtime; fetched by Electron's own installer where it is missing. */
async function electronRuntime() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given !== undefined && existsSync(given)) return given;
  const folder = join(root, 'node_modules', 'electron', 'dist');
  if (existsSync(folder)) return folder;
  say('fetching Electron’s runtime (about 120 MB)');
  const code = await runNode([toolPath('electron', 'install-electron')], {
    stdio: ['ignore', 2, 2],
  });
  if (code === 0 && existsSync(folder)) return folder;
  throw new SetupProblem(
    'Electron’s runtime cannot be had here, so nothing can be packaged. Run this where it can be ' +
      'downloaded, or unpack it yourself and name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
  );
}

await endWith(makePackage);
