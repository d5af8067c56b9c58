import type { ScannerStatus } from '#contract/device.ts';

/**
 * What one scanner sent, before it was decoded. It may hold a payment card's number: it goes to the
 * decoder in the same call and nowhere else, neither into a status nor into a log.
 */
export interface ScannerRead {
  /** The text, or null when more arrived than any code may hold. */
  readonly text: string | null;
  /** Which device, e.g. `serial:/dev/ttyACM0` or `hid:0c2e:0b07:SN1`. */
  readonly device: string;
}

/** One address of a scanner: it looks for its device for ever and tells how it is. */
export interface ScannerDriver {
  /** Starts looking. Called once. */
  start(): void;
  status(): ScannerStatus;
  /** A good or bad beep where the device can; silently nothing elsewhere. */
  beep(kind: 'good' | 'error'): void;
  /** Ends timers and handles; later events do not come. May be called again. */
  close(): Promise<void>;
}

/** What a driver tells. Statuses may repeat; the host tells them on only when they change. */
export interface ScannerDriverEvents {
  onRead(read: ScannerRead): void;
  onStatus(status: ScannerStatus): void;
}

/** All waiting of the scanner half, in one place, so that tests can shorten it. */
export interface ScannerTiming {
  /** Waits between tries to open, one after the other; the last one repeats. */
  readonly retryDelaysMs: readonly number[];
  /** A serial frame without a terminator ends after this silence. */
  readonly frameSilenceMs: number;
  /** Between two looks for HID scanners; there is no hot-plug event. */
  readonly pollMs: number;
  /** Between looks while the HID library cannot be loaded. */
  readonly missingLibraryPollMs: number;
}

export const defaultScannerTiming: ScannerTiming = {
  retryDelaysMs: [250, 500, 1_000, 2_000, 5_000],
  frameSilenceMs: 150,
  pollMs: 1_000,
  missingLibraryPollMs: 10_000,
};

/** Longest `detail` the contract carries. */
const DETAIL_LENGTH_MAX = 300;

/** An error's own words, short enough for a status; drivers throw strings, too. */
export function detailOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, DETAIL_LENGTH_MAX);
}

/** The wait before the given try (from 0 on). */
export function retryDelayMs(timing: ScannerTiming, attempt: number): number {
  return timing.retryDelaysMs[Math.min(attempt, timing.retryDelaysMs.length - 1)] ?? 1_000;
}
