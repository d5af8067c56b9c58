import { afterEach, describe, expect, it } from 'vitest';
import { startDeviceWorker } from '#test/hardware/support/device-worker.ts';
import type { DeviceWorker } from '#test/hardware/support/device-worker.ts';
import { hidPosReports } from '#test/hardware/support/hid-reports.ts';
import { createScannerDesk, prepareUmockdev } from '#test/hardware/support/umockdev.ts';
import type { ScannerDesk } from '#test/hardware/support/umockdev.ts';
import { needs } from '#test/support/needs.ts';

const umockdev = await prepareUmockdev();
const missing = umockdev.available ? null : `no pretended hardware: ${umockdev.reason}`;

describe('a HID POS scanner through the real node-hid', needs(missing), () => {
  let desk: ScannerDesk | null = null;
  let worker: DeviceWorker | null = null;

  async function start(): Promise<{ desk: ScannerDesk; worker: DeviceWorker }> {
    if (!umockdev.available) throw new Error('skipped');
    desk = await createScannerDesk(umockdev.folder);
    worker = startDeviceWorker(['--scanner', 'hid'], desk.environment);
    return { desk, worker };
  }

  async function send(to: ScannerDesk, text: string): Promise<void> {
    for (const report of hidPosReports(']Q1', text)) await to.send(report);
  }

  afterEach(async () => {
    await worker?.stop();
    await desk?.close();
    worker = null;
    desk = null;
  });

  it('is found when it is plugged in, read, unplugged, and read again under its own name', async () => {
    const at = await start();
    await at.worker.until(() =>
      at.worker.scannerStatuses.some(({ detail }) => detail.includes('no scanner')),
    );
    expect(at.worker.scannerStatuses.at(-1)).toMatchObject({
      source: 'hid',
      state: 'searching',
      problem: null,
    });

    at.desk.plug('SN0001');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    await send(at.desk, '8690504000013');
    await at.worker.until(() => at.worker.scans.length === 1);
    expect(at.worker.scans[0]).toEqual({
      code: { kind: 'product', gtin: '08690504000013', symbology: 'qr' },
      source: 'hid',
      device: 'hid:0c2e:0b07:SN0001',
    });

    at.desk.unplug();
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'unplugged');
    at.desk.plug('SN0001');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    await send(at.desk, 'R:000000000');
    await at.worker.until(() => at.worker.scans.length === 2);
    expect(at.worker.scans[1]).toMatchObject({
      device: 'hid:0c2e:0b07:SN0001',
      code: { kind: 'receipt' },
    });
  });

  it('joins a long Turkish text over several reports before it is decoded', async () => {
    const at = await start();
    at.desk.plug('SN0002');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    const text = `${'a'.repeat(55)}ğ şeker`;
    await send(at.desk, text);
    await at.worker.until(() => at.worker.scans.length === 1);
    expect(at.worker.scans[0]?.code).toEqual({ kind: 'unknown', text, symbology: 'qr' });
  });

  it('unplugged between the reports of one code drops that half, and reads the next whole one', async () => {
    const at = await start();
    at.desk.plug('SN0004');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    const [first, ...rest] = hidPosReports(']Q1', `https://r.example/${'a'.repeat(120)}`);
    expect(rest.length).toBeGreaterThan(0);
    await at.desk.send(first ?? Buffer.alloc(0));
    at.desk.unplug();
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'unplugged');
    at.desk.plug('SN0004');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    await send(at.desk, '8690504000013');
    await at.worker.until(() => at.worker.scans.length > 0);
    expect(at.worker.scans.map(({ code }) => code)).toMatchObject([
      { kind: 'product', gtin: '08690504000013' },
    ]);
  });

  it('beeps when it is told to', async () => {
    const at = await start();
    at.desk.plug('SN0003');
    await at.worker.until(() => at.worker.scannerStatuses.at(-1)?.state === 'ready');
    await at.worker.call.beep({ kind: 'good' });
    await at.worker.call.beep({ kind: 'error' });
    let written = Buffer.alloc(0);
    await at.worker.until(() => {
      written = Buffer.concat([written, at.desk.written()]);
      return written.length >= 4;
    });
    expect(written.toString('hex')).toBe('04400480');
  });
});
