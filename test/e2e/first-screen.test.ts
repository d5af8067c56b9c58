import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { openPage, SCREENS } from './support/open-page.ts';

let folder: string;
let browser: Browser | null = null;
let till: LaunchedTill | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-first-'));
  if (chromiumPath === null) return;
  browser = await launchChromium();
  till = await launchTill({ dataFolder: folder, through: 'start' });
});
afterAll(async () => {
  await browser?.close();
  await till?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach((context) => context.skip(chromiumPath === null, NO_CHROMIUM));

describe('the first screen', () => {
  it('comes up under the strict policy without a complaint, and fits both screens', async () => {
    if (browser === null || till === null) throw new Error(NO_CHROMIUM);
    for (const screen of ['small', 'large'] as const) {
      const { page, complaints, close } = await openPage(browser, till, screen);
      await page.getByText('Moda Kahve').first().waitFor();
      const { width, height } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        height: document.documentElement.scrollHeight,
      }));
      expect([screen, width, height]).toEqual([
        screen,
        SCREENS[screen].width,
        SCREENS[screen].height,
      ]);
      expect(complaints).toEqual([]);
      await close();
    }
  });

  it('shows the same open sale in a second window', async () => {
    if (browser === null || till === null) throw new Error(NO_CHROMIUM);
    const first = await openPage(browser, till);
    const second = await openPage(browser, till);
    await first.page.getByText('Espresso').first().click();
    await second.page.locator('text=₺80,00').first().waitFor();
    await Promise.all([first.close(), second.close()]);
  });
});
