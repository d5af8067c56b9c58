import type { PrintJobReport, PrintJobState, PrintProblem } from '#contract/device.ts';
import { commands } from '#hardware/escpos/commands.ts';
import type { Conversation } from './conversation.ts';
import type { LaidOutReceipt } from './layout.ts';
import type { PrinterProfile } from './profile.ts';
import { problemOf } from './status.ts';
import type { PrinterTiming } from './timing.ts';
import { DETAIL_LENGTH_MAX, type PrinterTransport, type SendResult } from './transport.ts';

/** One receipt on its way to one printer. */
export interface PrintJob {
  readonly jobId: string;
  readonly receipt: LaidOutReceipt;
  readonly profile: PrinterProfile;
  readonly timing: PrinterTiming;
  /** Four characters, never those of another job in memory. */
  readonly processId: string;
  /** Whether this printer is known to answer, so that silence means it cannot print. */
  readonly mustAnswer: boolean;
  /** Whether the job before broke off, so that half a receipt may sit in the machine. */
  readonly afterBreak: boolean;
  readonly transport: PrinterTransport;
  /** Aborted when the device process stops. */
  readonly closing: AbortSignal;
  /** Every change of state, as it happens; the last one is also the result. */
  report(report: PrintJobReport): void;
}

type Proof = 'process-id' | 'in-turn' | 'none' | 'deaf';

/**
 * Prints one receipt and says the truth about it.
 *
 * Before the first byte the printer is asked whether it can print: what fails there has sent nothing
 * and may be tried again. After the first byte nothing is ever repeated; the end is `confirmed` only by
 * the printer's own word.
 */
export async function runJob(job: PrintJob, conversation: Conversation): Promise<PrintJobReport> {
  const run = new JobRun(job, conversation);
  return run.run();
}

class JobRun {
  readonly #job: PrintJob;
  readonly #conversation: Conversation;
  #bytes: Buffer = Buffer.alloc(0);
  #sentBytes = 0;

  constructor(job: PrintJob, conversation: Conversation) {
    this.#job = job;
    this.#conversation = conversation;
  }

  async run(): Promise<PrintJobReport> {
    const { profile, timing } = this.#job;
    const answered =
      profile.status !== 'none' && (await this.#conversation.ask(timing.statusTimeoutMs));
    const proof: Proof = profile.status !== 'none' && !answered ? 'deaf' : profile.proof;
    this.#bytes = this.#allBytes(answered, proof);
    const refusal = this.#refusal(answered);
    if (refusal !== null) return this.#end('failed', refusal.problem, refusal.detail);
    this.#say('sending', null, '');
    const proved = this.#conversation.proof(proof === 'process-id' ? this.#job.processId : null);
    const failure = await this.#send();
    if (failure === null) this.#say('sent', null, '');
    const report = failure ?? (await this.#prove(proof, proved));
    this.#conversation.forgetProof();
    return report;
  }

  /** Why nothing should be sent: all that is known before the first byte. */
  #refusal(answered: boolean): { readonly problem: PrintProblem; readonly detail: string } | null {
    const { lost, heard, condition } = this.#conversation;
    if (lost !== null) {
      const busy = !this.#job.transport.keepsOpen && !heard;
      return busy ? { problem: 'busy', detail: `${lost.detail} before the first byte` } : lost;
    }
    if (this.#job.profile.status === 'none') return null;
    if (!answered) {
      const silent = `no status in ${this.#job.timing.statusTimeoutMs} ms`;
      return this.#job.mustAnswer ? { problem: 'no-answer', detail: silent } : null;
    }
    const problem = problemOf(condition);
    return problem === null
      ? null
      : { problem, detail: condition.error ?? 'as the printer said before the job' };
  }

  /** The document between what the machine must know before and what proves it after. */
  #allBytes(answered: boolean, proof: Proof): Buffer {
    const { receipt, processId, afterBreak, profile } = this.#job;
    const parts: Buffer[] = [];
    if (afterBreak) parts.push(CLEAR_BUFFERS, END_OF_HALF_LINE);
    if (afterBreak && profile.cutter !== 'none')
      parts.push(commands.cutAfterFeed(profile.cutter === 'partial'));
    if (answered) parts.push(commands.automaticStatus(0x0e));
    parts.push(receipt.bytes);
    if (proof === 'process-id') parts.push(commands.requestProcessId(processId));
    if (proof === 'in-turn') parts.push(commands.requestPaperInTurn());
    return Buffer.concat(parts);
  }

  async #send(): Promise<PrintJobReport | null> {
    const { chunkBytes } = this.#job.transport;
    for (let at = 0; at < this.#bytes.length; at += chunkBytes) {
      const chunk = this.#bytes.subarray(at, at + chunkBytes);
      this.#sentBytes = at + chunk.length;
      const sent = await this.#sendChunk(chunk);
      if (sent.ok) continue;
      this.#sentBytes = at + sent.error.acceptedBytes;
      return this.#end('failed', sent.error.problem, sent.error.detail);
    }
    return null;
  }

