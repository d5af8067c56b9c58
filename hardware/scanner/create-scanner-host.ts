import type { ScannerAffixes, ScannerLesson, ScannerStatus } from '#contract/device.ts';
import type { ScannedCode, ScanSource } from '#scan/code.ts';
import { decodeScan } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import type { ScanSettings } from '#scan/settings.ts';
import { parseScannerAddress } from './address.ts';
import { defaultScannerTiming, detailOf, retryDelayMs } from './driver.ts';
import type { ScannerDriver, ScannerDriverEvents, ScannerRead, ScannerTiming } from './driver.ts';
import type { HidLibrary } from './hid-library.ts';
import { createHidScanner } from './hid.ts';
import { createReadLimiter } from './read-limiter.ts';
import { createScannerSchool } from './scanner-school.ts';
import type { ScannerSchool } from './scanner-school.ts';
import { createSerialScanner } from './serial.ts';

export interface ScannerHostOptions {
  /** As typed: `serial:PATH`, `hid`, `keyboard`, `none`. */
  readonly addresses: readonly string[];
  readonly settings?: ScanSettings;
  /** Which device was chosen at an address, by its serial number. */
  readonly identities?: ReadonlyMap<string, string>;
  /** What was learned before about single scanners. */
  readonly affixes?: readonly ScannerAffixes[];
  readonly timing?: ScannerTiming;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly loadHidLibrary?: () => Promise<HidLibrary>;
}

export interface ScannerHostEvents {
  /** A decoded code. What the device sent is not in it when it was a payment card. */
  onScan(scan: {
    readonly code: ScannedCode;
    readonly source: ScanSource;
    readonly device: string;
  }): void;
  /** Only when it changed. */
  onStatus(status: ScannerStatus): void;
}

/** All scanners of the device process. */
export interface ScannerHost {
  statuses(): readonly ScannerStatus[];
  beep(kind: 'good' | 'error'): void;
  /** Takes the next scan, of any scanner, as the calibration QR. A second call ends the first. */
  learn(timeoutMs: number): Promise<ScannerLesson>;
  /** Starts every driver anew, after something in one of them fell over. */
  restart(detail: string): void;
  close(): Promise<void>;
}

const ADDRESSES_MAX = 16;
/** This long after the last read that was left out, the scanner counts as well again. */
const FLOOD_OVER_MS = 5_000;

/**
 * Runs the scanners of all addresses and decodes what they send, here and nowhere further on: what
 * leaves this function is a `ScannedCode`.
 *
 * A driver that throws becomes a status and is started again; the others do not notice.
 */
