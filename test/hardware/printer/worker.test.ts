import { describe, expect, it, onTestFinished } from 'vitest';
import {
  printed,
  startDeviceWorker,
  type DeviceWorker,
} from '#test/hardware/support/device-worker.ts';
import { TURKISH_RECEIPT } from './receipts.ts';
import { stagePrinter } from './stage.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const DOCUMENT = { ...TURKISH_RECEIPT, lines: [...TURKISH_RECEIPT.lines] };

function start(printer: string, ...more: string[]): DeviceWorker {
  const worker = startDeviceWorker(['--printer', printer, ...more]);
  onTestFinished(() => worker.stop());
  return worker;
}

describe('the real device process', () => {
  it('prints on the virtual printer and sends its paper as a picture', async () => {
    const worker = start('virtual');
    const report = await printed(worker, { jobId: 'job-1', document: DOCUMENT });
    expect(report).toMatchObject({ jobId: 'job-1', state: 'confirmed', problem: null });
    await worker.until(() => worker.everything().includes('virtual-paper'));
    expect(worker.everything()).toContain('KAZANDIĞINIZ');
    const { printer } = await worker.call.status(null);
    expect(printer).toMatchObject({ address: 'virtual', state: 'ready' });
  });

  it('prints on a network printer, which confirms it', async () => {
    const printer = await stagePrinter();
    const worker = start(printer.address);
    const report = await printed(worker, { jobId: 'job-1', document: DOCUMENT });
    expect(report.state).toBe('confirmed');
    expect(printer.receipts[0]).toContain('TOPLAM         500,00 TL');
  });

  it('prints for the model it is told, and says so when it knows none of that name', async () => {
    const narrow = await stagePrinter();
    const told = start(narrow.address, '--printer-profile', 'generic-80-42');
    await printed(told, { jobId: 'job-1', document: DOCUMENT });
    expect(narrow.receipts[0]).toMatch(/^TOPLAM {6}500,00 TL$/m);

    const unknown = start('virtual', '--printer-profile', 'epson-tm-t1');
    const { printer } = await unknown.call.status(null);
    expect(printer).toMatchObject({ state: 'error' });
    expect(printer.detail).toContain('no printer profile is called "epson-tm-t1"');
  });

  it('killed after it printed, a new one does not print again by itself', async () => {
    const printer = await stagePrinter();
    const first = start(printer.address);
    await printed(first, { jobId: 'job-1', document: DOCUMENT });
    first.process.kill('SIGKILL');
    await first.exited();
    const second = start(printer.address);
    // The question about its drawer looks at the printer again, should its first answer have been late.
    const state = async () => {
      await second.call.drawer(null);
      return (await second.call.status(null)).printer.state;
    };
    await expect.poll(state, { timeout: PATIENCE_MS }).toBe('ready');
    expect(printer.receipts).toHaveLength(1);
  });
});
