import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startDeviceWorker } from '#test/hardware/support/device-worker.ts';
import type { DeviceWorker } from '#test/hardware/support/device-worker.ts';
import { hidPosReports } from '#test/hardware/support/hid-reports.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { createScannerDesk, prepareUmockdev } from '#test/hardware/support/umockdev.ts';
import { needs } from '#test/support/needs.ts';

const umockdev = await prepareUmockdev();
if (!umockdev.available)
  console.log(`skipped: a payment card on a HID scanner: ${umockdev.reason}`);

/** Test numbers that the card networks publish. */
const NUMBERS = ['4111111111111111', '5555555555554444', '378282246310005', '6011000990139424'];
const swipeOf = (number: string): string =>
  `%B${number}^TEST/CARD^30121010000000000000?;${number}=30121010000000000000?\r`;

/** Any six digits in a row of a number would be a start: nothing of it may be there. */
function expectNoTrace(everything: string): void {
  for (const number of NUMBERS) {
    for (let start = 0; start + 6 <= number.length; start += 1) {
      expect(everything).not.toContain(number.slice(start, start + 6));
    }
  }
}

/** A good scan before and after shows that the worker was listening all the time. */
async function settled(worker: DeviceWorker, count: number): Promise<void> {
  await worker.until(() => worker.scans.length === count);
  const status = await worker.call.status(null);
  expect(status.scanners.every(({ state }) => state === 'ready')).toBe(true);
}

describe('a payment card swiped into a serial reader', needs(ptyMissing), () => {
  it('leaves the device process as a fact without a single digit, in frames, statuses and logs', async () => {
    const line = openPty();
    const worker = startDeviceWorker(['--scanner', `serial:${line.path}`]);
    try {
      await worker.until(() => worker.scannerStatuses.at(-1)?.state === 'ready');
      for (const number of NUMBERS) line.write(swipeOf(number));
      for (const number of NUMBERS) line.write(`;${number}=3012101?\r${number}\r\n`);
      line.write('8690504000013\r');
      await settled(worker, 3 * NUMBERS.length + 1);
      expect(worker.scans.slice(0, -1).map((scan) => scan.code)).toEqual(
        Array.from({ length: 3 * NUMBERS.length }, () => ({ kind: 'payment-card' })),
      );
      // Pulled out in the middle of a swipe: the half that came is not told either.
      line.write(';411111111111');
      await sleep(30);
      line.close();
      await worker.until(() => worker.scannerStatuses.at(-1)?.state === 'unplugged');
      expectNoTrace(worker.everything());
    } finally {
      await worker.stop();
      line.close();
    }
  });
});

const missing = umockdev.available ? null : `no pretended hardware: ${umockdev.reason}`;

describe('a payment card read by a HID scanner', needs(missing), () => {
  it('leaves the device process as a fact without a single digit, in frames, statuses and logs', async () => {
    if (!umockdev.available) return;
    const desk = await createScannerDesk(umockdev.folder);
    desk.plug('SN0001');
    const worker = startDeviceWorker(['--scanner', 'hid'], desk.environment);
    try {
      await worker.until(() => worker.scannerStatuses.at(-1)?.state === 'ready');
      for (const number of NUMBERS) {
        for (const report of hidPosReports(']X0', swipeOf(number))) {
          await desk.send(report);
        }
      }
      await settled(worker, NUMBERS.length);
      expect(worker.scans.map((scan) => scan.code)).toEqual(
        NUMBERS.map(() => ({ kind: 'payment-card' })),
      );
      expectNoTrace(worker.everything());
    } finally {
      await worker.stop();
      await desk.close();
    }
  });
});
