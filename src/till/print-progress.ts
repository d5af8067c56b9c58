import type { Message } from '#contract/till-state.ts';
import type { Result } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import type { PrintJob, PrintProgress } from './database.ts';

/** How long a state that could not be written waits for the next try. */
const WRITE_AGAIN_MS = 5000;

/** How far a job is: as this process knows it, else as the disk says. */
export function progressOf(core: Core, job: PrintJob): PrintProgress {
  const { state, problem, detail, sentBytes, totalBytes } = job;
  return core.devices.jobs.get(job.job) ?? { state, problem, detail, sentBytes, totalBytes };
}

/** Where print jobs stand, on the disk and before it. */
export interface ProgressBook {
  /** Writes a state now, or says why it could not be written. */
  write(job: string, progress: PrintProgress): Result<void, Message>;
  /** Writes a state now, else again and again; meanwhile it is shown. */
  keep(job: string, progress: PrintProgress): void;
  /** Shows a state that passes. It is not written: a job that is killed in it is still being sent. */
  show(job: string, progress: PrintProgress): void;
  /** Tries once more what could not be written, and then no more. */
  end(): void;
}

/** Keeps the states of print jobs; `onCaughtUp` is called when all that had to wait is written. */
export function createProgressBook(core: Core, onCaughtUp: () => void): ProgressBook {
  const { database, timer, log } = core.ports;
  const { jobs } = core.devices;
  /** Jobs whose state in `jobs` belongs on the disk. */
  const unwritten = new Set<string>();
  let cancelWait: (() => void) | null = null;

  const write = (job: string, progress: PrintProgress): Result<void, Message> => {
    const written = commit(
      core,
      (writes) => writes.updatePrintJob(job, progress),
      () => database.read.printJob(job)?.state === progress.state,
    );
    if (written.ok) {
      jobs.delete(job);
      unwritten.delete(job);
    } else log.error('print-state-not-saved', { job, state: progress.state });
    core.changed();
    return written;
  };

  const writeAgain = (): void => {
    cancelWait = null;
    for (const job of unwritten) {
      const progress = jobs.get(job);
      if (progress !== undefined && !write(job, progress).ok) return wait();
    }
    onCaughtUp();
  };

  const wait = (): void => {
    cancelWait ??= timer.after(WRITE_AGAIN_MS, writeAgain);
  };

  return {
    write,
    keep(job, progress) {
      if (write(job, progress).ok) return;
      unwritten.add(job);
      jobs.set(job, progress);
      core.changed();
      wait();
    },
    show(job, progress) {
      if (unwritten.has(job)) return;
      jobs.set(job, progress);
      core.changed();
    },
    end() {
      cancelWait?.();
      writeAgain();
      cancelWait?.();
    },
  };
}
