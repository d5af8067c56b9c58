import type { Log } from '#till/ports.ts';
import { stopChild, type Child } from './child.ts';
import { childLog } from './child-log.ts';

/** When a process that fell over is started again. */
export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly delayMaxMs: number;
  /** One that lived this long had nothing wrong with its start: the delay begins anew. */
  readonly steadyAfterMs: number;
}

const RESTART: RestartPolicy = { firstDelayMs: 500, delayMaxMs: 30_000, steadyAfterMs: 60_000 };

export interface SupervisionOptions {
  /** For the log. */
  readonly name: string;
  readonly start: () => Child;
  readonly onStart: (child: Child) => void;
  readonly onEnd: (code: number) => void;
  /** Asked after each end: false = it ended for a reason that another start does not change. */
  readonly mayRestart?: () => boolean;
  readonly log: Log;
  /** Monotonic milliseconds. */
  readonly monoMs: () => number;
  readonly restart?: RestartPolicy | undefined;
}

export interface Supervised {
  /** Stops it for good; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Keeps a process running.
 *
 * Waits 0.5 s, 1 s … 30 s between starts, so that one that falls over at once does not become a loop
 * that eats the machine.
 */
export function keepRunning(options: SupervisionOptions): Supervised {
  const { name, log } = options;
  const policy = options.restart ?? RESTART;
  let child: Child | null = null;
  let delayMs = policy.firstDelayMs;
  let timer: NodeJS.Timeout | null = null;
  let stopping = false;

  const start = (): void => {
    timer = null;
    const startedMs = options.monoMs();
    const started = options.start();
    child = started;
    log.info('process-started', { name, pid: started.pid });
    started.onOutput(childLog(name, log));
    started.onExit((code) => {
      child = null;
      options.onEnd(code);
      if (stopping || options.mayRestart?.() === false) return;
      if (options.monoMs() - startedMs >= policy.steadyAfterMs) delayMs = policy.firstDelayMs;
      log.warn('process-ended', { name, code, restartInMs: delayMs });
      timer = setTimeout(start, delayMs);
      delayMs = Math.min(delayMs * 2, policy.delayMaxMs);
    });
    options.onStart(started);
  };
  start();

  return {
    async stop() {
      stopping = true;
      if (timer !== null) clearTimeout(timer);
      if (child !== null) await stopChild(child);
    },
  };
}
