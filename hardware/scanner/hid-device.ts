import type { HidPosDescription, HidPosTrigger } from './hid-descriptor.ts';
import type { HidHandle, HidLibrary } from './hid-library.ts';
import { hidPosSwitchOf } from './hid-makers.ts';
import { createHidPosAssembler, guessHidPosReport, readHidPosReport } from './hid-report.ts';

/** One open HID POS scanner. */
export interface HidDevice {
  /** `hid:VENDOR:PRODUCT:SERIAL`, the same whatever port it is plugged into. */
  readonly label: string;
  beep(kind: 'good' | 'error'): void;
  close(): Promise<void>;
}

export interface HidDeviceEvents {
  /** A whole code with its AIM identifier, null when it was longer than any code. */
  onText(text: string | null, from: HidDevice): void;
  /** The device is gone; its handle is closed. */
  onLost(from: HidDevice): void;
}

/** A report that says "continued" is followed by the next within a few milliseconds. */
const CONTINUED_TIMEOUT_MS = 1_000;

/** Which scanner, and what is known of it. */
export interface HidDeviceKind {
  readonly path: string;
  readonly label: string;
  readonly vendorId: number;
  /** Null where its report descriptor cannot be read. */
  readonly description: HidPosDescription | null;
}

/** Opens a scanner and listens to it. Rejects when the system refuses. */
export async function openHidDevice(
  library: HidLibrary,
  { path, label, vendorId, description }: HidDeviceKind,
  events: HidDeviceEvents,
): Promise<HidDevice> {
  const handle = await library.open(path);
  const device = new OpenHidDevice(handle, label, description, events);
  const stopTyping = hidPosSwitchOf(vendorId);
  // A model without the switch refuses the report, and is in HID POS mode already or stays as it is.
  if (stopTyping !== null) await handle.sendFeatureReport(stopTyping).catch(() => undefined);
  return device;
}

class OpenHidDevice implements HidDevice {
  readonly label: string;
  readonly #handle: HidHandle;
  readonly #description: HidPosDescription | null;
  readonly #events: HidDeviceEvents;
  readonly #assembler = createHidPosAssembler();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    handle: HidHandle,
    label: string,
    description: HidPosDescription | null,
    events: HidDeviceEvents,
  ) {
    this.label = label;
    this.#handle = handle;
    this.#description = description;
    this.#events = events;
    // Both listeners before anything can arrive: an unheard error ends the process.
    handle.on('error', () => void this.#lost());
    handle.on('data', (report) => this.#receive(report));
  }

  beep(kind: 'good' | 'error'): void {
    const report = beepReport(this.#description?.trigger ?? null, kind);
    if (report === null || this.#isClosed) return;
    // A scanner that cannot beep is no failure; one that is gone shows it on the next read.
    this.#handle.write(report).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#handle.close().catch(() => undefined);
  }

  #receive(report: Uint8Array): void {
    if (this.#isClosed) return;
    const layouts = this.#description?.inputs ?? [];
    const read = layouts.length > 0 ? readHidPosReport(report, layouts) : guessHidPosReport(report);
    if (read === null) return;
    clearTimeout(this.#timer);
    const whole = this.#assembler.push(read);
    if (whole !== null) this.#events.onText(whole.text, this);
    else this.#timer = setTimeout(() => this.#assembler.reset(), CONTINUED_TIMEOUT_MS);
  }

  async #lost(): Promise<void> {
    if (this.#isClosed) return;
    await this.close();
    this.#events.onLost(this);
  }
}

/** The output report that makes a scanner beep, or null where it has none. */
export function beepReport(trigger: HidPosTrigger | null, kind: 'good' | 'error'): Buffer | null {
  const place = kind === 'good' ? trigger?.goodBeep : trigger?.errorBeep;
  if (trigger === null || place === null || place === undefined || place.byte >= trigger.length)
    return null;
  const report = Buffer.alloc(trigger.reportId === 0 ? trigger.length + 1 : trigger.length);
  report[0] = trigger.reportId;
  const byte = trigger.reportId === 0 ? place.byte + 1 : place.byte;
  report[byte] = 1 << place.bit;
  return report;
}
