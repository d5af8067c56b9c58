import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { deviceRoles, type DeviceRoles } from '#contract/device-setup.ts';
import type { ReceiptDocument } from '#loyalty/receipt.ts';
import type { SpawnChild } from '#shell/child.ts';
import { startDeviceHost, type DeviceHost, type PulsePolicy } from '#shell/devices/device-host.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import type { DeviceEvent } from '#till/ports.ts';
import { rememberingLog } from './support/quiet-log.ts';

const modulePath = join(import.meta.dirname, 'support', 'device-child.ts');
const receipt: ReceiptDocument = { language: 'en', lines: [{ kind: 'rule' }], openDrawer: false };
const quick = { firstDelayMs: 20, delayMaxMs: 80, steadyAfterMs: 60_000 };

let host: DeviceHost | null = null;
afterEach(() => host?.stop());

interface Staged {
  readonly scanners?: readonly string[];
  readonly spawn?: SpawnChild;
  readonly pulse?: PulsePolicy;
}

function rolesOf(
  printer: string,
  profile: string | null,
  scanners: readonly string[],
): DeviceRoles {
  return deviceRoles.parse({
    printer: { address: printer, profile },
    scanners: scanners.map((address) => ({ address })),
    affixes: [],
    pole: { address: 'none' },
  });
}

function start(printer: string, { scanners = [], spawn = spawnNodeChild, ...more }: Staged = {}) {
  const log = rememberingLog();
  const events: DeviceEvent[] = [];
  host = startDeviceHost({
    spawn,
    modulePath,
    roles: rolesOf(printer, 'generic-58', scanners),
    log,
    monoMs: () => performance.now(),
    restart: quick,
    ...more,
  });
  host.devices.onEvent((event) => void events.push(event));
  return { host, log, events };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the device host', () => {
  it('prints through a process of its own and passes on what it says', async () => {
    const { host: running, events } = start('virtual', {
      scanners: ['serial:/dev/x', 'keyboard', 'hid'],
    });
    const printed = await running.devices.print('job-1', receipt);
    expect(printed).toMatchObject({ ok: true, value: { jobId: 'job-1', state: 'confirmed' } });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'print-job' }));
    const status = await running.devices.status();
    // The child echoes its arguments: the keyboard is the page's, not the device process's.
    expect(status).toMatchObject({
      ok: true,
      value: {
        printer: {
          address:
            '--printer virtual --printer-profile generic-58 --scanner serial:/dev/x --scanner hid',
        },
      },
    });
  });

  it('says that a print is gone when the driver falls over, and starts the process again', async () => {
    const { host: running, events } = start('virtual');
    expect(await running.devices.print('crash', receipt)).toEqual({
      ok: false,
      error: { code: 'gone' },
    });
    expect(await running.devices.status()).toEqual({ ok: false, error: { code: 'gone' } });
    await until(() => events.some((event) => event.kind === 'started'));
    expect(events.map((event) => event.kind)).toEqual(['stopped', 'started']);
    expect(await running.devices.print('job-2', receipt)).toMatchObject({ ok: true });
  });

  it('waits for a print as long as the process answers, whatever the print waits for', async () => {
    const pulse = { everyMs: 5, answerWithinMs: 30_000, missedMax: 1 };
    const { host: running } = start('virtual', { pulse });
    // The child prints it only after it was asked three times how it is.
    expect(await running.devices.print('patient', receipt)).toMatchObject({ ok: true });
  });

  it('does not wait for a process that hangs: it is killed and started again', async () => {
    const pulse = { everyMs: 20, answerWithinMs: 50, missedMax: 2 };
    const { host: running, events, log } = start('virtual', { pulse });
    expect(await running.devices.print('hang', receipt)).toEqual({
      ok: false,
      error: { code: 'gone' },
    });
    expect(log.events).toContain('devices-hang');
    await until(() => events.some((event) => event.kind === 'started'));
    // While it starts, the new one answers nothing: only one that has answered is given a print. On a
    // busy machine it may be taken for one that hangs all the same, and there is another.
    const printed = async () => {
      const status = await running.devices.status();
      return status.ok ? running.devices.print('job-3', receipt) : status;
    };
    await expect.poll(printed, { timeout: 25_000 }).toMatchObject({ ok: true });
  });

  it('waits longer each time when the process falls over at once', async () => {
    const delays: number[] = [];
    const log = rememberingLog();
    host = startDeviceHost({
      spawn: spawnNodeChild,
      modulePath,
      roles: rolesOf('crash', null, []),
      log: {
        ...log,
        warn: (event, fields) => {
          if (event === 'process-ended') delays.push(Number(fields['restartInMs']));
        },
      },
      monoMs: () => performance.now(),
      restart: quick,
    });
    await until(() => delays.length >= 4);
    expect(delays.slice(0, 4)).toEqual([20, 40, 80, 80]);
  });

  it('leaves no process behind when it stops, also while one is waiting to start', async () => {
    const pids: number[] = [];
    const noting: SpawnChild = (path, args, name) => {
      const child = spawnNodeChild(path, args, name);
      if (child.pid !== null) pids.push(child.pid);
      return child;
    };
    const { host: running } = start('virtual', { spawn: noting });
    await running.devices.status();
    await running.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await running.devices.status()).toEqual({ ok: false, error: { code: 'gone' } });
  });
});