export function createScannerHost(
  options: ScannerHostOptions,
  events: ScannerHostEvents,
): ScannerHost {
  const addresses = [...new Set(options.addresses)].filter((address) => address !== 'none');
  const school = createScannerSchool(
    options.settings ?? defaultScanSettings,
    options.affixes ?? [],
  );
  const slots = addresses
    .slice(0, ADDRESSES_MAX)
    .map((address) => new ScannerSlot(address, options, events, school));
  return {
    statuses: () => slots.map((slot) => slot.status()),
    beep(kind) {
      for (const slot of slots) slot.beep(kind);
    },
    restart(detail) {
      for (const slot of slots) slot.fail(detail);
    },
    learn: (timeoutMs) => school.learn(timeoutMs),
    async close() {
      school.close();
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

/** One address: its driver, when there is one, and the last thing said about it. */
class ScannerSlot {
  readonly #address: string;
  readonly #options: ScannerHostOptions;
  readonly #events: ScannerHostEvents;
  readonly #school: ScannerSchool;
  readonly #limiter = createReadLimiter();
  #driver: ScannerDriver | null = null;
  #status: ScannerStatus;
  #failures = 0;
  /** Counts drivers, so that a dropped one is not heard any more. */
  #generation = 0;
  #floodedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    address: string,
    options: ScannerHostOptions,
    events: ScannerHostEvents,
    school: ScannerSchool,
  ) {
    this.#school = school;
    this.#address = address;
    this.#options = options;
    this.#events = events;
    this.#status = statusOf(address, 'searching', null, '');
    this.#start();
  }

  status(): ScannerStatus {
    return this.#status;
  }

  beep(kind: 'good' | 'error'): void {
    this.#guarded(() => this.#driver?.beep(kind));
  }

  /** The driver fell over: say so, drop it, and start another one a little later. */
  fail(detail: string): void {
    const parsed = parseScannerAddress(this.#address);
    if (this.#isClosed || (parsed.kind !== 'serial' && parsed.kind !== 'hid')) return;
    const driver = this.#driver;
    this.#driver = null;
    this.#generation += 1;
    driver?.close().catch(() => undefined);
    this.#tell(statusOf(this.#address, 'unavailable', 'error', detail));
    clearTimeout(this.#timer);
    const delayMs = retryDelayMs(this.#options.timing ?? defaultScannerTiming, this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#start(), delayMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#driver?.close();
  }

  #start(): void {
    this.#guarded(() => {
      const driver = this.#createDriver();
      this.#driver = driver;
      driver?.start();
    });
  }

  #createDriver(): ScannerDriver | null {
    const address = parseScannerAddress(this.#address);
    const timing = this.#options.timing ?? defaultScannerTiming;
    switch (address.kind) {
      case 'serial': {
        const { path, baudRate } = address;
        const identity = this.#options.identities?.get(this.#address) ?? null;
        return createSerialScanner(
          { address: this.#address, path, baudRate, identity, timing },
          this.#driverEvents('serial'),
        );
      }
      case 'hid': {
        const { loadHidLibrary } = this.#options;
        const library = loadHidLibrary === undefined ? {} : { loadLibrary: loadHidLibrary };
        return createHidScanner(
          { address: this.#address, timing, ...library },
          this.#driverEvents('hid'),
        );
      }
      case 'keyboard':
      case 'none':
        this.#tell(statusOf(this.#address, 'ready', null, ''));
        return null;
      case 'wrong':
        this.#tell(statusOf(this.#address, 'unavailable', 'error', address.reason));
        return null;
      default:
        return assertNever(address);
    }
  }

  #driverEvents(source: ScanSource): ScannerDriverEvents {
    const generation = this.#generation;
    const isCurrent = (): boolean => !this.#isClosed && generation === this.#generation;
    return {
      onRead: (read) => this.#guarded(() => isCurrent() && this.#read(read, source)),
      onStatus: (status) => this.#guarded(() => isCurrent() && this.#tell(status)),
    };
  }

  #read({ text, device }: ScannerRead, source: ScanSource): void {
    const nowMs = this.#options.nowMs();
    if (!this.#limiter.allow(nowMs)) {
      this.#floodedAtMs = nowMs;
      this.#tell(
        statusOf(
          this.#address,
          'ready',
          'error',
          'it sends without a pause; some of it is left out',
        ),
      );
      return;
    }
    if (nowMs - this.#floodedAtMs > FLOOD_OVER_MS && this.#driver !== null)
      this.#tell(this.#driver.status());
    const name = device.slice(0, 200);
    if (this.#school.take(text, name)) return;
    const code: ScannedCode =
      text === null
        ? { kind: 'unreadable', reason: 'too-long' }
        : decodeScan(text, source, this.#school.settingsOf(name));
    this.#events.onScan({ code, source, device: name });
  }

  #tell(status: ScannerStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#events.onStatus(status);
  }

  #guarded(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      this.fail(detailOf(error));
    }
  }
}

function statusOf(
  address: string,
  state: ScannerStatus['state'],
  problem: ScannerStatus['problem'],
  detail: string,
): ScannerStatus {
  const { kind } = parseScannerAddress(address);
  const source = kind === 'serial' || kind === 'hid' ? kind : 'keyboard';
  return { source, address: address.slice(0, 200), state, problem, detail: detail.slice(0, 300) };
}

function assertNever(value: never): never {
  throw new Error(`The scanner host met an address it does not know: ${JSON.stringify(value)}`);
}
