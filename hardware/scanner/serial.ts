import { access } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import type { ScannerStatus } from '#contract/device.ts';
import { detailOf, retryDelayMs } from './driver.ts';
import type { ScannerDriver, ScannerDriverEvents, ScannerTiming } from './driver.ts';
import { createSerialFramer } from './serial-framer.ts';
import { findSerialPorts } from './serial-ports.ts';
import { findAgain } from '#hardware/find-again.ts';
import { textOfBytes } from './text-of-bytes.ts';

export interface SerialScannerOptions {
  /** The address as typed, for the status. */
  readonly address: string;
  readonly path: string;
  readonly baudRate: number;
  /** Which device was chosen, where it says so: it is looked for first, whatever its path. */
  readonly identity?: string | null;
  readonly timing: ScannerTiming;
}

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * A scanner on a serial line, real or over USB (CDC-ACM).
 *
 * It opens the port, opens it again after every loss, and finds its device under another path when
 * it comes back there. Modem lines that cannot be set are no failure: many USB devices have none.
 */
export function createSerialScanner(
  options: SerialScannerOptions,
  events: ScannerDriverEvents,
): ScannerDriver {
  return new SerialScanner(options, events);
}

class SerialScanner implements ScannerDriver {
  readonly #options: SerialScannerOptions;
  readonly #events: ScannerDriverEvents;
  readonly #framer = createSerialFramer();
  #port: SerialPort | null = null;
  #status: ScannerStatus;
  #attempt = 0;
  #wasOpen = false;
  #isClosed = false;
  /** What the device said of itself when it was chosen or last open. */
  #identity: string | null;
  #retryTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(options: SerialScannerOptions, events: ScannerDriverEvents) {
    this.#options = options;
    this.#events = events;
    this.#identity = options.identity ?? null;
    this.#status = this.#statusOf('searching', null, '');
  }

  start(): void {
    void this.#open();
  }

  status(): ScannerStatus {
    return this.#status;
  }

  beep(): void {
    // A serial line has no agreed command for a beep.
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    const port = this.#port;
    this.#port = null;
    if (port !== null) await closePort(port);
  }

  async #open(): Promise<void> {
    const path = await this.#findPath();
    if (this.#isClosed) return;
    if (path === null) {
      if (this.#wasOpen)
        this.#retry(this.#statusOf('unplugged', null, 'plug the scanner in again'));
      else
        this.#retry(
          this.#statusOf(
            'unavailable',
            'not-found',
            `nothing is connected at ${this.#options.path}`,
          ),
        );
      return;
    }
    try {
      const { SerialPort } = await import('serialport');
      if (this.#isClosed) return;
      const port = new SerialPort({ path, baudRate: this.#options.baudRate, autoOpen: false });
      this.#port = port;
      this.#listen(port);
      port.open((error) => {
        if (error !== null) this.#lose(port, refusal(error), refusalDetail(error, path));
        else this.#opened(port, path);
      });
    } catch (error) {
      this.#retry(this.#statusOf('unavailable', 'error', detailOf(error)));
    }
  }

  #listen(port: SerialPort): void {
    port.on('data', (chunk: Buffer) => {
      if (this.#port === port) this.#receive(chunk);
    });
    // Without a listener an error event would end the process.
    port.on('error', (error) => {
      if (!port.isOpen && !port.opening) this.#lose(port, 'error', detailOf(error));
    });
    port.on('close', () => this.#lose(port, null, 'plug the scanner in again'));
  }

  #opened(port: SerialPort, path: string): void {
    if (this.#isClosed || this.#port !== port) {
      void closePort(port);
      return;
    }
    this.#attempt = 0;
    this.#wasOpen = true;
    this.#tell(this.#statusOf('ready', null, path === this.#options.path ? '' : `now at ${path}`));
    // Fails on devices without modem lines (node-serialport#2777); the scanner works all the same.
    port.set({ dtr: true, rts: true }, () => undefined);
    void this.#remember(path);
  }

  async #remember(path: string): Promise<void> {
    const found = (await findSerialPorts()).find((port) => port.path === path);
    if (found?.identity !== undefined) this.#identity = found.identity;
  }

  /** The configured path, or where the same device is now. */
  async #findPath(): Promise<string | null> {
    const { path, identity } = this.#options;
    if (identity !== undefined && identity !== null) return findAgain('serial', path, identity);
    if (process.platform === 'win32' || (await exists(path))) return path;
    return this.#identity === null ? null : findAgain('serial', path, this.#identity);
  }

  #receive(chunk: Uint8Array): void {
    for (const frame of this.#framer.push(chunk)) this.#read(frame);
    this.#watchSilence();
  }

  #watchSilence(): void {
    clearTimeout(this.#silenceTimer);
    if (!this.#framer.isOpen()) return;
    const { frameSilenceMs } = this.#options.timing;
    const dueMs = performance.now() + frameSilenceMs;
    this.#silenceTimer = setTimeout(() => {
      // This process was busy, not the line silent: what came meanwhile has yet to be read.
      if (performance.now() - dueMs > frameSilenceMs / 4) {
        this.#watchSilence();
        return;
      }
      const ended = this.#framer.flush();
      if (ended !== null) this.#read(ended.frame);
    }, frameSilenceMs);
  }

  #read(frame: Uint8Array | null): void {
    const device = `serial:${this.#options.path}`;
    this.#events.onRead({ text: frame === null ? null : textOfBytes(frame), device });
  }

  /** The port is gone or would not open. Half a code that was coming in is dropped. */
  #lose(port: SerialPort, problem: ScannerStatus['problem'], detail: string): void {
    if (this.#isClosed || this.#port !== port) return;
    this.#port = null;
    clearTimeout(this.#silenceTimer);
    this.#framer.reset();
    this.#retry(this.#statusOf(problem === null ? 'unplugged' : 'unavailable', problem, detail));
  }

  #retry(status: ScannerStatus): void {
    if (this.#isClosed) return;
    this.#tell(status);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(
      () => void this.#open(),
      retryDelayMs(this.#options.timing, this.#attempt),
    );
    this.#attempt += 1;
  }

  #tell(status: ScannerStatus): void {
    this.#status = status;
    this.#events.onStatus(status);
  }

  #statusOf(
    state: ScannerStatus['state'],
    problem: ScannerStatus['problem'],
    detail: string,
  ): ScannerStatus {
    return { source: 'serial', address: this.#options.address, state, problem, detail };
  }
}

/** Why a port would not open. serialport passes the operating system's words through. */
function refusal(error: Error): ScannerStatus['problem'] {
  if (/permission denied|access denied/i.test(error.message)) return 'permission';
  if (/cannot lock|busy|temporarily unavailable/i.test(error.message)) return 'busy';
  if (/no such file|file not found|no such device/i.test(error.message)) return 'not-found';
  return 'error';
}

function refusalDetail(error: Error, path: string): string {
  if (refusal(error) !== 'permission') return detailOf(error);
  return `no permission for ${path}: run "sudo usermod -a -G dialout $USER" and log in again`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function closePort(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (port.isOpen) port.close(done);
    else if (port.opening) port.once('open', () => port.close(done)).once('error', done);
    else done();
  });
}
