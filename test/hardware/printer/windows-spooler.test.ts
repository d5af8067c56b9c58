import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parsePrinterAddress } from '#hardware/printer/address.ts';
import { layoutReceipt } from '#hardware/printer/layout.ts';
import { PrintQueue } from '#hardware/printer/print-queue.ts';
import { DEFAULT_PROFILE } from '#hardware/printer/profile-catalogue.ts';
import { DEFAULT_TIMING } from '#hardware/printer/timing.ts';
import { windowsSpoolerTransport } from '#hardware/printer/windows-spooler.ts';
import { spoolerCommand } from '#hardware/printer/windows-spooler-script.ts';
import { TURKISH_RECEIPT } from './receipts.ts';
import { stageHost } from './stage.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';

const HELPER = join(import.meta.dirname, '../support/spooler-child.ts');
const DEAF = { ...DEFAULT_PROFILE, status: 'none', proof: 'none' } as const;

interface Spooled {
  readonly queue: PrintQueue;
  readonly states: string[];
  /** What the helper did, line by line. */
  lines(): readonly string[];
}

function spooled(printerName: string, timing: Partial<typeof DEFAULT_TIMING> = {}): Spooled {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-spooler-'));
  const file = join(folder, 'spool');
  writeFileSync(file, '');
  const states: string[] = [];
  const queue = new PrintQueue({
    address: `windows:${printerName}`,
    profile: DEAF,
    timing: {
      ...DEFAULT_TIMING,
      idlePollMs: 0,
      troublePollMs: 0,
      closeTimeoutMs: PATIENCE_MS,
      ...timing,
    },
    transport: windowsSpoolerTransport(printerName, [process.execPath, HELPER, file]),
    events: { onJob: ({ state }) => void states.push(state), onStatus: () => undefined },
  });
  onTestFinished(async () => {
    await queue.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = (): readonly string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  return { queue, states, lines };
}

describe('printing through the Windows spooler, with a helper of the tests’ own', () => {
  it('hands over whole receipts as raw bytes, one document each, and claims no more than that', async () => {
    const { queue, states, lines } = spooled('EPSON TM-T20III Receipt');
    const { bytes } = await layoutReceipt(TURKISH_RECEIPT, DEAF);
    expect((await queue.print('a', TURKISH_RECEIPT)).state).toBe('sent');
    await expect.poll(() => lines().length, { timeout: PATIENCE_MS }).toBe(2);
    expect((await queue.print('b', TURKISH_RECEIPT)).state).toBe('sent');
    await expect.poll(() => lines().length, { timeout: PATIENCE_MS }).toBe(4);
    const printed = `printed ${bytes.toString('hex')}`;
    const opened = 'open EPSON TM-T20III Receipt';
    expect(lines()).toEqual([opened, printed, opened, printed]);
    expect(states).toEqual([
      'queued',
      'sending',
      'sent',
      'sent',
      'queued',
      'sending',
      'sent',
      'sent',
    ]);
  });

  it('says what Windows says: no such printer, no right to it, no room', async () => {
    expect(await spooled('Nobody').queue.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
      detail: 'The printer name is invalid. (1801)',
    });
    expect(await spooled('Locked').queue.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'permission',
      sentBytes: 0,
    });
    const full = await spooled('Full').queue.print('a', TURKISH_RECEIPT);
    expect(full).toMatchObject({ state: 'failed', problem: 'printer-error' });
    expect(full.sentBytes).toBeGreaterThan(0);
  });

  it('outlives a helper that crashes or cannot be started', async () => {
    expect(await spooled('Crash').queue.print('a', TURKISH_RECEIPT)).toMatchObject({
      state: 'failed',
      problem: 'unreachable',
      sentBytes: 0,
    });
    const transport = windowsSpoolerTransport('X', ['/nowhere/powershell.exe']);
    expect(await transport.open()).toMatchObject({ ok: false, error: { problem: 'unreachable' } });
  });

  it('breaks off a job the spooler does not take, and the next one finds a new helper', async () => {
    const { queue } = spooled('Stuck', { stallTimeoutMs: 150, waitPollMs: 20 });
    const report = await queue.print('a', TURKISH_RECEIPT);
    expect(report).toMatchObject({ state: 'failed', problem: 'no-answer' });
    expect(report.sentBytes).toBeGreaterThan(0);
    expect((await queue.print('b', TURKISH_RECEIPT)).state).toBe('failed');
  });

  it('is only there on Windows, and says what is there instead', () => {
    expect(parsePrinterAddress('windows:EPSON TM-T20III')).toEqual({
      ok: true,
      value: { kind: 'windows', name: 'EPSON TM-T20III' },
    });
    if (process.platform === 'win32') return;
    expect(stageHost({ address: 'windows:EPSON' }).status()).toMatchObject({ state: 'error' });
  });

  it('starts PowerShell by its full path with a command line Windows can take', () => {
    const [program, ...args] = spoolerCommand('C:\\Windows');
    expect(program).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(args.join(' ').length).toBeLessThan(30_000);
    const script = Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le');
    expect(script).toContain('StartDocPrinterW');
    expect(script).not.toContain('\u0000');
  });
});
