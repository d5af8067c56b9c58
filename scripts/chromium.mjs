import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { exitCode, say } from './setup.mjs';

/** The browser the tests drive. Same names and order as `src/shell/web/browser.ts`. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Installs Debian's Chromium when the tests run as root there; says what to do elsewhere. */
export async function ensureChromium() {
  if (hasChromium()) return;
  const apt = findProgram(['apt-get']);
  if (process.platform === 'linux' && apt !== undefined && process.getuid?.() === 0) {
    say('installing Chromium for the browser tests (apt-get, a minute or two)');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: ['ignore', 'ignore', 2], env: environment };
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
    for (const args of [['update', '-qq'], install]) {
      if ((await exitCode(spawn(apt, args, options))) !== 0) break;
    }
    if (hasChromium()) return;
  }
  say(
    'no Chromium here: the browser tests are skipped. Install Chromium or Chrome, ' +
      'or name one in CHROMIUM_PATH, and run npm test again.',
  );
}

function hasChromium() {
  const named = process.env.CHROMIUM_PATH;
  return (named !== undefined && executable(named)) || findProgram(NAMES) !== undefined;
}

function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(executable);
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
