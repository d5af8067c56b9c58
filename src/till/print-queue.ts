import type { PrintJobReport } from '#contract/device.ts';
import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Core } from './core.ts';
import type { PrintJob, PrintProgress } from './database.ts';
import type { Devices, Timer } from './ports.ts';
import { createProgressBook, progressOf, type ProgressBook } from './print-progress.ts';
import { refusal } from './session.ts';

/** Waits between tries of a job that never reached the printer; the last one repeats. */
const RETRY_WAITS_MS: readonly number[] = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** Tries after which a job waits for a person: about half an hour. */
const RETRIES_MAX = 60;
/** Most jobs that one start finds in `sending`; more than one only where a disk was full. */
const RECOVERED_MAX = 1000;
/** Longest a job may take: a slow printer, a long receipt, and a person who changes the roll. */
const PRINT_TIMEOUT_MS = 600_000;
/** How long a stopping till waits for the paper on its way. */
const STOP_WAIT_MS = 2000;

/** Problems that pass by themselves: the printer is not there yet, or not ready. */
const PASSING = new Set<PrintJobReport['problem']>([
  'unreachable',
  'offline',
  'busy',
  'paper-out',
  'cover-open',
]);

/** The durable queue between a settled sale and its paper. */
export interface PrintQueue {
  /** There may be something to print. */
  wake(): void;
  /** The printer answers again: what waits goes out now. */
  printerReady(): void;
  note(report: PrintJobReport): void;
  /**
   * Sends the newest print of a sale now where none of its bytes left, and leaves one that is on its way
   * alone; null = it has ended, and only a copy can follow.
   */
  sendAgain(saleId: string): Result<null, Message> | null;
  /** Starts nothing more and waits a moment for the paper that is on its way. */
  stop(): Promise<void>;
}

/**
 * Prints one job after the other, in the order of the sales.
 *
 * The state `sending` is on disk before the first byte can leave. So after a crash a job found in it
 * may or may not be on paper, and is said to be unconfirmed; nobody prints it again but a person.
 * Only a job that failed before its first byte is tried again. A job begins from `queued` alone: one whose
 * end could not be written stays in `sending` until it can be, or until the next start.
 */
export function createPrintQueue(core: Core): PrintQueue {
  const { database, timer, log } = core.ports;
  let running: Promise<void> | null = null;
  let stopped = false;
  /** Somebody woke the queue while it looked for the last time: it must look once more. */
  let again = false;
  let closed = false;

  const run = (): void => {
    if (stopped || retries.waiting()) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = printAll()
      .catch((error: unknown) => log.error('print-failed', { error: String(error).slice(0, 200) }))
      .finally(() => {
        running = null;
        if (!again) return;
        again = false;
        run();
      });
  };

  const printAll = async (): Promise<void> => {
    for (;;) {
      const job = stopped ? undefined : database.read.openPrintJobs('queued', 1)[0];
      if (job === undefined) return;
      if (!(await printOne(job))) return;
    }
  };

  /** True where the next job may follow at once. */
  const printOne = async (job: PrintJob): Promise<boolean> => {
    if (!book.write(job.job, { ...progressOf(core, job), state: 'sending', problem: null }).ok) {
      retries.schedule(retries.count(job.job));
      return false;
    }
    const outcome = await printOrGiveUp(core, job);
    // Too late to be written down: the next start finds the job in `sending` and says so.
    if (closed) return false;
    if (!outcome.ok) {
      book.keep(job.job, lostOf(progressOf(core, job)));
      return true;
    }
    const report = outcome.value;
    const tried = maySendAgain(report) ? retries.count(job.job) : RETRIES_MAX + 1;
    if (tried > RETRIES_MAX) {
      retries.forget(job.job);
      book.keep(job.job, progressFrom(report));
      return true;
    }
    book.keep(job.job, { ...progressFrom(report), state: 'queued' });
    retries.schedule(tried);
    return false;
  };

  const runNow = (): void => {
    retries.cancel();
    run();
  };

  const retries = createRetries(timer, run);
  const book = createProgressBook(core, run);
  recoverSending(core, book);
  return {
    wake: run,
    printerReady: runNow,
    note(report) {
      const job = database.read.printJob(report.jobId);
      if (job?.state !== 'sending' || report.state === 'queued' || isLast(report)) return;
      if (report.state !== job.state) book.show(report.jobId, progressFrom(report));
    },
    sendAgain(saleId) {
      const [newest] = database.read.printJobsOf(saleId);
      if (newest === undefined) return err(refusal('no-receipt-here'));
      const progress = progressOf(core, newest);
      // Nobody knows yet how it ends; a second tap means the same paper.
      if (newest.state === 'sending' && !isLast(progress)) return ok(null);
      const untouched = progress.state === 'failed' && progress.sentBytes === 0;
      if (!untouched && progress.state !== 'queued') return null;
      const written = book.write(newest.job, { ...progress, state: 'queued', problem: null });
      if (!written.ok) return written;
      retries.forget(newest.job);
      runNow();
      return ok(null);
    },
    async stop() {
      stopped = true;
      retries.cancel();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cancel = timer.after(STOP_WAIT_MS, resolve);
      await Promise.race([running, late]);
      cancel();
      closed = true;
      book.end();
    },
  };
}

