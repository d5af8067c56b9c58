import type { PrintJobReport, PrinterStatus } from '#contract/device.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { DeviceEvent, Devices } from '#till/ports.ts';

type PrintAnswer = Result<PrintJobReport, { readonly code: 'gone' }>;

/** A device process that a test scripts: what was printed, and how the printer behaves. */
export interface FakeDevices extends Devices {
  readonly printed: { readonly jobId: string; readonly document: ReceiptDocument }[];
  readonly beeps: string[];
  /** How the next jobs end; by default everything is confirmed. */
  onPrint(answer: (jobId: string) => PrintAnswer | Promise<PrintAnswer>): void;
  emit(event: DeviceEvent): void;
}

export const READY: PrinterStatus = {
  address: 'virtual',
  state: 'ready',
  problem: null,
  detail: '',
};

/** A report of a job in a state. */
export function report(
  jobId: string,
  state: PrintJobReport['state'],
  more: Partial<PrintJobReport> = {},
): PrintJobReport {
  return { jobId, state, sentBytes: 100, totalBytes: 100, problem: null, detail: '', ...more };
}

/** Makes fake devices. */
export function fakeDevices(): FakeDevices {
  const listeners = new Set<(event: DeviceEvent) => void>();
  const printed: FakeDevices['printed'] = [];
  const beeps: string[] = [];
  let answer: (jobId: string) => PrintAnswer | Promise<PrintAnswer> = (jobId) =>
    ok(report(jobId, 'confirmed'));
  return {
    printed,
    beeps,
    onPrint(next) {
      answer = next;
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    async print(jobId, document) {
      const outcome = await answer(jobId);
      if (outcome.ok && outcome.value.sentBytes > 0) printed.push({ jobId, document });
      return outcome;
    },
    status: async () => ok({ printer: READY, scanners: [] }),
    beep: (kind) => void beeps.push(kind),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What a device process that died answers. */
export const GONE: PrintAnswer = err({ code: 'gone' });
