import { describe, expect, it, onTestFinished } from 'vitest';
import type { DrawerLevel } from '#contract/device.ts';
import {
  printed,
  startDeviceWorker,
  type DeviceWorker,
} from '#test/hardware/support/device-worker.ts';
import { TURKISH_RECEIPT } from '#test/hardware/printer/receipts.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const document = { ...TURKISH_RECEIPT, lines: [...TURKISH_RECEIPT.lines] };
const drawerOnly = { language: 'en', lines: [], openDrawer: true };

function start(...flags: string[]) {
  const worker = startDeviceWorker(['--printer', 'virtual', ...flags]);
  onTestFinished(() => worker.stop());
  return worker;
}

/** The printer says so of its drawer's contact, once it answers in a shop's time. */
async function contactIs(worker: DeviceWorker, level: DrawerLevel): Promise<void> {
  await expect.poll(() => worker.call.drawer(null), { timeout: PATIENCE_MS }).toEqual({ level });
}

describe('a hand on the virtual printer of the real device process', () => {
  it('takes the paper out, and the receipt comes out once it has put some in', async () => {
    const worker = start();
    const hand = { paper: 'out', coverOpen: false, reads: true, drawerOpen: false };
    expect(await worker.call.hand({ paper: 'out' })).toEqual(hand);
    const job = { jobId: 'job-1', document };
    expect(await worker.call.print(job)).toMatchObject({
      state: 'failed',
      problem: 'paper-out',
      sentBytes: 0,
    });
    expect(await worker.call.hand({ paper: 'ok' })).toMatchObject({ paper: 'ok' });
    await expect
      .poll(async () => (await worker.call.print(job)).state, { timeout: PATIENCE_MS })
      .toBe('confirmed');
  });

  it('puts it to sleep: nothing is taken and nothing answered, until it wakes', async () => {
    const worker = start();
    await contactIs(worker, 'high');
    await worker.call.hand({ reads: false });
    expect(await worker.call.drawer(null)).toEqual({ level: null });
    await worker.call.hand({ reads: true });
    expect(await printed(worker, { jobId: 'job-2', document })).toMatchObject({
      state: 'confirmed',
    });
  });

  it('closes the drawer that a pulse has opened; the contact tells both', async () => {
    const worker = start();
    await printed(worker, { jobId: 'drawer', document: drawerOnly });
    await contactIs(worker, 'low');
    await worker.call.hand({ drawerOpen: false });
    await contactIs(worker, 'high');
  });

  it('cannot teach it a code page: paired by a wrong rung it prints wrong letters, as a real one would', async () => {
    const letters = async (...flags: string[]): Promise<boolean> => {
      const worker = start(...flags);
      await printed(worker, { jobId: 'job-1', document });
      await worker.until(() => worker.everything().includes('virtual-paper'));
      return worker.everything().includes('KAZANDIĞINIZ');
    };
    const pairedBy = (number: number): string =>
      JSON.stringify({ codePage: { page: 'cp857', number }, columns: null });
    expect(await letters('--printer-pairing', pairedBy(13))).toBe(true);
    expect(await letters('--printer-pairing', pairedBy(61))).toBe(false);
  });

  it('reaches no printer that is a real one', async () => {
    const worker = startDeviceWorker(['--printer', 'tcp://127.0.0.1:9']);
    onTestFinished(() => worker.stop());
    expect(await worker.call.hand({ paper: 'out' })).toBeNull();
    expect(await worker.call.drawer(null)).toEqual({ level: null });
  });
});
