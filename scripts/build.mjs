import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder, root, runNode, say, SetupProblem, toolPath } from './setup.mjs';

/** Builds what a browser or Electron loads, only when a source changed since the last build. */

const RENDERER_SOURCES = ['renderer', 'src/contract', 'src/journal', 'src/loyalty', 'src/scan'];
const ELECTRON_SOURCES = ['src', 'hardware', 'migrations'];

/**
 * The page, `dist/renderer`: byte-identical in both shells.
 *
 * Built aside and put in place as a whole, so that a till that starts meanwhile reads one page, not
 * the halves of two.
 */
export function buildRenderer() {
  const aside = join(root, 'dist', `renderer-${process.pid}`);
  return buildOnce({
    name: 'renderer',
    sources: RENDERER_SOURCES,
    product: 'dist/renderer/index.html',
    configs: ['renderer/vite.config.ts'],
    options: ['--outDir', aside],
    finish() {
      rmSync(join(root, 'dist', 'renderer'), { recursive: true, force: true });
      renameSync(aside, join(root, 'dist', 'renderer'));
    },
  });
}

/** Electron's main process, preload, server and device process, `dist/electron`. */
export function buildElectron() {
  return buildOnce({
    name: 'electron',
    sources: ELECTRON_SOURCES,
    product: 'dist/electron/main.js',
    configs: [
      'src/shell/electron/main.vite.config.ts',
      'src/shell/electron/preload.vite.config.ts',
    ],
  });
}

async function buildOnce({ name, sources, product, configs, options = [], finish = () => {} }) {
  const stamp = join(root, 'dist', `.${name}-sources`);
  const wanted = fingerprint([...sources, 'package-lock.json']);
  const current = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (current === wanted && existsSync(join(root, product))) return;
  say(`building the ${name} (some seconds)`);
  for (const config of configs) {
    const code = await runNode(
      [toolPath('vite'), 'build', '--config', config, '--logLevel', 'warn', ...options],
      {
        stdio: ['ignore', 2, 2],
        // Whoever asks for the build (a test runner says "test"), what ships is the production one.
        env: { ...process.env, NODE_ENV: 'production' },
      },
    );
    if (code !== 0) throw new SetupProblem(`building the ${name} failed; the reason is above`);
  }
  finish();
  makeFolder(join(root, 'dist'));
  writeFileSync(stamp, wanted);
}

/** Changes when a file appears, goes, or is written; reads no contents. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!found.isDirectory()) {
      hash.update(`${path} ${found.size} ${found.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}
