import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { devicesView, type Trial } from '#contract/device-setup.ts';
import type { Child, SpawnChild } from '#shell/child.ts';
import { createDeviceDesk, type DeviceDesk } from '#shell/devices/device-desk.ts';
import { startDeviceHost, type DeviceHost } from '#shell/devices/device-host.ts';
import { rememberDevices } from '#shell/devices/remembered-devices.ts';
import { parseFlags } from '#shell/flags.ts';
import { spawnNodeChild } from '#shell/node-child.ts';
import { calibrationText } from '#scan/calibration.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { rememberingLog } from '#test/shell/support/quiet-log.ts';
import { needs } from '#test/support/needs.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface Stage {
  readonly desk: DeviceDesk['handlers'];
  readonly host: DeviceHost;
  /** Every device process there was. */
  readonly children: readonly Child[];
  /** Nobody is signed in any more. */
  lock(): void;
  /** What is remembered on the disk. */
  remembered(): unknown;
}

/** The desk over the real device process, in a folder of its own. */
async function stage(...typed: string[]): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-desk-'));
  const flags = parseFlags(typed);
  if (!flags.ok) throw new Error(flags.error);
  const log = rememberingLog();
  const children: Child[] = [];
  const spawn: SpawnChild = (...asked) => {
    const child = spawnNodeChild(...asked);
    children.push(child);
    return child;
  };
  const file = join(folder, 'devices.json');
  const remembered = rememberDevices(file, flags.value, log);
  const host = startDeviceHost({
    spawn,
    modulePath: join(root, 'hardware', 'worker.ts'),
    roles: remembered.roles(),
    log,
    monoMs: () => performance.now(),
  });
  const locked = { now: false };
  let jobs = 0;
  const desk = createDeviceDesk({
    host,
    remembered,
    rulesFile: join(root, 'hardware', '70-regulars-devices.rules'),
    platform: 'linux',
    isLocked: () => Promise.resolve(locked.now),
    language: () => 'tr',
    newJobId: () => `trial-${(jobs += 1)}`,
    report: () => Promise.resolve({ reason: 'no room' }),
    log,
  });
  onTestFinished(async () => {
    desk.stop();
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await expect
    .poll(() => host.devices.status(), { timeout: PATIENCE_MS })
    .toMatchObject({ ok: true });
  return {
    desk: desk.handlers,
    host,
    children,
    lock: () => void (locked.now = true),
    remembered: () => JSON.parse(readFileSync(file, 'utf8')),
  };
}
const call = <Name extends keyof DeviceDesk['handlers']>(
  { desk }: Stage,
  name: Name,
  input: Parameters<DeviceDesk['handlers'][Name]>[0],
) =>
  Promise.resolve((desk[name] as (value: unknown) => unknown)(input)) as Promise<
    Awaited<ReturnType<DeviceDesk['handlers'][Name]>>
  >;
const view = async (at: Stage) => devicesView.parse(await call(at, 'devices.view', null));
const done = { outcome: 'done' };

/** The trial on the desk; one of which nothing was sent, as a busy machine may have it, is begun again. */
async function trialOf(at: Stage, what: Trial) {
  const { trial } = await view(at);
  const { state, sentBytes } = trial?.report ?? {};
  if (state === 'failed' && sentBytes === 0) await call(at, 'devices.try', { what });
  return trial;
}

describe('the devices’ desk', () => {
  it('starts other drivers when another printer is chosen, and none is left behind', async () => {
    const at = await stage();
    const { roles } = await view(at);
    const printer = { ...roles.printer, address: 'tcp://127.0.0.1:9' };
    expect(await call(at, 'devices.choose', { printer })).toEqual(done);
    await expect
      .poll(async () => (await view(at)).printer, { timeout: PATIENCE_MS })
      .toMatchObject({ address: 'tcp://127.0.0.1:9', state: 'unreachable' });
    expect(at.remembered()).toMatchObject({ printer: { address: 'tcp://127.0.0.1:9' } });
    expect(at.children).toHaveLength(2);
    const first = at.children[0]?.pid ?? 0;
    expect(() => process.kill(first, 0)).toThrow('ESRCH');
  });

  it('remembers what was learnt about a drawer without starting anything anew', async () => {
    const at = await stage();
    const { roles } = await view(at);
    await call(at, 'devices.choose', { printer: { ...roles.printer, drawerOpenLevel: 'low' } });
    expect((await view(at)).roles.printer.drawerOpenLevel).toBe('low');
    expect(at.children).toHaveLength(1);
  });

  it('changes nothing that the command line gives, and says so', async () => {
    const at = await stage('--printer', 'virtual', '--scanner', 'keyboard');
    const { roles, fixed } = await view(at);
    expect(fixed).toEqual(['printer', 'scanners']);
    const refused = { outcome: 'refused', reason: 'given-on-command-line' };
    const printer = { ...roles.printer, address: 'none' };
    expect(await call(at, 'devices.choose', { printer })).toEqual(refused);
    expect(await call(at, 'devices.choose', { scanners: [] })).toEqual(refused);
    // What pairing learns about that printer is another matter.
    const pairing = { codePage: { page: 'cp857', number: 13 }, columns: 48 } as const;
    expect(await call(at, 'devices.choose', { printer: { ...roles.printer, pairing } })).toEqual(
      done,
    );
    expect((await view(at)).roles.printer).toMatchObject({ address: 'virtual', pairing });
  });

  it('takes no printer away from a receipt that is on its way', async () => {
    const at = await stage();
    const { roles } = await view(at);
    const printing = at.host.devices.print('sale-1', {
      language: 'tr',
      lines: Array.from({ length: 900 }, () => ({ kind: 'rule' as const })),
      openDrawer: false,
    });
    const other = { printer: { ...roles.printer, address: 'none' } };
    // Both are asked before the process can have answered: the job is under way.
    const asked = [call(at, 'devices.choose', other), call(at, 'devices.try', { what: 'receipt' })];
    const refused = { outcome: 'refused', reason: 'printing' };
    expect(await Promise.all(asked)).toEqual([refused, refused]);
    expect(await printing).toMatchObject({ ok: true });
    expect(await call(at, 'devices.choose', other)).toEqual(done);
  });

  it('prints trial pages, follows them, and shows the virtual printer’s paper', async () => {
    const at = await stage();
    for (const what of ['code-pages', 'widths', 'receipt'] as const) {
      expect(await call(at, 'devices.try', { what })).toEqual(done);
      await expect
        .poll(() => trialOf(at, what), { timeout: PATIENCE_MS })
        .toMatchObject({ what, report: { state: 'confirmed' } });
    }
    const first = await call(at, 'devices.paper', { after: 0 });
    const second = await call(at, 'devices.paper', { after: first?.number ?? 0 });
    expect([first?.number, second?.number]).toEqual([1, 2]);
    const third = await call(at, 'devices.paper', { after: 2 });
    expect(third?.paper.svg).toContain('Deneme sayfası');
    expect(await call(at, 'devices.paper', { after: 3 })).toBeNull();
    expect(await call(at, 'devices.report', null)).toEqual({
      outcome: 'refused',
      reason: 'no room',
    });
  });

  it('changes, prints and writes nothing for a till that is locked', async () => {
    const at = await stage();
    at.lock();
    const refused = { outcome: 'refused', reason: 'locked' };
    expect(
      await call(at, 'devices.choose', { scanners: [{ address: 'hid', identity: null }] }),
    ).toEqual(refused);
    expect(await call(at, 'devices.forget-scanners', null)).toEqual(refused);
    expect(await call(at, 'devices.try', { what: 'receipt' })).toEqual(refused);
    expect(await call(at, 'devices.report', null)).toMatchObject({ outcome: 'refused' });
    await call(at, 'devices.learn', { on: true });
    expect(await view(at)).toMatchObject({ lesson: null, trial: null, roles: { scanners: [] } });
  });

  it('names the file and the commands that give a person their devices', async () => {
    const { permission } = await view(await stage());
    expect(readFileSync(permission?.file ?? '', 'utf8')).toContain('SUBSYSTEM=="usbmisc"');
    expect(permission?.commands[0]).toContain(permission?.file);
    expect(permission?.commands[0]).toContain('udevadm control --reload');
  });
});

describe('a scanner that sends bytes, at the desk', needs(ptyMissing), () => {
  it('is learnt by one scan, remembered, forgotten; waiting can be ended', async () => {
    const pty = openPty();
    onTestFinished(() => pty.close());
    const at = await stage();
    const address = `serial:${pty.path}`;
    await call(at, 'devices.choose', { scanners: [{ address, identity: null }] });
    await expect
      .poll(async () => (await view(at)).scanners, { timeout: PATIENCE_MS })
      .toMatchObject([{ address, state: 'ready' }]);
    expect((await view(at)).lesson).toBeNull();
    await call(at, 'devices.learn', { on: true });
    expect((await view(at)).lesson).toBe('waiting');
    await call(at, 'devices.learn', { on: false });
    expect((await view(at)).lesson).toBeNull();

    await call(at, 'devices.learn', { on: true });
    // The one before has ended by then; this one waits on.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await view(at)).lesson).toBe('waiting');
    pty.write(`<${calibrationText}>\r`);
    await expect
      .poll(async () => (await view(at)).lesson, { timeout: PATIENCE_MS })
      .toMatchObject({ kind: 'learned', affixes: { prefix: '<', suffix: '>' } });
    expect(at.remembered()).toMatchObject({ affixes: [{ device: address, prefix: '<' }] });
    expect(await call(at, 'devices.forget-scanners', null)).toEqual(done);
    expect(at.remembered()).toMatchObject({ affixes: [] });
  });
});
