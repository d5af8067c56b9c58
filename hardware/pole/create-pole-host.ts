import type { PoleLine, PoleStatus } from '#contract/device.ts';
import { parsePrinterAddress } from '#hardware/printer/address.ts';
import { serialTransport } from '#hardware/printer/serial.ts';
import {
  DETAIL_LENGTH_MAX,
  type PrinterConnection,
  type PrinterTransport,
  type TransportFailure,
} from '#hardware/printer/transport.ts';
import { wherever } from '#hardware/printer/wherever.ts';
import { poleCommands } from './pole-commands.ts';
import { DEFAULT_POLE_PROFILE, poleProfileById, type PoleProfile } from './pole-profile.ts';
import { poleLineBytes } from './pole-text.ts';

/** What is to be seen. */
export interface PoleText {
  readonly upper: PoleLine;
  readonly lower: PoleLine;
}

/** All waiting of the pole display, so that tests can shorten it. */
export interface PoleTiming {
  /** Waits between tries to reach it, one after the other; the last one repeats. */
  readonly retryDelaysMs: readonly number[];
  /** How long it may take its forty characters. */
  readonly sendTimeoutMs: number;
}

const DEFAULT_TIMING: PoleTiming = {
  retryDelaysMs: [500, 1_000, 2_000, 5_000],
  sendTimeoutMs: 2_000,
};

export interface PoleHostOptions {
  /** `none`, `serial:PATH`, `serial:PATH?baud=19200`, or `printer` for one behind the printer. */
  readonly address: string;
  /** Id of a profile; CD5220 in ASCII when left out. */
  readonly profile?: string;
  /** Which device was chosen, by its serial number. */
  readonly identity?: string | null;
  readonly timing?: PoleTiming;
  /** Sends bytes through the printer between two jobs; false when they did not go out. */
  readonly throughPrinter: (bytes: Uint8Array) => Promise<boolean>;
}

/** The customer's pole display of this till. */
export interface PoleHost {
  /** Shows a text now, or as soon as the display is there; only the last one counts. */
  show(text: PoleText): void;
  status(): PoleStatus;
  /** Lets go of the line, leaves no timer. May be called again. */
  close(): Promise<void>;
}

/**
 * Makes the pole display of an address. Returns at once and connects in the background.
 *
 * A display says nothing back, so all that can be known is whether its line is there. It never holds
 * up a sale: nothing waits for it, and no text is queued behind another.
 */
export function createPoleHost(
  options: PoleHostOptions,
  onStatus: (status: PoleStatus) => void,
): PoleHost {
  const profile =
    options.profile === undefined ? DEFAULT_POLE_PROFILE : poleProfileById(options.profile);
  const { address } = options;
  if (profile === null)
    return absentPole(address, `no pole display profile is called "${options.profile}"`);
  if (address === 'none') return absentPole(address, null);
  const timing = options.timing ?? DEFAULT_TIMING;
  if (address === 'printer') {
    return new Pole(address, profile, timing, throughPrinter(options.throughPrinter), onStatus);
  }
  const parsed = parsePrinterAddress(address);
  if (!parsed.ok || parsed.value.kind !== 'serial')
    return absentPole(address, 'a pole display is at serial:PATH or printer');
  const { path, baudRate } = parsed.value;
  const { serial } = profile;
  const settings = { baudRate: baudRate ?? serial.baudRate, flow: serial.flow };
  const transport = wherever('serial', path, options.identity ?? null, (at) =>
    serialTransport({ ...settings, path: at }),
  );
  return new Pole(address, profile, timing, transport, onStatus);
}

/** A line that lends the printer's: each text is one piece, framed by the choice of the device. */
function throughPrinter(send: PoleHostOptions['throughPrinter']): PrinterTransport {
  const never = new Promise<TransportFailure>(() => undefined);
  const connection: PrinterConnection = {
    ended: never,
    onBytes: () => undefined,
    async send(bytes) {
      const framed = [poleCommands.selectDisplay(), bytes, poleCommands.selectPrinter()];
      const sent = await send(Buffer.concat(framed));
      if (sent) return { ok: true, value: null };
      const detail = 'the printer it is behind cannot be reached';
      return { ok: false, error: { problem: 'unreachable', detail, acceptedBytes: 0 } };
    },
    close: () => Promise.resolve(),
    abort: () => undefined,
  };
  return {
    keepsOpen: true,
    chunkBytes: 4_096,
    open: () => Promise.resolve({ ok: true, value: connection }),
  };
}