/** Counts tries and waits between them, longer each time. */
interface Retries {
  count(job: string): number;
  forget(job: string): void;
  schedule(tried: number): void;
  waiting(): boolean;
  cancel(): void;
}

function createRetries(timer: Timer, run: () => void): Retries {
  const tries = new Map<string, number>();
  let cancelWait: (() => void) | null = null;
  return {
    count(job) {
      const count = (tries.get(job) ?? 0) + 1;
      tries.set(job, count);
      return count;
    },
    forget: (job) => void tries.delete(job),
    schedule(tried) {
      const waitMs = RETRY_WAITS_MS[Math.min(tried, RETRY_WAITS_MS.length) - 1] ?? 1000;
      cancelWait = timer.after(waitMs, () => {
        cancelWait = null;
        run();
      });
    },
    waiting: () => cancelWait !== null,
    cancel() {
      cancelWait?.();
      cancelWait = null;
    },
  };
}

/** A device process that neither prints nor says so must not hold up the receipts behind. */
async function printOrGiveUp(core: Core, job: PrintJob): ReturnType<Devices['print']> {
  const { devices, timer } = core.ports;
  const { promise: late, resolve } = Promise.withResolvers<Awaited<ReturnType<Devices['print']>>>();
  const cancel = timer.after(PRINT_TIMEOUT_MS, () => resolve(err({ code: 'gone' })));
  const outcome = await Promise.race([devices.print(job.job, job.document), late]);
  cancel();
  return outcome;
}

/** What was being sent when the last process ended may or may not be on paper. */
function recoverSending(core: Core, book: ProgressBook): void {
  for (const job of core.ports.database.read.openPrintJobs('sending', RECOVERED_MAX)) {
    book.keep(job.job, lostOf(progressOf(core, job)));
  }
}

/** A job nobody can say any more whether it is on paper. */
function lostOf(progress: PrintProgress): PrintProgress {
  return { ...progress, state: 'unconfirmed', problem: 'connection-lost' };
}

/** Whether not one byte has left and the reason is one that passes. */
export function maySendAgain(report: PrintJobReport): boolean {
  return report.state === 'failed' && report.sentBytes === 0 && PASSING.has(report.problem);
}

function isLast({ state }: Pick<PrintJobReport, 'state'>): boolean {
  return state !== 'sending' && state !== 'sent';
}

function progressFrom(report: PrintJobReport): PrintProgress {
  const { state, problem, detail, sentBytes, totalBytes } = report;
  return { state, problem, detail, sentBytes, totalBytes };
}
