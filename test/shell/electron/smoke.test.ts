import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasScreen, thisMachine } from '#shell/web/browser.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const reason = whyNot();

/** Why Electron cannot run here; null where it can. */
function whyNot(): string | null {
  if (electronProgram() === null) {
    return 'no Electron runtime on this machine: npx install-electron fetches it';
  }
  if (!hasScreen(thisMachine())) return 'no screen for Electron’s window';
  if (!existsSync(join(root, 'dist', 'electron', 'main.js'))) return 'dist/electron is not built';
  return null;
}

function electronProgram(): string | null {
  const folder =
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules', 'electron', 'dist');
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const path = join(folder, names[process.platform] ?? 'electron');
  return existsSync(path) ? path : null;
}

let folder: string;
let application: ElectronApplication | null = null;
let page: Page;

beforeAll(async () => {
  const executablePath = electronProgram();
  if (reason !== null || executablePath === null) return;
  folder = mkdtempSync(join(tmpdir(), 'regulars-electron-'));
  application = await _electron.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      root,
      '--data',
      folder,
      '--printer',
      'virtual',
    ],
    timeout: 90_000,
  });
  page = await application.firstWindow();
}, 120_000);
afterAll(async () => {
  await application?.close();
  if (reason === null) rmSync(folder, { recursive: true, force: true });
});
beforeEach((context) => context.skip(reason !== null, reason ?? ''));

describe('the till in Electron', () => {
  it('shows its page from its own scheme', async () => {
    await page.locator('#root > *').first().waitFor();
    expect(page.url()).toBe('till://app/');
  });

  it('gives the page two functions and no Node', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys(Reflect.get(window, 'tillBridge') ?? {}).toSorted(),
      require: typeof Reflect.get(window, 'require'),
      process: typeof Reflect.get(window, 'process'),
    }));
    expect(seen).toEqual({
      bridge: ['onFrame', 'send'],
      require: 'undefined',
      process: 'undefined',
    });
  });

  it('answers a call over its bridge', async () => {
    const answer = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const bridge = Reflect.get(window, 'tillBridge') as {
            send(frame: string): void;
            onFrame(listener: (frame: string) => void): () => void;
          };
          bridge.onFrame((frame) => {
            if (frame.includes('"id":900001')) resolve(frame);
          });
          bridge.send(JSON.stringify({ id: 900_001, method: 'constructor', input: null }));
        }),
    );
    expect(JSON.parse(answer)).toMatchObject({ ok: false, error: { code: 'unknown-method' } });
  });

  it('goes to no other address and opens no other window', async () => {
    await page.evaluate(() => {
      window.open('https://example.com/');
      location.href = 'https://example.com/';
    });
    await page.locator('#root > *').first().waitFor();
    expect(page.url()).toBe('till://app/');
    expect(application?.windows().length).toBe(1);
  });

  it('refuses every permission', async () => {
    const state = await page.evaluate(async () => {
      const { state: granted } = await navigator.permissions.query({ name: 'geolocation' });
      return granted;
    });
    expect(state).toBe('denied');
  });
});
