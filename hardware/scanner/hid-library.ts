import type { Device } from 'node-hid';

/** What of node-hid is used. */
export interface HidLibrary {
  devicesAsync(): Promise<readonly Device[]>;
  open(path: string): Promise<HidHandle>;
}

/** An open device. The `error` event carries a string, not an Error. */
export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  write(report: Buffer): Promise<number>;
  sendFeatureReport(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/**
 * Loads node-hid only when a HID scanner is asked for: without the system's libusb its native part
 * cannot be loaded, and a till with another scanner has to start all the same.
 */
export async function loadNodeHid(): Promise<HidLibrary> {
  const { devicesAsync, HIDAsync } = await import('node-hid');
  return {
    devicesAsync: () => devicesAsync(),
    open: (path) => HIDAsync.open(path),
  };
}

/** Whether an error means that libusb is not installed. */
export function isMissingLibusb(error: unknown): boolean {
  return error instanceof Error && /libusb-1\.0\.so/.test(error.message);
}

export const MISSING_LIBUSB_FIX =
  'a system library is missing: run "sudo apt install libusb-1.0-0"';
