import { setTimeout as sleep } from 'node:timers/promises';
import type { ScannerStatus } from '#contract/device.ts';
import type { ScannedCode } from '#scan/code.ts';
import { createScannerHost } from '#hardware/scanner/create-scanner-host.ts';
import type { ScannerHost, ScannerHostOptions } from '#hardware/scanner/create-scanner-host.ts';
import { defaultScannerTiming } from '#hardware/scanner/driver.ts';
import { PATIENCE_MS } from './patience.ts';

/** A scanner host with everything it told. */
export interface RecordedHost {
  readonly host: ScannerHost;
  readonly codes: readonly ScannedCode[];
  readonly devices: readonly string[];
  readonly statuses: readonly ScannerStatus[];
  until(done: () => boolean, timeoutMs?: number): Promise<void>;
}

/** Looks for lost devices sooner than in a shop. */
export const quickTiming = { ...defaultScannerTiming, retryDelaysMs: [20, 40], pollMs: 30 };

/** Starts a host on the given addresses and writes down what it tells. */
export function recordScanners(
  addresses: readonly string[],
  options: Partial<ScannerHostOptions> = {},
): RecordedHost {
  const codes: ScannedCode[] = [];
  const devices: string[] = [];
  const statuses: ScannerStatus[] = [];
  const host = createScannerHost(
    { addresses, timing: quickTiming, nowMs: () => performance.now(), ...options },
    {
      onScan(scan) {
        codes.push(scan.code);
        devices.push(scan.device);
      },
      onStatus: (status) => statuses.push(status),
    },
  );
  return {
    host,
    codes,
    devices,
    statuses,
    async until(done, timeoutMs = PATIENCE_MS) {
      const deadline = performance.now() + timeoutMs;
      while (!done()) {
        if (performance.now() > deadline) {
          throw new Error(`not seen in ${timeoutMs} ms: ${JSON.stringify({ codes, statuses })}`);
        }
        await sleep(5);
      }
    },
  };
}
