import { describe, expect, it, onTestFinished } from 'vitest';
import type { PoleStatus } from '#contract/device.ts';
import {
  createPoleHost,
  type PoleHost,
  type PoleHostOptions,
} from '#hardware/pole/create-pole-host.ts';
import { printed, startDeviceWorker } from '#test/hardware/support/device-worker.ts';
import { ptyPrinter } from '#test/hardware/printer/pty-printer.ts';
import { TURKISH_RECEIPT } from '#test/hardware/printer/receipts.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';
import { screenAfter } from './pole-screen.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const line = (start: string, end: string) => ({ start, end });
const total = { upper: line('TOPLAM', '184,00'), lower: line('Puanınız', '1.240') };
const thanks = { upper: line('Teşekkürler', ''), lower: line('', '') };
const timing = { retryDelaysMs: [20], sendTimeoutMs: PATIENCE_MS };

interface Staged {
  readonly host: PoleHost;
  readonly told: PoleStatus[];
}

function staged(options: Partial<PoleHostOptions> & { readonly address: string }): Staged {
  const told: PoleStatus[] = [];
  const host = createPoleHost(
    { timing, throughPrinter: () => Promise.resolve(false), ...options },
    (status) => void told.push(status),
  );
  onTestFinished(() => host.close());
  return { host, told };
}

describe('a pole display on a serial line, through the real serialport', needs(ptyMissing), () => {
  it('shows two lines, and only the last text counts', async () => {
    const pty = openPty();
    onTestFinished(() => pty.close());
    const { host } = staged({ address: `serial:${pty.path}` });
    host.show(total);
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    for (let item = 1; item <= 50; item += 1)
      host.show({ ...total, upper: line('KAHVE', `${item},00`) });
    host.show(thanks);
    const bytes = await pty.readUntil((all) => all.includes('Tesekkurler'));
    expect(screenAfter(bytes)).toEqual(['Tesekkurler         ', ' '.repeat(20)]);
    expect(bytes.length).toBeLessThan(50 * 48);
  });

  it('writes in the page of its make', async () => {
    const pty = openPty();
    onTestFinished(() => pty.close());
    const { host } = staged({ address: `serial:${pty.path}`, profile: 'aures-ocd-300' });
    host.show(total);
    const bytes = await pty.readUntil((all) => all.includes('1.240\r'));
    expect(screenAfter(bytes, { 13: 'windows1254' })).toEqual([
      'TOPLAM        184,00',
      'Puanınız       1.240',
    ]);
  });

  it('pulled out says so, and shows the last text once it is back', async () => {
    const { symlink, unlink, mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = await mkdtemp(join(tmpdir(), 'regulars-pole-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'pole');
    const first = openPty();
    await symlink(first.path, path);
    const { host, told } = staged({ address: `serial:${path}` });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    first.close();
    await unlink(path);
    await expect
      .poll(() => told.some(({ state }) => state === 'unplugged'), { timeout: PATIENCE_MS })
      .toBe(true);
    host.show(total);
    const second = openPty();
    onTestFinished(() => second.close());
    await symlink(second.path, path);
    const bytes = await second.readUntil((all) => all.includes('1.240\r'));
    expect(screenAfter(bytes)[0]).toBe('TOPLAM        184,00');
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
  });
});

describe('a pole display behind the printer', needs(ptyMissing), () => {
  it('is written between receipts and never on one', async () => {
    const { pty, receipts, displayed, printer } = ptyPrinter();
    const worker = startDeviceWorker(['--printer', `serial:${pty.path}`, '--pole', 'printer']);
    onTestFinished(() => worker.stop());
    const document = { ...TURKISH_RECEIPT, lines: [...TURKISH_RECEIPT.lines] };
    await worker.call.pole(total);
    const printing = printed(worker, { jobId: 'a', document });
    await worker.call.pole({ ...total, upper: line('PARA USTU', '16,00') });
    expect((await printing).state).toBe('confirmed');
    await worker.call.pole(thanks);
    await expect
      .poll(() => Buffer.concat(displayed).toString('latin1'), { timeout: PATIENCE_MS })
      .toContain('Tesekkurler');
    expect(screenAfter(Buffer.concat(displayed))[0]).toBe('Tesekkurler         ');
    expect(receipts.join('\n')).not.toContain('Tesekkur');
    expect(receipts.join('\n')).toContain('KAZANDIĞINIZ                             23 PUAN');
    expect(printer.trace.lines.filter((each) => each.kind === 'problem')).toEqual([]);
    expect((await printed(worker, { jobId: 'b', document })).state).toBe('confirmed');
    expect(receipts).toHaveLength(2);
  });

  it('whose printer cannot be reached says so and waits', async () => {
    let reachable = false;
    const sent: Buffer[] = [];
    const { host, told } = staged({
      address: 'printer',
      throughPrinter(bytes) {
        if (reachable) sent.push(Buffer.from(bytes));
        return Promise.resolve(reachable);
      },
    });
    host.show(total);
    await expect
      .poll(() => told.at(-1)?.detail, { timeout: PATIENCE_MS })
      .toContain('cannot be reached');
    reachable = true;
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    await expect.poll(() => sent.length, { timeout: PATIENCE_MS }).toBe(2);
    for (const piece of sent) {
      expect(piece.subarray(0, 3).toString('hex')).toBe('1b3d02');
      expect(piece.subarray(-3).toString('hex')).toBe('1b3d01');
    }
  });
});

describe('no pole display', () => {
  it('is nothing to worry about, and a wrong address is said', () => {
    const none = staged({ address: 'none' });
    none.host.show(total);
    expect(none.host.status()).toEqual({
      address: 'none',
      state: 'none',
      problem: null,
      detail: '',
    });
    expect(staged({ address: 'tcp://192.0.2.1' }).host.status()).toMatchObject({
      state: 'unavailable',
      problem: 'error',
      detail: 'a pole display is at serial:PATH or printer',
    });
    expect(staged({ address: 'printer', profile: 'vfd' }).host.status().detail).toContain('"vfd"');
  });

  it('a line that is not there is looked for again and again', async () => {
    const { host, told } = staged({ address: 'serial:/dev/regulars-no-such-display' });
    await expect.poll(() => told.length, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(1);
    expect(host.status()).toMatchObject({ state: 'unavailable', problem: 'not-found' });
  });
});
