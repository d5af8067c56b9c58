import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Device } from 'node-hid';
import type { ScannerStatus } from '#contract/device.ts';
import { detailOf } from './driver.ts';
import type { ScannerDriver, ScannerDriverEvents, ScannerTiming } from './driver.ts';
import { describeHidPos } from './hid-descriptor.ts';
import type { HidPosDescription } from './hid-descriptor.ts';
import { openHidDevice } from './hid-device.ts';
import type { HidDevice } from './hid-device.ts';
import { isMissingLibusb, loadNodeHid, MISSING_LIBUSB_FIX } from './hid-library.ts';
import type { HidLibrary } from './hid-library.ts';

export interface HidScannerOptions {
  readonly address: string;
  readonly timing: ScannerTiming;
  /** How to get node-hid; an argument, because a test cannot uninstall a system library. */
  readonly loadLibrary?: () => Promise<HidLibrary>;
}

/** Bar Code Scanner page, usage Bar Code Scanner. Source: HID Usage Tables 1.5, page 0x8C. */
const USAGE_PAGE_SCANNER = 0x8c;
const USAGE_SCANNER = 0x02;
const DEVICES_MAX = 4;

/**
 * All HID POS scanners of this machine.
 *
 * HID has no hot-plug event, so it looks once a second; a scanner that was unplugged is opened again
 * under whatever path it comes back.
 */
export function createHidScanner(
  options: HidScannerOptions,
  events: ScannerDriverEvents,
): ScannerDriver {
  return new HidScanner(options, events);
}

class HidScanner implements ScannerDriver {
  readonly #options: HidScannerOptions;
  readonly #events: ScannerDriverEvents;
  readonly #open = new Map<string, HidDevice>();
  #status: ScannerStatus;
  #lastRead: HidDevice | null = null;
  #wasOpen = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: HidScannerOptions, events: ScannerDriverEvents) {
    this.#options = options;
    this.#events = events;
    this.#status = this.#statusOf('searching', null, '');
  }

  start(): void {
    this.#polling = this.#poll();
  }

  status(): ScannerStatus {
    return this.#status;
  }

  beep(kind: 'good' | 'error'): void {
    const devices = this.#lastRead === null ? [...this.#open.values()] : [this.#lastRead];
    for (const device of devices) device.beep(kind);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#polling;
    const devices = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(devices.map((device) => device.close()));
  }

  async #poll(): Promise<void> {
    let pauseMs = this.#options.timing.pollMs;
    try {
      const library = await (this.#options.loadLibrary ?? loadNodeHid)();
      const devices = await library.devicesAsync();
      const scanners = devices.filter(isHidPosScanner).slice(0, DEVICES_MAX);
      await this.#forgetMissing(scanners);
      this.#tell(await this.#openNew(library, scanners));
    } catch (error) {
      const isMissing = isMissingLibusb(error);
      if (isMissing) pauseMs = this.#options.timing.missingLibraryPollMs;
      const [problem, detail] = isMissing
        ? (['missing-libusb', MISSING_LIBUSB_FIX] as const)
        : (['error', detailOf(error)] as const);
      this.#tell(this.#statusOf('unavailable', problem, detail));
    }
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#polling = this.#poll();
    }, pauseMs);
  }

  /** A device that is not listed any more was unplugged, even if its handle has not noticed. */
  async #forgetMissing(scanners: readonly Device[]): Promise<void> {
    const there = new Set(scanners.map(({ path }) => path));
    for (const [path, device] of this.#open) {
      if (there.has(path)) continue;
      this.#forget(path, device);
      await device.close();
    }
  }

  /** Opens what is new and says how things stand. */
  async #openNew(library: HidLibrary, scanners: readonly Device[]): Promise<ScannerStatus> {
    let refused: ScannerStatus | null = null;
    for (const scanner of scanners) {
      const { path } = scanner;
      if (path === undefined || this.#open.has(path) || this.#isClosed) continue;
      try {
        const kind = {
          path,
          label: hidLabel(scanner),
          vendorId: scanner.vendorId,
          description: await describe(path),
        };
        const device = await openHidDevice(library, kind, {
          onText: (text, from) => {
            this.#lastRead = from;
            if (!this.#isClosed) this.#events.onRead({ text, device: from.label });
          },
          onLost: (from) => {
            this.#forget(path, from);
            if (!this.#isClosed) this.#tell(this.#statusNow(null));
          },
        });
        this.#open.set(path, device);
        this.#wasOpen = true;
      } catch (error) {
        refused = this.#refusal(path, error);
      }
    }
    return this.#statusNow(refused);
  }

  #forget(path: string, device: HidDevice): void {
    if (this.#open.get(path) === device) this.#open.delete(path);
    if (this.#lastRead === device) this.#lastRead = null;
  }

  #statusNow(refused: ScannerStatus | null): ScannerStatus {
    const labels = [...this.#open.values()].map((device) => device.label);
    if (labels.length > 0) return this.#statusOf('ready', null, labels.join(', '));
    if (refused !== null) return refused;
    if (this.#wasOpen) return this.#statusOf('unplugged', null, 'plug the scanner in again');
    return this.#statusOf('searching', null, 'no scanner in HID POS mode is connected');
  }

  #refusal(path: string, error: unknown): ScannerStatus {
    const detail = detailOf(error);
    if (/permission|access denied|EACCES/i.test(detail)) {
      const fix =
        'copy hardware/70-regulars-devices.rules to /etc/udev/rules.d and plug the scanner in again';
      return this.#statusOf('unavailable', 'permission', `no permission for ${path}: ${fix}`);
    }
    return this.#statusOf('unavailable', /busy/i.test(detail) ? 'busy' : 'error', detail);
  }

  #tell(status: ScannerStatus): void {
    if (this.#isClosed) return;
    this.#status = status;
    this.#events.onStatus(status);
  }

  #statusOf(
    state: ScannerStatus['state'],
    problem: ScannerStatus['problem'],
    detail: string,
  ): ScannerStatus {
    return {
      source: 'hid',
      address: this.#options.address,
      state,
      problem,
      detail: detail.slice(0, 300),
    };
  }
}

/** Whether a device says it is a bar code scanner. */
export function isHidPosScanner({ usagePage, usage }: Device): boolean {
  return usagePage === USAGE_PAGE_SCANNER && usage === USAGE_SCANNER;
}

/** `hid:VENDOR:PRODUCT:SERIAL`, by which settings know a scanner again. */
export function hidLabel({ vendorId, productId, serialNumber }: Device): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0');
  return `hid:${hex(vendorId)}:${hex(productId)}:${(serialNumber ?? '').slice(0, 64)}`;
}

/** The device's own account of its reports, which only Linux lets us read. */
async function describe(path: string): Promise<HidPosDescription | null> {
  if (process.platform !== 'linux') return null;
  try {
    return describeHidPos(
      await readFile(`/sys/class/hidraw/${basename(path)}/device/report_descriptor`),
    );
  } catch {
    return null;
  }
}
