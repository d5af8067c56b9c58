import { randomInt } from 'node:crypto';
import type { DrawerLevel, PrinterStatus, PrintJobReport, PrintProblem } from '#contract/device.ts';
import type { PairingPage } from '#contract/printer-pairing.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { runJob } from './job.ts';
import { layoutReceipt, type LaidOutReceipt } from './layout.ts';
import { pairingBytes } from './pairing.ts';
import { PrinterLink } from './printer-link.ts';
import type { PrinterProfile } from './profile.ts';
import { problemOf, stateOf, UNKNOWN_CONDITION, type PrinterCondition } from './status.ts';
import type { PrinterTiming } from './timing.ts';
import { DETAIL_LENGTH_MAX, type PrinterTransport, type TransportFailure } from './transport.ts';

const WAITING_MAX = 64;
const REPORTS_MAX = 256;
const PROCESS_IDS = 36 ** 4;

interface Waiting {
  readonly jobId: string;
  /** Its bytes, made when its turn comes. */
  readonly lay: () => LaidOutReceipt | Promise<LaidOutReceipt>;
  readonly done: (report: PrintJobReport) => void;
  readonly result: Promise<PrintJobReport>;
}

/** What a queue tells. */
export interface PrintQueueEvents {
  /** Every change of a job's state. */
  onJob(report: PrintJobReport): void;
  /** The printer's state, when it changed. */
  onStatus(status: PrinterStatus): void;
}

/** What a queue prints to, and whom it tells. */
export interface PrintQueueParts {
  readonly address: string;
  readonly profile: PrinterProfile;
  readonly timing: PrinterTiming;
  readonly transport: PrinterTransport;
  readonly events: PrintQueueEvents;
}

/**
 * One printer's jobs, one after the other, and what is known of the printer.
 *
 * Repeats nothing: a job that failed before its first byte is the till's to give again, and a job whose
 * bytes went out is remembered, so that asking again cannot print it twice.
 */
export class PrintQueue {
  readonly #parts: PrintQueueParts;
  readonly #link: PrinterLink;
  readonly #closing = new AbortController();
  readonly #reports = new Map<string, PrintJobReport>();
  readonly #unproved = new Map<string, string>();
  #waiting: Waiting[] = [];
  #active: Waiting | null = null;
  #running: Promise<void> = Promise.resolve();
  #condition: PrinterCondition = UNKNOWN_CONDITION;
  #failure: TransportFailure | null = null;
  #everAnswered = false;
  #afterBreak = false;
  #processNumber = randomInt(PROCESS_IDS);
  #poll: NodeJS.Timeout | null = null;
  #told = '';
  /** Whether the printer was ever looked at: before, nothing is known. */
  #looked = false;
  #closed = false;

