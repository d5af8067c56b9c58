import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildElectron, buildRenderer } from './build.mjs';
import {
  endWith,
  ensureInstalled,
  exitCode,
  nodeBinary,
  onStarterGone,
  root,
  say,
  SetupProblem,
} from './setup.mjs';

/**
 * `npm start`: sets the checkout up, then the till.
 *
 * Prefers Electron; where its runtime is not, the same page opens in a browser, and one line says so.
 */
async function start(args) {
  if (args.includes('--help')) {
    process.stdout.write(helpText());
    return 0;
  }
  await ensureInstalled();
  await buildRenderer();
  const electron = electronBinary();
  if (args.includes('--electron') && electron === undefined) {
    throw new SetupProblem(`Electron's runtime is not here. ${HOW_TO_GET_ELECTRON}`);
  }
  if (electron === undefined || args.includes('--web')) {
    if (electron === undefined && !args.includes('--web')) {
      say(`Electron's runtime is not here, so the till opens in a browser. ${HOW_TO_GET_ELECTRON}`);
    }
    return run(nodeBinary(), [join(root, 'src/shell/web/main.ts'), ...args], ['ipc']);
  }
  await buildElectron();
  return run(electron, [root, ...args], []);
}

const HOW_TO_GET_ELECTRON = 'To get it: npx install-electron (about 120 MB), then npm start.';

/** Electron's program without importing the package, which would start a download. */
function electronBinary() {
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
  const names = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const binary = join(folder, names[process.platform] ?? 'electron');
  return existsSync(binary) ? binary : undefined;
}

function helpText() {
  const flags = JSON.parse(readFileSync(join(root, 'src/shell/flags.json'), 'utf8'));
  const left = flags.map(({ name, value }) => `  --${name}${value === null ? '' : ` ${value}`}`);
  const width = Math.max(...left.map((text) => text.length)) + 2;
  const lines = flags.map(({ help, choices = [] }, index) => {
    const below = inRows(choices, 60).map((row) => `\n${' '.repeat(width)}  ${row}`);
    return `${left[index].padEnd(width)}${help}${below.join('')}`;
  });
  // The till says so too when it starts; a test compares this line with the demo's people.
  const staff = 'Deniz (cashier, no PIN), Selin (supervisor, PIN 2580), Can (manager, PIN 1470)';
  return `npm start -- [flags]\n\nStarts the till.\n\n${lines.join('\n')}\n\nStaff of the demo shop: ${staff}\n`;
}

/** Words in rows of at most `lengthMax` characters. */
function inRows(words, lengthMax) {
  const rows = [];
  for (const word of words) {
    const row = rows.at(-1);
    if (row !== undefined && `${row} ${word}`.length <= lengthMax)
      rows[rows.length - 1] += ` ${word}`;
    else rows.push(word);
  }
  return rows;
}

/**
 * Runs the till and ends as it ends.
 *
 * Ctrl+C reaches the till too, from the terminal; it is passed on as SIGTERM, because a second SIGINT
 * would tell the till not to wait for anything. `channel` = ['ipc'] tells the till when this ends, however.
 */
function run(command, args, channel) {
  const child = spawn(command, args, {
    cwd: process.env.INIT_CWD ?? root,
    stdio: ['inherit', 'inherit', 'inherit', ...channel],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill('SIGTERM'));
  onStarterGone(() => child.kill('SIGTERM'));
  if (process.channel) {
    process.on('disconnect', () => child.kill('SIGTERM'));
    process.channel.unref();
  }
  return exitCode(child);
}

await endWith(start);
