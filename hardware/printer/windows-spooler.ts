import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { PrintProblem } from '#contract/device.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import {
  DETAIL_LENGTH_MAX,
  type PrinterConnection,
  type PrinterTransport,
  type SendResult,
  type TransportFailure,
} from './transport.ts';
import { spoolerCommand } from './windows-spooler-script.ts';

/** Windows' own numbers for what goes wrong. Source: winerror.h. */
const PROBLEMS: Readonly<Record<string, PrintProblem>> = {
  '5': 'permission',
  '1722': 'unreachable',
  '1801': 'unreachable',
  '3012': 'unreachable',
  '170': 'busy',
};
/** The first answer waits for PowerShell to start and to compile. */
const OPEN_TIMEOUT_MS = 15_000;

/**
 * Printing through Windows' spooler, as raw bytes, to a printer by its Windows name.
 *
 * The spooler takes everything and tells nothing back, so its jobs end as `sent`: the profile used with
 * it must not expect status or proof. It prints when the document ends, so the line ends with the job.
 * Not tried on Windows; the exchange with the helper is tested against a helper of the tests' own.
 */
export function windowsSpoolerTransport(
  printerName: string,
  command: readonly [program: string, ...args: readonly string[]] = spoolerCommand(
    process.env['SystemRoot'] ?? 'C:\\Windows',
  ),
): PrinterTransport {
  const helper = new SpoolerHelper(command);
  return {
    keepsOpen: false,
    printsAtEnd: true,
    chunkBytes: 8_192,
    async open() {
      const name = Buffer.from(printerName, 'utf8').toString('base64');
      const opened = await helper.ask(`OPEN ${name}`, OPEN_TIMEOUT_MS);
      return opened.ok ? ok(new SpoolerConnection(helper)) : opened;
    },
  };
}

type Answer = Result<null, TransportFailure>;

/** The helper process: started with the first question, kept for the next, gone with this process. */
class SpoolerHelper {
  readonly #command: readonly [program: string, ...args: readonly string[]];
  #child: ChildProcessWithoutNullStreams | null = null;
  #waiting: ((answer: Answer) => void) | null = null;

  constructor(command: readonly [program: string, ...args: readonly string[]]) {
    this.#command = command;
  }

  /** One question at a time. Without `timeoutMs` it may stay open: the caller sets the limit. */
  ask(line: string, timeoutMs?: number): Promise<Answer> {
    if (this.#waiting !== null)
      return Promise.resolve(failed('busy', 'the spooler is still busy with the job before'));
    return new Promise((resolve) => {
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => this.kill(`no answer from the spooler in ${timeoutMs} ms`), timeoutMs);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        this.#waiting = null;
        this.#child?.unref();
        resolve(answer);
      };
      const child = this.#start();
      child.ref();
      child.stdin.write(`${line}\n`);
    });
  }

  /** Whether a question is open: then only ending the process ends it. */
  get busy(): boolean {
    return this.#waiting !== null;
  }

  kill(why: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    this.#waiting?.(failed('connection-lost', why));
  }

  #start(): ChildProcessWithoutNullStreams {
    if (this.#child !== null) return this.#child;
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: 'pipe', windowsHide: true });
    this.#child = child;
    let said = '';
    const gone = (why: string): void => {
      if (this.#child !== child) return;
      this.#child = null;
      const detail = `${why} ${said}`.trim();
      this.#waiting?.(failed('unreachable', detail));
    };
    child.on('error', (error) => gone(error.message));
    child.on('close', (code) => gone(`the spooler's helper ended with ${code ?? 'a signal'}`));
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).replaceAll(/\s+/g, ' ').slice(0, DETAIL_LENGTH_MAX);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (this.#child === child) this.#waiting?.(answerOf(line));
    });
    return child;
  }
}

class SpoolerConnection implements PrinterConnection {
  readonly ended: Promise<TransportFailure>;
  readonly #helper: SpoolerHelper;
  #failure: TransportFailure | null = null;
  #end: (failure: TransportFailure) => void = () => undefined;

  constructor(helper: SpoolerHelper) {
    this.#helper = helper;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  onBytes(): void {
    // A spooler passes nothing back.
  }

  async send(bytes: Uint8Array): Promise<SendResult> {
    if (this.#failure !== null) return err({ ...this.#failure, acceptedBytes: 0 });
    const answer = await this.#helper.ask(`DATA ${Buffer.from(bytes).toString('base64')}`);
    if (answer.ok) return answer;
    this.#lose(answer.error);
    // What a broken spooler has of the piece is unknown: as good as all of it.
    return err({ ...answer.error, acceptedBytes: bytes.length });
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#failure !== null) return;
    const answer = await this.#helper.ask('END', timeoutMs);
    this.#lose(
      answer.ok ? { problem: 'connection-lost', detail: 'the job is closed' } : answer.error,
    );
  }

  abort(): void {
    if (this.#failure !== null) return;
    const why = 'the job was broken off';
    if (this.#helper.busy) this.#helper.kill(why);
    else void this.#helper.ask('ABORT', OPEN_TIMEOUT_MS);
    this.#lose({ problem: 'connection-lost', detail: why });
  }

  #lose(failure: TransportFailure): void {
    this.#failure ??= failure;
    this.#end(this.#failure);
  }
}

function answerOf(line: string): Answer {
  if (line === 'OK') return ok(null);
  const [, code = '', words = line] = /^ERR (\d+) (.*)$/.exec(line) ?? [];
  return failed(PROBLEMS[code] ?? 'printer-error', code === '' ? words : `${words} (${code})`);
}

function failed(problem: PrintProblem, detail: string): Answer {
  return err({ problem, detail: detail.slice(0, DETAIL_LENGTH_MAX) });
}
