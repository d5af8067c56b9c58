import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectOutput, endProcess } from './collect-output.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** A first start makes a server's database; two cores with a browser beside them take their time. */
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 20_000;

export interface LaunchOptions {
  readonly dataFolder: string;
  /** As typed after `npm start --`; `--data`, `--web` and `--no-open` are added. */
  readonly flags?: readonly string[];
  /** `main` = the web shell itself; `start` = as `npm start` runs it, with its setting up. */
  readonly through?: 'main' | 'start';
  /** Flags of Node itself, before the program. */
  readonly nodeFlags?: readonly string[];
}

/** The real program, running in a process of its own. */
export interface LaunchedTill {
  /** `problem` = it runs, but only to show why the till cannot start. */
  readonly state: 'ready' | 'problem';
  /** The link it printed; works once. */
  readonly link: string;
  readonly pid: number;
  /** A link that works now, for another page. */
  nextLink(): string;
  /** The same for the page that faces the shopper. */
  displayLink(): string;
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Resolves when the pattern occurs in what it wrote. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ctrl+C; resolves with the exit code when it is gone. */
  stop(): Promise<number | null>;
  /** kill -9 of the process that holds the core. */
  kill(): Promise<void>;
}

const READY = /^Till (?:ready at|cannot start: the reason is at) (\S+)$/m;

/** Starts the till; rejects with its output when it ends before it is ready. */
export async function launchTill(options: LaunchOptions): Promise<LaunchedTill> {
  const script = options.through === 'start' ? 'scripts/start.mjs' : 'src/shell/web/main.ts';
  const args = ['--data', options.dataFolder, '--web', '--no-open', ...(options.flags ?? [])];
  const nodeFlags = options.nodeFlags ?? [];
  const child = spawn(process.execPath, [...nodeFlags, join(root, script), ...args], {
    cwd: root,
    // The channel says nothing; it ends with this process, and the other one with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.channel?.unref();
  const written = collectOutput(child, 'till');
  try {
    const ready = await written.waitFor(READY, READY_TIMEOUT_MS);
    return {
      state: ready[0].startsWith('Till ready') ? 'ready' : 'problem',
      link: ready[1] ?? '',
      pid: child.pid ?? 0,
      nextLink: () => readFileSync(join(options.dataFolder, 'link.txt'), 'utf8').trim(),
      displayLink: () => readFileSync(join(options.dataFolder, 'display-link.txt'), 'utf8').trim(),
      output: written.text,
      waitForOutput: (pattern) => written.waitFor(pattern, READY_TIMEOUT_MS),
      stop: () => endProcess(child, 'SIGINT', STOP_TIMEOUT_MS),
      async kill() {
        await endProcess(child, 'SIGKILL', STOP_TIMEOUT_MS);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Runs the till to its end, for starts that are refused. */
export async function runTillToEnd(
  options: LaunchOptions,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const args = ['--data', options.dataFolder, '--web', '--no-open', ...(options.flags ?? [])];
  const child = spawn(process.execPath, [join(root, 'src/shell/web/main.ts'), ...args], {
    cwd: root,
    // The channel says nothing; it ends with this process, and the other one with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.channel?.unref();
  const written = collectOutput(child, 'till');
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, output: written.text() };
}
