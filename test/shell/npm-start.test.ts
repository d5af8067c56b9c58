import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchTill } from '#test/e2e/support/launch-till.ts';
import { sampleStaff } from '#server/demo/demo.ts';
import flagTable from '#shell/flags.json' with { type: 'json' };
import { sampleStaffLines } from '#shell/web/messages.ts';

// Whole programs start here, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [join(root, 'scripts/start.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-start-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  it('brings up the demo shop, says where on one line, and which cards to try', async () => {
    const till = await launchTill({ dataFolder: folder, through: 'start' });
    await till.waitForOutput(/Cards to try:\n( {2}29\d{11} {2}\S.*\n){6}/);
    expect(till.output().match(/^Till ready at /gm)).toHaveLength(1);
    const opened = await fetch(till.link, { redirect: 'manual' });
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await fetch(new URL('/', till.link), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root">');
    expect(await till.stop()).toBe(0);
  });

  it('lists its flags without setting anything up', async () => {
    const { stdout } = await start(['--help']);
    for (const { name } of flagTable) expect(stdout).toContain(`  --${name}`);
  });

  it('names the demo’s staff with their PINs, in its help and when it starts', async () => {
    const { stdout } = await start(['--help']);
    for (const { name, role, pin } of sampleStaff) {
      const known = pin === null ? 'no PIN' : `PIN ${pin}`;
      expect(stdout).toContain(`${name} (${role}, ${known})`);
      expect(sampleStaffLines(sampleStaff)).toContain(`  ${name}, ${role}, ${known}\n`);
    }
    expect(sampleStaffLines([])).toBe('');
  });

  it('says how to get Electron where it was asked for and is not', async () => {
    const refused = start(['--electron'], { ELECTRON_OVERRIDE_DIST_PATH: folder });
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npx install-electron'),
    });
  });

  it('starts Electron where its runtime is, with the person’s arguments', async (context) => {
    context.skip(process.platform !== 'linux', 'the stand-in for Electron is a shell script');
    mkdirSync(join(folder, 'electron'));
    writeFileSync(join(folder, 'electron', 'electron'), '#!/bin/sh\necho "electron $@"\n', {
      mode: 0o755,
    });
    const { stdout } = await start(['--kiosk'], {
      ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'electron'),
    });
    expect(stdout).toBe(`electron ${root} --kiosk\n`);
  });
});
