import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chromiumArguments,
  findChromium,
  hasScreen,
  openBrowser,
  type Machine,
} from '#shell/web/browser.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'regulars-browser-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const machine = (env: Machine['env'], userId: number | null = 1000): Machine => ({
  platform: 'linux',
  env,
  userId,
});

function program(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/arguments.new'\nmv '${folder}/arguments.new' '${folder}/arguments'\n`,
    { mode },
  );
  return path;
}

describe('the till’s window in a browser', () => {
  it('is the Chromium that was named, else the first one found', () => {
    const chrome = program('google-chrome');
    expect(findChromium(machine({ PATH: folder }))).toBe(chrome);
    const chromium = program('chromium');
    expect(findChromium(machine({ PATH: folder }))).toBe(chromium);
    expect(findChromium(machine({ PATH: folder, CHROMIUM_PATH: chrome }))).toBe(chrome);
  });

  it('is none where there is none that can run', () => {
    program('chromium', 0o644);
    expect(findChromium(machine({ PATH: folder }))).toBeNull();
    expect(findChromium(machine({}))).toBeNull();
  });

  it('opens as an app of its own, full screen only when asked', async () => {
    program('chromium');
    const on = machine({ PATH: folder, DISPLAY: ':0' });
    const link = 'http://127.0.0.1:1/open?token=a';
    const opened = openBrowser(link, join(folder, 'profile'), false, on);
    expect(opened?.kind).toBe('chromium');
    while (!existsSync(join(folder, 'arguments')))
      await new Promise((done) => setTimeout(done, 10));
    const started = readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n');
    expect(started).toEqual([...chromiumArguments(link, join(folder, 'profile'), false, on)]);
    expect(started).toContain(`--app=${link}`);
    expect(started).not.toContain('--kiosk');
    expect(chromiumArguments(link, 'profile', true, on)).toContain('--kiosk');
  });

  it('keeps Chromium’s sandbox for everybody but root, with whom it does not start', () => {
    const args = (userId: number): readonly string[] =>
      chromiumArguments('http://127.0.0.1:1/', 'profile', false, machine({}, userId));
    expect(args(1000)).not.toContain('--no-sandbox');
    expect(args(0)).toContain('--no-sandbox');
  });

  it('is not opened where nobody could see it', () => {
    expect(hasScreen(machine({}))).toBe(false);
    expect(hasScreen(machine({ WAYLAND_DISPLAY: 'wayland-0' }))).toBe(true);
    expect(hasScreen({ ...machine({}), platform: 'win32' })).toBe(true);
    expect(
      openBrowser('http://127.0.0.1:1/', 'profile', false, machine({ PATH: folder })),
    ).toBeNull();
  });
});
