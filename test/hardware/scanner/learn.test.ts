import { afterEach, describe, expect, it } from 'vitest';
import { calibrationText } from '#scan/calibration.ts';
import { startDeviceWorker, type DeviceWorker } from '#test/hardware/support/device-worker.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { openPty, ptyMissing, type Pty } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';

const CARD = '2900000000018';

/** A lesson that has begun: the line would not wait for the question, and may be read before it. */
async function begun(worker: DeviceWorker) {
  const lesson = worker.call.learn({ timeoutMs: PATIENCE_MS });
  await worker.call.status(null);
  return { lesson };
}

describe('a serial scanner that puts something around its codes', needs(ptyMissing), () => {
  let line: Pty | null = null;
  let worker: DeviceWorker | null = null;

  async function start(...more: string[]): Promise<{ line: Pty; worker: DeviceWorker }> {
    line = openPty();
    worker = startDeviceWorker(['--scanner', `serial:${line.path}`, ...more]);
    const { scannerStatuses } = worker;
    await worker.until(() => scannerStatuses.some(({ state }) => state === 'ready'));
    return { line, worker };
  }

  afterEach(async () => {
    await worker?.stop();
    line?.close();
    worker = null;
    line = null;
  });

  it('is read right after one scan of the calibration QR, and that scan is no scan', async () => {
    const at = await start();
    at.line.write(`*${CARD}#\r`);
    await at.worker.until(() => at.worker.scans.length === 1);
    expect(at.worker.scans[0]?.code.kind).toBe('unknown');

    const { lesson } = await begun(at.worker);
    at.line.write(`*${calibrationText.replace('\u001d', '{GS}')}#\r`);
    const learned = await lesson;
    const affixes = {
      device: `serial:${at.line.path}`,
      prefix: '*',
      suffix: '#',
      groupSeparator: '{GS}',
    };
    expect(learned).toEqual({
      kind: 'learned',
      affixes,
      sendsIdentifier: false,
      dropsGroupSeparator: false,
    });

    at.line.write(`*${CARD}#\r*010869050400001310LOT1{GS}21S#\r`);
    await at.worker.until(() => at.worker.scans.length === 3);
    expect(at.worker.scans.slice(1).map(({ code }) => code)).toMatchObject([
      { kind: 'card', number: CARD },
      { kind: 'product', gtin: '08690504000013' },
    ]);
  });

  it('is read right from its first scan when that was learned before', async () => {
    line = openPty();
    const device = `serial:${line.path}`;
    const affixes = [{ device, prefix: '*', suffix: '#', groupSeparator: '' }];
    worker = startDeviceWorker([
      ...['--scanner', device],
      ...['--scanner-affixes', JSON.stringify(affixes)],
    ]);
    const { scannerStatuses, scans } = worker;
    await worker.until(() => scannerStatuses.some(({ state }) => state === 'ready'));
    line.write(`*${CARD}#\r`);
    await worker.until(() => scans.length === 1);
    expect(scans[0]?.code).toMatchObject({ kind: 'card', number: CARD });
  });

  it('teaches nothing by another code, and a payment card leaves no digit', async () => {
    const at = await start();
    const { lesson } = await begun(at.worker);
    at.line.write(';4111111111111111=30121010000000000000?;4111111111111111=3012?\r');
    expect(await lesson).toMatchObject({ kind: 'refused', reason: 'another-code' });
    expect(await at.worker.call.learn({ timeoutMs: 100 })).toEqual({ kind: 'nothing' });
    expect(at.worker.scans).toEqual([]);
    expect(at.worker.everything()).not.toContain('41111');
  });

  it('is asked once at a time: a second question ends the first', async () => {
    const at = await start();
    const first = at.worker.call.learn({ timeoutMs: 5_000 });
    const second = at.worker.call.learn({ timeoutMs: 200 });
    expect(await first).toEqual({ kind: 'nothing' });
    expect(await second).toEqual({ kind: 'nothing' });
    at.line.write(`${CARD}\r`);
    await at.worker.until(() => at.worker.scans.length === 1);
  });
});
