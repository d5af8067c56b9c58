import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ptyMissing } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';
import { ptyPrinter } from './pty-printer.ts';
import { ARABIC_RECEIPT, TURKISH_RECEIPT } from './receipts.ts';
import { stageHost } from './stage.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

describe('a serial printer, through the real serialport on a pty', needs(ptyMissing), () => {
  it('prints and confirms, over a line that stays open for the next receipt', async () => {
    const { pty, receipts } = ptyPrinter();
    const host = stageHost({ address: `serial:${pty.path}` });
    const report = await host.print('a', TURKISH_RECEIPT);
    expect(report).toMatchObject({ state: 'confirmed', sentBytes: report.totalBytes });
    expect((await host.print('b', ARABIC_RECEIPT)).state).toBe('confirmed');
    expect(receipts).toHaveLength(2);
    expect(receipts[0]).toContain('KAZANDIĞINIZ                             23 PUAN');
    expect(host.status()).toMatchObject({ state: 'ready' });
  });

  it('hears of paper and cover without asking', async () => {
    const { pty, printer } = ptyPrinter();
    const host = stageHost({ address: `serial:${pty.path}` });
    await host.print('a', TURKISH_RECEIPT);
    printer.setMechanism({ paper: 'near-end' });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('paper-low');
    printer.setMechanism({ paper: 'ok', coverOpen: true });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('cover-open');
    printer.setMechanism({ coverOpen: false });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
  });

  it('a printer that holds the line back: failed with bytes sent, and the port is free again', async () => {
    const { pty, hold } = ptyPrinter();
    const host = stageHost({ address: `serial:${pty.path}`, timing: { stallTimeoutMs: 3_000 } });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    const many = Array.from({ length: 10 }, () => ARABIC_RECEIPT.lines).flat();
    const printing = host.print('a', { ...ARABIC_RECEIPT, lines: many });
    await expect.poll(() => host.told('a').at(-1), { timeout: PATIENCE_MS }).toBe('sending');
    hold(true);
    const report = await printing;
    expect(report).toMatchObject({ state: 'failed', problem: 'no-answer' });
    expect(report.sentBytes).toBeGreaterThan(0);
    expect(report.sentBytes).toBeLessThan(report.totalBytes);
    hold(false);
    expect((await host.print('b', TURKISH_RECEIPT)).state).toBe('confirmed');
  });

  it('a cable pulled in the middle of a job: failed, with the bytes that went out', async () => {
    const { pty, received } = ptyPrinter();
    const host = stageHost({ address: `serial:${pty.path}` });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    const many = Array.from({ length: 20 }, () => ARABIC_RECEIPT.lines).flat();
    const printing = host.print('a', { ...ARABIC_RECEIPT, lines: many });
    await expect
      .poll(() => Buffer.concat(received).length, { timeout: PATIENCE_MS })
      .toBeGreaterThan(2_000);
    pty.close();
    const report = await printing;
    expect(report).toMatchObject({ state: 'failed', problem: 'connection-lost' });
    expect(report.sentBytes).toBeGreaterThan(0);
    expect(host.status()).toMatchObject({ state: 'unreachable' });
  });

  it('a cable pulled in the middle of a job and put back: the next receipt is whole, the broken one is not given again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-print-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const link = join(folder, 'ttyUSB0');
    const first = ptyPrinter();
    await symlink(first.pty.path, link);
    const host = stageHost({ address: `serial:${link}`, timing: { troublePollMs: 50 } });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    const many = Array.from({ length: 20 }, () => ARABIC_RECEIPT.lines).flat();
    const printing = host.print('a', { ...ARABIC_RECEIPT, lines: many });
    await expect
      .poll(() => Buffer.concat(first.received).length, { timeout: PATIENCE_MS })
      .toBeGreaterThan(2_000);
    await unlink(link);
    first.pty.close();
    const broken = await printing;
    expect(broken).toMatchObject({ state: 'failed', problem: 'connection-lost' });

    const second = ptyPrinter();
    await symlink(second.pty.path, link);
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    // Asked again for the broken one, it says what became of it; nothing comes out.
    expect(await host.print('a', TURKISH_RECEIPT)).toEqual(broken);
    expect(second.receipts).toEqual([]);
    expect((await host.print('b', TURKISH_RECEIPT)).state).toBe('confirmed');
    expect(second.receipts.filter((paper) => paper.includes('TOPLAM'))).toHaveLength(1);
  });

  it('a cable pulled while nothing prints is noticed', async () => {
    const { pty } = ptyPrinter();
    const host = stageHost({ address: `serial:${pty.path}` });
    await expect.poll(() => host.status().state, { timeout: PATIENCE_MS }).toBe('ready');
    pty.close();
    await expect
      .poll(() => host.status(), { timeout: PATIENCE_MS })
      .toMatchObject({ state: 'unreachable', problem: 'connection-lost' });
    expect(await host.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
  });

  it('a port that is not there, and one that somebody else holds', async () => {
    const missing = stageHost({ address: 'serial:/dev/no-such-port' });
    expect(await missing.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
    const { pty } = ptyPrinter();
    const other = new SerialPort({ path: pty.path, baudRate: 9_600 });
    await new Promise((resolve) => other.once('open', resolve));
    onTestFinished(() => new Promise<void>((resolve) => other.close(() => resolve())));
    const host = stageHost({ address: `serial:${pty.path}` });
    expect(await host.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'busy',
      sentBytes: 0,
    });
  });
});
