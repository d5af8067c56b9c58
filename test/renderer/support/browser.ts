import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, type PluginOption } from 'vite';
import { NO_CHROMIUM } from '#test/support/chromium.ts';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is, or null. `CHROMIUM_PATH` wins. */
export function findChromium(): string | null {
  const asked = process.env['CHROMIUM_PATH'];
  return (
    [...(asked === undefined ? [] : [asked]), ...candidates].find((path) => existsSync(path)) ??
    null
  );
}

/** Why no browser test can run here, for `needs`; null where they can. */
export const browserMissing: string | null = findChromium() === null ? NO_CHROMIUM : null;

/** Starts the machine's Chromium, quiet and without its sandbox (which root cannot have). */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  });
}

/**
 * The renderer built as it ships, in a folder of its own that `remove` deletes; `more` plugins may
 * change what it says. `npm test` has just built it once for all: then it is that one.
 */
export async function buildRenderer(
  more: readonly PluginOption[] = [],
): Promise<{ readonly directory: string; remove(): void }> {
  const shipped = process.env['REGULARS_TEST_PAGE'];
  if (shipped !== undefined && more.length === 0) return { directory: shipped, remove() {} };
  const directory = mkdtempSync(join(tmpdir(), 'regulars-renderer-'));
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: join(import.meta.dirname, '../../../renderer/vite.config.ts'),
    logLevel: 'error',
    plugins: [...more],
    build: { outDir: directory },
  });
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** How long a test waits for what must come; a busy machine is not a defect. */
const WAIT_MS = 60_000;

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly language: 'en' | 'tr' | 'de' | 'ar';
  readonly theme: 'light' | 'dark' | 'contrast';
}

export const usualLook: Look = { width: 1024, height: 768, language: 'en', theme: 'light' };

/** A page with its settings made, and everything its console said. */
export async function openPage(
  browser: Browser,
  url: string,
  look: Look,
): Promise<{
  readonly page: Page;
  readonly context: BrowserContext;
  readonly said: readonly string[];
}> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    (settings) => window.localStorage.setItem('regulars.settings', settings),
    JSON.stringify({ language: look.language, theme: look.theme, sound: false }),
  );
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`pageerror: ${error.message}`));
  await page.goto(url);
  await page.locator('[data-part="counter"]').waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, context, said };
}