  /** One chunk, with a limit: longer when the printer has said what a person must mend. */
  async #sendChunk(chunk: Buffer): Promise<SendResult> {
    const { timing, closing } = this.#job;
    const sending = this.#conversation.connection.send(chunk);
    const result = await this.#waitFor(sending, timing.stallTimeoutMs, 'sending');
    if (result !== 'timeout') return result;
    const stopped = closing.aborted;
    const problem = stopped
      ? 'connection-lost'
      : (problemOf(this.#conversation.condition) ?? 'no-answer');
    const detail = stopped ? STOPPED : `nothing taken after byte ${this.#sentBytes - chunk.length}`;
    this.#conversation.connection.abort();
    return { ok: false, error: { problem, detail, acceptedBytes: chunk.length } };
  }

  async #prove(proof: Proof, proved: Promise<'proved'>): Promise<PrintJobReport> {
    if (proof === 'none') return this.#end('sent', null, 'this printer cannot confirm');
    if (proof === 'deaf') {
      return this.#end(
        'unconfirmed',
        'no-answer',
        'the printer answers nothing, so nothing is known',
      );
    }
    const { timing, closing } = this.#job;
    const gone = this.#conversation.connection.ended.then(() => 'lost' as const);
    const result = await this.#waitFor(Promise.race([proved, gone]), timing.proofTimeoutMs, 'sent');
    this.#conversation.forgetProof();
    if (result === 'proved') return this.#end('confirmed', null, '');
    const problem = problemOf(this.#conversation.condition);
    if (result === 'lost') {
      const detail = this.#conversation.lost?.detail ?? 'the line is gone';
      return this.#end(
        'unconfirmed',
        problem ?? 'connection-lost',
        `${detail} before the proof of print`,
      );
    }
    if (closing.aborted) return this.#end('unconfirmed', 'connection-lost', STOPPED);
    return this.#end('unconfirmed', problem ?? 'no-answer', 'no proof of print came');
  }

  /**
   * Waits for `done`, at most `timeoutMs`; while the printer says that a person must help, up to the
   * recovery limit, reporting what is wrong. Ends early when the device process stops.
   */
  async #waitFor<Value>(
    done: Promise<Value>,
    timeoutMs: number,
    state: PrintJobState,
  ): Promise<Value | 'timeout'> {
    const { timing, closing, profile } = this.#job;
    let sinceMs = performance.now();
    let said: PrintProblem | null = null;
    for (;;) {
      const problem = problemOf(this.#conversation.condition);
      if (problem !== said) {
        this.#say(state, problem, '');
        sinceMs = performance.now();
      }
      said = problem;
      const limitMs = problem === null ? timeoutMs : timing.recoveryTimeoutMs;
      const leftMs = limitMs - (performance.now() - sinceMs);
      if (leftMs <= 0 || closing.aborted) return 'timeout';
      const result = await settledWithin(done, Math.min(timing.waitPollMs, leftMs), closing);
      if (result !== 'timeout') return result;
      const asks = profile.status !== 'none' && this.#conversation.heard && state === 'sent';
      if (asks) await this.#conversation.ask(Math.min(timing.statusTimeoutMs, leftMs));
    }
  }

  #end(state: PrintJobState, problem: PrintProblem | null, detail: string): PrintJobReport {
    const { lacking } = this.#job.receipt;
    const printed = problem === null && (state === 'confirmed' || state === 'sent');
    if (!printed || lacking.length === 0) return this.#say(state, problem, detail);
    return this.#say(state, 'cannot-print-character', `printed another way: ${lacking.join(', ')}`);
  }

  #say(state: PrintJobState, problem: PrintProblem | null, detail: string): PrintJobReport {
    const report: PrintJobReport = {
      jobId: this.#job.jobId,
      state,
      sentBytes: this.#sentBytes,
      totalBytes: this.#bytes.length,
      problem,
      detail: detail.slice(0, DETAIL_LENGTH_MAX),
    };
    this.#job.report(report);
    return report;
  }
}

/** DLE DC4 8: forget what is in the buffers; printers without it see control bytes that print nothing. */
const CLEAR_BUFFERS = Buffer.from([0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8]);
const STOPPED = 'the device process stopped';
const END_OF_HALF_LINE = Buffer.from([0x0a]);

/** The value, or `timeout` after `timeoutMs` or when the signal comes. Leaves no timer behind. */
async function settledWithin<Value>(
  done: Promise<Value>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Value | 'timeout'> {
  let stop: () => void = () => undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const aborted = (): void => resolve('timeout');
    signal.addEventListener('abort', aborted);
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    };
  });
  const result = await Promise.race([done, timeout]);
  stop();
  return result;
}
