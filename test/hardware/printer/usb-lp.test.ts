import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ptyMissing } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';
import { ptyPrinter } from './pty-printer.ts';
import { ARABIC_RECEIPT, TURKISH_RECEIPT } from './receipts.ts';
import { stageHost } from './stage.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const rootMayAll = process.getuid?.() === 0 ? 'root may open every file' : null;

/** Twenty receipts in one: 400 KB, a hundred times what the line takes at once. */
const LARGE = {
  ...ARABIC_RECEIPT,
  lines: Array.from({ length: 20 }, () => ARABIC_RECEIPT.lines).flat(),
};

describe('a USB printer, through a character device that never blocks', needs(ptyMissing), () => {
  it('prints and confirms, although the device takes a part of each write or nothing', async () => {
    const { pty, receipts } = ptyPrinter();
    const host = stageHost({ address: `usb:${pty.path}` });
    const report = await host.print('a', LARGE);
    expect(report).toMatchObject({ state: 'confirmed', sentBytes: report.totalBytes });
    expect(report.totalBytes).toBeGreaterThan(300_000);
    expect(receipts).toHaveLength(20);
  });

  it('a printer that takes nothing: the files of the process still work, and the job fails truly', async () => {
    const { pty, hold } = ptyPrinter();
    const host = stageHost({ address: `usb:${pty.path}`, timing: { statusTimeoutMs: 3_000 } });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    hold(true);
    const printing = host.print('a', LARGE);
    const reads = Array.from({ length: 8 }, () => readFile(new URL(import.meta.url), 'utf8'));
    expect((await Promise.all(reads))[0]).toContain('never blocks');
    const report = await printing;
    expect(report).toMatchObject({ state: 'failed', problem: 'no-answer', sentBytes: 0 });
    hold(false);
    expect((await host.print('b', TURKISH_RECEIPT)).state).toBe('confirmed');
  });

  it('a printer that stops taking bytes in the middle: failed, with no more than it took', async () => {
    const { pty, hold, received } = ptyPrinter();
    const host = stageHost({ address: `usb:${pty.path}`, timing: { stallTimeoutMs: 3_000 } });
    const printing = host.print('a', LARGE);
    await expect
      .poll(() => Buffer.concat(received).length, { interval: 2, timeout: PATIENCE_MS })
      .toBeGreaterThan(10_000);
    hold(true);
    const report = await printing;
    expect(report).toMatchObject({ state: 'failed', problem: 'no-answer' });
    expect(report.sentBytes).toBeGreaterThan(10_000 - 200);
    expect(report.sentBytes).toBeLessThan(report.totalBytes);
  });

  it('unplugged in the middle of a job: failed, and said so', async () => {
    const { pty, received } = ptyPrinter();
    const host = stageHost({ address: `usb:${pty.path}` });
    const printing = host.print('a', LARGE);
    await expect
      .poll(() => Buffer.concat(received).length, { interval: 2, timeout: PATIENCE_MS })
      .toBeGreaterThan(10_000);
    pty.close();
    expect(await printing).toMatchObject({ state: 'failed', problem: 'connection-lost' });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('unreachable');
  });

  it('a printer that is not there', async () => {
    const host = stageHost({ address: 'usb:/dev/usb/no-such-printer' });
    expect(await host.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
  });

  it('a printer nobody gave permission for', needs(rootMayAll), async () => {
    const folder = await mkdtemp(join(tmpdir(), 'printer-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'lp0');
    await writeFile(path, '');
    await chmod(path, 0o000);
    const host = stageHost({ address: `usb:${path}` });
    expect(await host.print('a', TURKISH_RECEIPT)).toMatchObject({
      problem: 'permission',
      sentBytes: 0,
    });
  });
});
