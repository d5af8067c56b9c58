import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { exitCode, nodeBinary, root, say } from './setup.mjs';

/**
 * Runs a test runner to its end and leaves nothing behind.
 *
 * A test that fails before it stops its child leaves a process that holds the terminal open: the
 * runner waits for it, and whoever waits for the runner waits for ever.
 */

/** Marks everything the run starts, so that what outlives it is found. */
const MARK = 'REGULARS_TEST_RUN';
/** Longer than any run of all tests; a run that takes longer hangs. */
const RUN_MS = 50 * 60_000;
/** How long a runner may take to end once it has written its results. */
const END_MS = 30_000;
const LOOK_MS = 500;

/**
 * Runs Node with the arguments; `resultsPath` is the file the runner writes last. Resolves with the
 * exit code, `null` where the run had to be cut.
 */
export async function runBounded(args, { resultsPath, env, runMs = RUN_MS, endMs = END_MS }) {
  const mark = randomUUID();
  const child = spawn(nodeBinary(), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, [MARK]: mark },
  });
  const ended = exitCode(child);
  let cutAtMs = performance.now() + runMs;
  let written = false;
  const look = setInterval(() => {
    if (!written && existsSync(resultsPath)) {
      written = true;
      cutAtMs = Math.min(cutAtMs, performance.now() + endMs);
    }
    if (performance.now() < cutAtMs) return;
    clearInterval(look);
    say(written ? 'the test run is over and does not end; cut' : 'the test run hangs; cut');
    child.kill('SIGKILL');
  }, LOOK_MS);
  const code = await ended;
  clearInterval(look);
  for (const { pid, command } of marked(mark)) {
    say(`still running after the tests, stopped: ${pid} ${command}`);
    stop(pid);
  }
  return child.signalCode === 'SIGKILL' ? null : code;
}

/** Processes that carry the mark, where the system tells; only Linux does. */
function marked(mark) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`${MARK}=${mark}\0`))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }))
    .filter(({ command }) => command !== '');
}

function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 120);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function stop(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
