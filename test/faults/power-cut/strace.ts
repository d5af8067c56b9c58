import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORBIDDEN_CALLS, readTrace, TRACED_CALLS, type FileOperation } from './trace.ts';

const RUN_TIMEOUT_MS = 240_000;
const APT_TIMEOUT_MS = 120_000;
/** Longest text strace prints whole; SQLite and Node write far less at a time. */
const TEXT_BYTES_MAX = 64_000_000;

let asked: string | null | undefined;

/** Why no trace can be had; null where it can. As root on Debian strace is installed, once. */
export function noStrace(): string | null {
  asked ??= findStrace();
  return asked === '' ? null : asked;
}

/** The reason, or '' where it works. */
function findStrace(): string {
  if (process.platform !== 'linux') return 'needs strace, which is for Linux';
  if (works()) return '';
  if (process.getuid?.() === 0) {
    const options = {
      stdio: 'ignore',
      timeout: APT_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'strace'], options);
    if (works()) return '';
  }
  return 'needs strace, which is not here, may not trace, or cannot be installed';
}

function works(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs one of this project's modules to its end and reads what its main thread did to files.
 *
 * Only the files named are traced where any are: PGlite writes much that nobody asks for.
 */
export function traceRun(options: {
  readonly module: string;
  readonly arguments: readonly string[];
  /** Where the trace itself is kept; not a folder that is traced. */
  readonly folder: string;
  readonly only: readonly string[];
}): FileOperation[] {
  const output = join(options.folder, 'trace.txt');
  const run = spawnSync(
    'strace',
    [
      '-qq',
      '-xx',
      ...['-s', String(TEXT_BYTES_MAX)],
      ...['-o', output],
      ...['-e', `trace=${TRACED_CALLS},${FORBIDDEN_CALLS}`],
      ...options.only.flatMap((path) => ['-P', path]),
      ...[process.execPath, options.module, ...options.arguments],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], timeout: RUN_TIMEOUT_MS, encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(`The traced run failed (${run.status}): ${run.stderr}`);
  const text = readFileSync(output, 'latin1');
  return readTrace(text);
}
