import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#shell/content-security.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');
const bundle = join(root, 'dist', 'electron', 'main.js');
const built = existsSync(bundle) && existsSync(join(root, 'dist', 'renderer', 'index.html'));

interface Result {
  readonly beforeReady: readonly string[];
  readonly calls: readonly string[];
  readonly options: { readonly webPreferences: Record<string, unknown>; readonly kiosk: boolean };
  readonly url: string;
  readonly strangerAnswered: boolean;
  readonly opening: unknown;
  readonly page: { readonly status: number; readonly text: string };
  readonly policy: string;
  readonly escape: number;
  readonly display: { readonly url: string; readonly state: string; readonly cashierCall: string };
}

let folder: string;
let result: Result;

/** The bundle as Electron would run it, with real server, real devices and real database. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-main-'));
  if (!built) return;
  const child = join(import.meta.dirname, '..', 'support', 'electron-main-child.ts');
  const flags = ['--data', join(folder, 'data'), '--printer', 'virtual', '--kiosk'];
  const { stdout } = await run(process.execPath, [child, bundle, root, ...flags], {
    timeout: 110_000,
  });
  result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? 'null') as Result;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => context.skip(!built, 'dist/electron is not built: npm test builds it'));

describe('Electron’s main process, bundled, against a fake of Electron', () => {
  it('prepares sandbox, scheme and crash reports before Electron is ready, and nothing else', () => {
    expect(result.beforeReady).toEqual([
      'app.enableSandbox',
      'protocol.registerSchemesAsPrivileged',
      'crashReporter.start',
    ]);
  });

  it('locks the session before there is a window, and shows the page from its own scheme', () => {
    const order = (name: string): number => result.calls.indexOf(name);
    for (const lock of [
      'session.setPermissionRequestHandler',
      'session.setPermissionCheckHandler',
      'session.setDevicePermissionHandler',
      'session.setDisplayMediaRequestHandler',
      'protocol.handle',
    ]) {
      expect(order(lock)).toBeGreaterThan(-1);
      expect(order(lock)).toBeLessThan(order('new BrowserWindow'));
    }
    expect(result.url).toBe('till://app/');
    expect(result.options.kiosk).toBe(true);
    expect(result.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      preload: join(root, 'dist', 'electron', 'preload.cjs'),
    });
    expect(existsSync(join(root, 'dist', 'electron', 'preload.cjs'))).toBe(true);
  });

  it('serves the page byte for byte, under its policy, and nothing beside it', () => {
    const page = readFileSync(join(root, 'dist', 'renderer', 'index.html'), 'utf8');
    expect(result.page).toEqual({ status: 200, text: page });
    expect(result.policy).toBe(CONTENT_SECURITY_POLICY);
    expect(result.escape).toBe(404);
  });

  it('answers its page, nobody else, and its page again after a crash', () => {
    expect(result.strangerAnswered).toBe(false);
    expect(result.calls).toContain('contents.reload');
    expect(result.opening).toEqual({ action: 'deny' });
  });

  it('puts the shopper’s display on the second screen, which may do nothing of the cashier’s', () => {
    expect(result.display.url).toBe('till://app/display.html');
    expect(result.display.state).toContain('"scene":{"kind":"idle"}');
    expect(result.display.cashierCall).toContain('unknown-method');
  });

  it('runs server and devices as utility processes, and quits after the journal is closed', () => {
    expect(result.calls.filter((name) => name === 'utilityProcess.fork')).toHaveLength(2);
    expect(result.calls.at(-1)).toBe('app.quit');
    expect(result.calls).not.toContain('app.exit');
  });
});