class Pole implements PoleHost {
  readonly #address: string;
  readonly #profile: PoleProfile;
  readonly #timing: PoleTiming;
  readonly #transport: PrinterTransport;
  readonly #onStatus: (status: PoleStatus) => void;
  #status: PoleStatus;
  #connection: PrinterConnection | null = null;
  #wanted: PoleText | null = null;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #isClosed = false;

  constructor(
    address: string,
    profile: PoleProfile,
    timing: PoleTiming,
    transport: PrinterTransport,
    onStatus: (status: PoleStatus) => void,
  ) {
    this.#address = address;
    this.#profile = profile;
    this.#timing = timing;
    this.#transport = transport;
    this.#onStatus = onStatus;
    this.#status = { address, state: 'searching', problem: null, detail: '' };
    this.#start();
  }

  show(text: PoleText): void {
    this.#wanted = text;
    if (this.#connection !== null) this.#start();
  }

  status(): PoleStatus {
    return this.#status;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#working;
    await this.#connection?.close(this.#timing.sendTimeoutMs);
    this.#connection = null;
  }

  /** One worker at a time; what comes meanwhile it sees itself. */
  #start(): void {
    if (this.#isWorking || this.#isClosed) return;
    this.#isWorking = true;
    this.#working = this.#work().finally(() => (this.#isWorking = false));
  }

  async #work(): Promise<void> {
    if (this.#connection === null && !(await this.#open())) return;
    for (;;) {
      const [text, connection] = [this.#wanted, this.#connection];
      if (text === null || connection === null || this.#isClosed) return;
      this.#wanted = null;
      const failure = await this.#send(connection, this.#bytesOf(text));
      if (failure === null) this.#tell('ready', null, '');
      else {
        this.#wanted ??= text;
        this.#lose(connection, failure);
      }
    }
  }

  async #open(): Promise<boolean> {
    const opened = await this.#transport.open();
    if (!opened.ok) {
      this.#retry('unavailable', opened.error);
      return false;
    }
    const connection = opened.value;
    this.#connection = connection;
    void connection.ended.then((failure) => this.#lose(connection, failure));
    const failure = await this.#send(connection, poleCommands.initialize());
    if (failure !== null) {
      this.#lose(connection, failure);
      return false;
    }
    this.#failures = 0;
    this.#tell('ready', null, '');
    return true;
  }

  #bytesOf({ upper, lower }: PoleText): Buffer {
    const { page } = this.#profile;
    const name = page?.name ?? null;
    return Buffer.concat([
      ...(page === null ? [] : [poleCommands.selectCodePage(page.number)]),
      poleCommands.line(1, poleLineBytes(upper, name)),
      poleCommands.line(2, poleLineBytes(lower, name)),
    ]);
  }

  /** Null when all was taken; a display that holds its line up is let go of. */
  async #send(connection: PrinterConnection, bytes: Buffer): Promise<TransportFailure | null> {
    const patience = setTimeout(() => connection.abort(), this.#timing.sendTimeoutMs);
    const sent = await connection.send(bytes);
    clearTimeout(patience);
    return sent.ok ? null : sent.error;
  }

  #lose(connection: PrinterConnection, failure: TransportFailure): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    connection.abort();
    this.#retry('unplugged', failure);
  }

  #retry(state: 'unavailable' | 'unplugged', failure: TransportFailure): void {
    if (this.#isClosed) return;
    const { problem, detail } = failure;
    const isNamed = problem === 'permission' || problem === 'busy';
    this.#tell(state, isNamed ? problem : 'not-found', detail);
    const delays = this.#timing.retryDelaysMs;
    const delayMs = delays[Math.min(this.#failures, delays.length - 1)] ?? 1_000;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), delayMs);
  }

  #tell(state: PoleStatus['state'], problem: PoleStatus['problem'], detail: string): void {
    const status = { address: this.#address, state, problem, detail };
    const isSame = JSON.stringify(status) === JSON.stringify(this.#status);
    this.#status = status;
    if (!isSame) this.#onStatus(status);
  }
}

/** No display, or an address nobody can follow: it says so and shows nothing. */
function absentPole(address: string, wrong: string | null): PoleHost {
  const status: PoleStatus = {
    address: address.slice(0, 200),
    state: wrong === null ? 'none' : 'unavailable',
    problem: wrong === null ? null : 'error',
    detail: (wrong ?? '').slice(0, DETAIL_LENGTH_MAX),
  };
  return { show: () => undefined, status: () => status, close: () => Promise.resolve() };
}
