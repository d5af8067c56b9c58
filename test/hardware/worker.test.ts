import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printed, startDeviceWorker } from '#test/hardware/support/device-worker.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { needs } from '#test/support/needs.ts';

const WORKER = join(import.meta.dirname, '../../hardware/worker.ts');

describe('the device process', () => {
  it(
    'started by a fork prints on the virtual printer and scans from a serial line',
    needs(ptyMissing),
    async () => {
      const line = openPty();
      const worker = startDeviceWorker([
        '--printer',
        'virtual',
        '--scanner',
        `serial:${line.path}`,
        '--scanner',
        'keyboard',
      ]);
      try {
        await worker.until(() =>
          worker.scannerStatuses.some(
            ({ state, source }) => state === 'ready' && source === 'serial',
          ),
        );
        line.write(']E08690504000013\r');
        await worker.until(() => worker.scans.length === 1);
        expect(worker.scans).toEqual([
          {
            code: { kind: 'product', gtin: '08690504000013', symbology: 'ean' },
            source: 'serial',
            device: `serial:${line.path}`,
          },
        ]);
        const report = await printed(worker, {
          jobId: 'job-1',
          document: {
            language: 'tr',
            lines: [
              { kind: 'text', text: 'İyi günler', align: 'center', size: 'large', bold: true },
              { kind: 'cut' },
            ],
            openDrawer: false,
          },
        });
        expect(report).toMatchObject({ jobId: 'job-1', state: 'confirmed', problem: null });
        const status = await worker.call.status(null);
        expect(status.printer).toMatchObject({ address: 'virtual', state: 'ready' });
        expect(status.scanners).toMatchObject([
          { source: 'serial', state: 'ready' },
          { source: 'keyboard', state: 'ready' },
        ]);
      } finally {
        await worker.stop();
        line.close();
      }
      expect(worker.everything()).not.toMatch(/"level":"error"/);
    },
  );

  it('ends in order at SIGTERM, not at Ctrl+C, and when it is told to stop', async () => {
    const worker = startDeviceWorker(['--scanner', 'keyboard']);
    await worker.call.status(null);
    worker.process.kill('SIGINT');
    expect((await worker.call.status(null)).scanners).toHaveLength(1);
    worker.process.kill('SIGTERM');
    expect(await worker.exited()).toBe(0);

    const second = startDeviceWorker([]);
    await second.call.status(null);
    second.process.send({ kind: 'stop' });
    expect(await second.exited()).toBe(0);
  });

  it('ends when its starter is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regulars-starter-'));
    const starter = join(folder, 'starter.mjs');
    await writeFile(
      starter,
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(WORKER)}, ['--scanner', 'keyboard'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
       child.once('message', () => process.stdout.write(String(child.pid) + '\\n'));`,
    );
    const process_ = spawn(process.execPath, [starter], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [text] = await once(process_.stdout, 'data');
      const pid = Number(String(text).trim());
      expect(await isAlive(pid)).toBe(true);
      process_.kill('SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
    } finally {
      process_.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  });

  it('says what is wrong with its arguments and does not start', async () => {
    for (const args of [
      ['--skanner', 'hid'],
      ['--scan-settings', '{"cardPatterns":[{}]}'],
      ['--scanner', 'x'.repeat(300)],
    ]) {
      const worker = startDeviceWorker(args);
      expect([args[0], await worker.exited()]).toEqual([args[0], 64]);
      expect(worker.everything()).toContain('cannot-start');
    }
  });

  it('started by hand says that it needs the till', async () => {
    const process_ = spawn(process.execPath, [WORKER], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [text] = await once(process_.stderr, 'data');
    expect(String(text)).toContain('start it from the till');
    const [code] = await once(process_, 'exit');
    expect(code).toBe(64);
  });

  it('knows the tenant’s own cards by its settings', needs(ptyMissing), async () => {
    const line = openPty();
    const settings = {
      cardPatterns: [
        { prefix: '77', lengthMin: 10, lengthMax: 10, characters: 'digits', check: 'none' },
      ],
    };
    const worker = startDeviceWorker([
      '--scanner',
      `serial:${line.path}`,
      '--scan-settings',
      JSON.stringify(settings),
    ]);
    try {
      await worker.until(() => worker.scannerStatuses.at(-1)?.state === 'ready');
      line.write('7712345678\r');
      await worker.until(() => worker.scans.length === 1);
      expect(worker.scans[0]?.code).toEqual({
        kind: 'card',
        number: '7712345678',
        symbology: 'none',
      });
    } finally {
      await worker.stop();
      line.close();
    }
  });
});

/** Whether a process runs; a zombie nobody has collected yet does not. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return !/\) Z /.test(status);
  } catch {
    return false;
  }
}
