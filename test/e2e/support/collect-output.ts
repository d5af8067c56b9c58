import type { ChildProcess } from 'node:child_process';

const OUTPUT_LENGTH_MAX = 200_000;

/** What a process writes, as it writes it. */
export interface CollectedOutput {
  /** Everything so far, both streams. */
  text(): string;
  /** Resolves when the pattern occurs; rejects with the output when it does not in time, or the process ended. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
}

/** Collects both outputs of a process. */
export function collectOutput(child: ChildProcess, name: string): CollectedOutput {
  let text = '';
  let ended = false;
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of watchers) watcher();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-OUTPUT_LENGTH_MAX);
      wake();
    });
  }
  child.once('close', () => {
    ended = true;
    wake();
  });
  return {
    text: () => text,
    waitFor(pattern, timeoutMs) {
      return new Promise((resolve, reject) => {
        const fail = (why: string): void => {
          end();
          reject(new Error(`The ${name} ${why} (${pattern.source}):\n${text}`));
        };
        const look = (): void => {
          const found = pattern.exec(text);
          if (found !== null) {
            end();
            resolve(found);
          } else if (ended) fail('ended before it said it');
        };
        const timer = setTimeout(() => fail('did not say it in time'), timeoutMs);
        const end = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      });
    },
  };
}

/** Ends a process with a signal and waits until it is gone; asks once, then does not ask. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const code = await gone;
  clearTimeout(timer);
  return code;
}