  constructor(parts: PrintQueueParts) {
    this.#parts = parts;
    this.#link = new PrinterLink(parts.transport, parts.timing, {
      onCondition: (condition) => {
        this.#condition = condition;
        this.#everAnswered = true;
        this.#tell();
      },
      onLateProof: (id) => this.#lateProof(id),
      onLost: (failure) => this.#lost(failure),
    });
  }

  get activeJobId(): string | null {
    return this.#active?.jobId ?? null;
  }

  /** Looks at the printer for the first time, in the background. */
  start(): void {
    this.#running = this.#look();
  }

  print(jobId: string, document: ReceiptDocument): Promise<PrintJobReport> {
    return this.#enqueue(jobId, () => layoutReceipt(document, this.#parts.profile));
  }

  /** Prints a page for pairing, as a job like any other. */
  printPairing(jobId: string, page: PairingPage): Promise<PrintJobReport> {
    return this.#enqueue(jobId, () => pairingBytes(page, this.#parts.profile));
  }

  #enqueue(jobId: string, lay: Waiting['lay']): Promise<PrintJobReport> {
    const same = [this.#active, ...this.#waiting].find((each) => each?.jobId === jobId);
    if (same !== undefined && same !== null) return same.result;
    const before = this.#reports.get(jobId);
    if (before !== undefined && before.sentBytes > 0) return Promise.resolve(before);
    if (this.#closed)
      return Promise.resolve(this.#unsent(jobId, 'cancelled', null, 'the device process stops'));
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.resolve(
        this.#unsent(jobId, 'failed', 'busy', `${WAITING_MAX} jobs are waiting`),
      );
    }
    const { promise: result, resolve: done } = Promise.withResolvers<PrintJobReport>();
    this.#waiting.push({ jobId, lay, done, result });
    this.#unsent(jobId, 'queued', null, '');
    this.#running = this.#running.then(() => this.#next());
    return result;
  }

  /**
   * Sends bytes that print nothing (a customer display behind the printer) between two jobs, never
   * inside one. False when they did not go out.
   */
  aside(bytes: Uint8Array): Promise<boolean> {
    const sent = this.#running.then(() => this.#sendAside(bytes));
    this.#running = sent.then(() => undefined);
    return sent;
  }

  /** Asks for the drawer's contact between two jobs; null where the printer does not say. */
  drawer(): Promise<DrawerLevel | null> {
    const asked = this.#running.then(() => this.#askDrawer());
    this.#running = asked.then(() => undefined);
    return asked;
  }

  status(): PrinterStatus {
    const { address } = this.#parts;
    const failure = this.#failure;
    if (!this.#looked) return { address, state: 'offline', problem: null, detail: 'not asked yet' };
    if (this.#active !== null && failure === null) {
      return { address, state: 'printing', problem: problemOf(this.#condition), detail: '' };
    }
    if (failure !== null) {
      return { address, state: 'unreachable', problem: failure.problem, detail: failure.detail };
    }
    const detail = this.#condition.error ?? '';
    return {
      address,
      state: stateOf(this.#condition),
      problem: problemOf(this.#condition),
      detail,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#poll !== null) clearTimeout(this.#poll);
    for (const job of this.#waiting)
      job.done(this.#unsent(job.jobId, 'cancelled', null, 'the device process stops'));
    this.#waiting = [];
    const patience = setTimeout(() => this.#closing.abort(), this.#parts.timing.closeTimeoutMs);
    await this.#running;
    clearTimeout(patience);
    await this.#link.close();
  }

  async #next(): Promise<void> {
    const job = this.#waiting.shift();
    if (job === undefined) return;
    if (this.#poll !== null) clearTimeout(this.#poll);
    this.#active = job;
    this.#tell();
    const report = await this.#run(job).catch((error: unknown) => this.#bug(job.jobId, error));
    this.#active = null;
    this.#tell();
    job.done(report);
    this.#lookLater();
  }

  async #run(job: Waiting): Promise<PrintJobReport> {
    const { profile, timing, transport } = this.#parts;
    const receipt = await job.lay();
    const line = await this.#link.acquire();
    if (!line.ok) {
      this.#failure = line.error;
      return this.#unsent(job.jobId, 'failed', line.error.problem, line.error.detail);
    }
    this.#failure = null;
    const processId = this.#nextProcessId();
    const report = await runJob(
      {
        jobId: job.jobId,
        receipt,
        profile,
        timing,
        processId,
        mustAnswer: this.#mustAnswer(),
        afterBreak: this.#afterBreak,
        transport,
        closing: this.#closing.signal,
        report: (each) => this.#record(each),
      },
      line.value,
    );
    this.#afterBreak = brokeOff(report, this.#afterBreak);
    this.#failure = this.#failureAfter(report, line.value.lost);
    if (report.state === 'unconfirmed') this.#remember(processId, job.jobId);
    if (needsNewLine(report)) await this.#link.drop();
    const mending = report.state === 'unconfirmed' && problemOf(this.#condition) !== null;
    this.#link.release(mending ? timing.recoveryTimeoutMs : timing.lingerMs);
    return report;
  }

  async #sendAside(bytes: Uint8Array): Promise<boolean> {
    const { timing } = this.#parts;
    if (this.#closed) return false;
    const line = await this.#link.acquire();
    if (!line.ok) return false;
    const patience = setTimeout(() => line.value.connection.abort(), timing.statusTimeoutMs);
    const sent = await line.value.connection.send(bytes);
    clearTimeout(patience);
    this.#link.release(timing.lingerMs);
    return sent.ok;
  }

  async #askDrawer(): Promise<DrawerLevel | null> {
    const { timing, profile } = this.#parts;
    if (this.#closed || profile.status === 'none') return null;
    const line = await this.#link.acquire();
    if (!line.ok) return null;
    const level = await line.value.askDrawer(timing.statusTimeoutMs);
    this.#link.release(timing.lingerMs);
    return level;
  }

  /** Asks an idle printer how it is, and comes back later. */
  async #look(): Promise<void> {
    const { timing, profile } = this.#parts;
    if (this.#closed) return;
    const line = await this.#link.acquire();
    this.#looked = true;
    this.#failure = line.ok ? null : line.error;
    if (line.ok) {
      const answered = profile.status !== 'none' && (await line.value.ask(timing.statusTimeoutMs));
      const silent = !answered && this.#mustAnswer();
      if (silent) {
        this.#failure = line.value.lost ?? { problem: 'no-answer', detail: 'no status in time' };
        await this.#link.drop();
      }
      this.#link.release(0);
    }
    this.#tell();
    this.#lookLater();
  }

  #lookLater(): void {
    const { timing } = this.#parts;
    const well = this.#failure === null && problemOf(this.#condition) === null;
    const waitMs = well ? timing.idlePollMs : timing.troublePollMs;
    if (this.#poll !== null) clearTimeout(this.#poll);
    if (this.#closed || waitMs === 0 || this.#waiting.length > 0) return;
    this.#poll = setTimeout(() => (this.#running = this.#running.then(() => this.#look())), waitMs);
  }

  /** A kept line that goes while no job runs was pulled out or switched off. */
  #lost(failure: TransportFailure): void {
    if (this.#closed || this.#active !== null || !this.#parts.transport.keepsOpen) return;
    this.#failure = failure;
    this.#tell();
    this.#lookLater();
  }

  /** Whether silence of this printer is a fault: its maker says it answers, or it has. */
  #mustAnswer(): boolean {
    const { status } = this.#parts.profile;
    return status === 'answers' || (status === 'unknown' && this.#everAnswered);
  }

  #failureAfter(report: PrintJobReport, lost: TransportFailure | null): TransportFailure | null {
    if (report.state === 'confirmed') return null;
    if (lost !== null) return lost;
    const { problem, detail } = report;
    if (problem === 'connection-lost') return { problem, detail };
    return problem === 'no-answer' && this.#mustAnswer() ? { problem, detail } : null;
  }

  /** What must not happen: said to the till instead of taking the next jobs with it. */
  #bug(jobId: string, error: unknown): PrintJobReport {
    const detail = (error instanceof Error ? error.message : String(error)).slice(
      0,
      DETAIL_LENGTH_MAX,
    );
    const before = this.#reports.get(jobId);
    if (before === undefined) return this.#unsent(jobId, 'failed', 'printer-error', detail);
    const report: PrintJobReport = { ...before, state: 'failed', problem: 'printer-error', detail };
    this.#record(report);
    return report;
  }

  #lateProof(id: string): void {
    const jobId = this.#unproved.get(id);
    const report = jobId === undefined ? undefined : this.#reports.get(jobId);
    if (report?.state !== 'unconfirmed') return;
    this.#unproved.delete(id);
    this.#record({
      ...report,
      state: 'confirmed',
      problem: null,
      detail: 'the proof of print came late',
    });
  }

  #remember(processId: string, jobId: string): void {
    this.#unproved.set(processId, jobId);
    forgetOldest(this.#unproved);
  }

  #unsent(
    jobId: string,
    state: 'queued' | 'failed' | 'cancelled',
    problem: PrintProblem | null,
    detail: string,
  ): PrintJobReport {
    const report: PrintJobReport = {
      jobId,
      state,
      sentBytes: 0,
      totalBytes: 0,
      problem,
      detail: detail.slice(0, DETAIL_LENGTH_MAX),
    };
    this.#record(report);
    return report;
  }

  #record(report: PrintJobReport): void {
    this.#reports.delete(report.jobId);
    this.#reports.set(report.jobId, report);
    forgetOldest(this.#reports);
    this.#parts.events.onJob(report);
  }

  #tell(): void {
    const status = this.status();
    const now = JSON.stringify(status);
    if (now === this.#told) return;
    this.#told = now;
    this.#parts.events.onStatus(status);
  }

  #nextProcessId(): string {
    this.#processNumber = (this.#processNumber + 1) % PROCESS_IDS;
    return this.#processNumber.toString(36).toUpperCase().padStart(4, '0');
  }
}

/** Whether the line is of no more use: what it carried is broken, or nothing comes back on it. */
function needsNewLine(report: PrintJobReport): boolean {
  return report.state === 'failed' && (report.sentBytes > 0 || report.problem === 'no-answer');
}

/** Whether half a receipt may sit in the printer after this job. */
function brokeOff(report: PrintJobReport, before: boolean): boolean {
  if (report.state === 'failed') return report.sentBytes > 0 || before;
  return report.state === 'unconfirmed' && report.problem === 'connection-lost';
}

function forgetOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next();
  if (map.size > REPORTS_MAX && oldest.done !== true) map.delete(oldest.value);
}
