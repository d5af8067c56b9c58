import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { buildRenderer } from './build.mjs';
import {
  endWith,
  ensureInstalled,
  exitCode,
  makeFolder,
  nodeBinary,
  root,
  runNode,
  say,
  toolPath,
} from './setup.mjs';

/**
 * `npm run dev`: the till with reload.
 *
 * A change under `src` or `hardware` starts the core again; a change of the page builds it again and
 * starts the core too, which reads the page once. The open page follows. Arguments go to the till: `npm run dev -- --printer tcp://192.0.2.7:9100`.
 */
const SETTLE_MS = 300;

async function develop(args) {
  await ensureInstalled();
  if (process.execPath !== nodeBinary()) {
    // The shell's TypeScript is read below; an older Node hands over to the one just set up.
    process.on('SIGINT', () => {});
    return runNode([join(root, 'scripts/dev.mjs'), ...args]);
  }
  await buildRenderer();
  const page = await openPage();
  const builder = spawn(
    nodeBinary(),
    [
      toolPath('vite'),
      'build',
      '--watch',
      '--config',
      'renderer/vite.config.ts',
      '--logLevel',
      'warn',
    ],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  let till = startTill(args, page);
  let stopping = false;

  afterChanges(['src', 'hardware', 'migrations', 'dist/renderer'], async () => {
    say('something changed: starting the till again');
    const before = till;
    before.kill('SIGINT');
    await exitCode(before);
    if (!stopping) till = startTill(args, page);
  });

  await new Promise((resolve) => process.once('SIGINT', resolve));
  stopping = true;
  builder.kill();
  await exitCode(till);
  await page?.context().browser()?.close();
  process.exit(0);
}

function startTill(args, page) {
  const child = spawn(
    nodeBinary(),
    [join(root, 'src/shell/web/main.ts'), '--web', '--no-open', ...args],
    { cwd: process.env.INIT_CWD ?? root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const link = /at (http:\S+)/.exec(text)?.[1];
    if (link !== undefined) page?.goto(link).catch(() => undefined);
  });
  return child;
}

/** A window that can be told where to go; none without a screen, then the link is opened by hand. */
async function openPage() {
  const { findChromium, hasScreen, thisMachine } = await import('#shell/web/browser.ts');
  const executablePath = findChromium(thisMachine());
  if (executablePath === null || !hasScreen(thisMachine())) return null;
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    headless: false,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  return browser.newPage({ viewport: null });
}

function afterChanges(folders, run) {
  let timer;
  for (const folder of folders) {
    makeFolder(join(root, folder));
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => run(), SETTLE_MS);
    });
  }
}

await endWith(develop);
