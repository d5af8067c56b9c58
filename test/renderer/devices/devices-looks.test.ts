import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { aDevicesView, aTroubledView } from '#test/renderer/gallery/devices-fixture.ts';
import { aState } from '#test/renderer/gallery/fixtures.ts';
import { startScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import {
  browserMissing,
  buildRenderer,
  launchBrowser,
  type Look,
  openPage,
} from '#test/renderer/support/browser.ts';
import { measureGlass } from '#test/renderer/support/glass.ts';

const steps = ['printer', 'paper', 'drawer', 'scanner', 'pole', 'report'] as const;
const looks: readonly Look[] = [
  ...(['en', 'tr', 'de', 'ar'] as const).map(
    (language) => ({ width: 1024, height: 768, language, theme: 'light' }) as const,
  ),
  // What fits in one theme fits in the others; their colours are another matter.
  { width: 1024, height: 768, language: 'en', theme: 'dark' },
  { width: 1366, height: 768, language: 'tr', theme: 'contrast' },
  { width: 1920, height: 1080, language: 'ar', theme: 'light' },
];
const virtual = { address: 'virtual', state: 'ready', problem: null, detail: '' } as const;

describe('the devices’ screens in their looks', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`).first();

  /** Fits its window, can be read and hit, and axe finds nothing. */
  async function check(page: Page, name: string, look: Look): Promise<void> {
    const isLarge = look.width > 1366;
    const glass = await measureGlass(page, false);
    // On a large screen every size is multiplied: only what leaves the window is measured there.
    const { scrolls, cutOff } = glass;
    expect
      .soft(isLarge ? { scrolls, cutOff } : glass, name)
      .toEqual(
        isLarge
          ? { scrolls: false, cutOff: [] }
          : { scrolls: false, cutOff: [], small: [], crowded: [] },
      );
    // Roles and contrast hardly change with the language.
    if (look.language === 'de' || (look.language === 'tr' && look.theme !== 'contrast')) return;
    const axe = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const faults = axe.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
    expect.soft(faults, name).toEqual([]);
  }

  test.each(looks)(
    'fit, read and can be hit at $width × $height, $language, $theme',
    async (look) => {
      const till = await startScriptedTill(built.directory, aState({ printer: virtual }));
      const { page, context, said } = await openPage(browser, till.url, look);
      try {
        for (const [name, view] of [
          ['usual', aDevicesView()],
          ['troubled', aTroubledView()],
          ['fixed', aDevicesView({ fixed: ['printer', 'scanners', 'pole'], printer: null })],
        ] as const) {
          till.script({ 'devices.view': () => view });
          await part(page, 'open-settings').click();
          await part(page, 'open-devices').click();
          for (const step of steps) {
            await part(page, `devices-${step}`).click();
            await page.locator(`[data-part="devices"][data-step="${step}"]`).waitFor();
            if (step === 'report') await part(page, 'report-write').click();
            await check(page, `${name} ${step}`, look);
          }
          await part(page, 'devices-done').click();
        }
        await part(page, 'open-settings').click();
        await part(page, 'open-paper').click();
        await part(page, 'paper-strip').waitFor();
        await check(page, 'paper', look);
        expect(said).toEqual([]);
      } finally {
        await context.close();
        await till.close();
      }
    },
  );

  test('every step can be reached and worked by the keyboard alone', async () => {
    const look = { width: 1024, height: 768, language: 'en', theme: 'light' } as const;
    const till = await startScriptedTill(built.directory, aState({ printer: virtual }));
    const { page, context } = await openPage(browser, till.url, look);
    try {
      await part(page, 'open-settings').click();
      await part(page, 'open-devices').click();
      await part(page, 'printer-virtual').waitFor();
      const press = async (name: string): Promise<void> => {
        for (let tabs = 0; tabs < 30; tabs += 1) {
          await page.keyboard.press('Tab');
          const focused = await page.evaluate(
            () => document.activeElement?.closest('[data-part]')?.getAttribute('data-part') ?? '',
          );
          if (focused === name) return page.keyboard.press('Enter');
        }
        throw new Error(`Tab never came to ${name}`);
      };
      // The list is one stop; arrows choose in it.
      await part(page, 'devices-look').focus();
      await page.keyboard.press('Shift+Tab');
      await press('devices-next');
      await page.locator('[data-part="devices"][data-step="paper"]').waitFor();
      await press('try-code-pages');
      await press('devices-next');
      await press('try-drawer');
      await press('devices-next');
      await press('scanner-start');
      // While a scan is waited for every key may be a scanner's; Escape is the way out.
      await part(page, 'scanner-stop').waitFor();
      await page.keyboard.press('Escape');
      await part(page, 'scanner-start').waitFor();
      await press('devices-next');
      await press('devices-next');
      await press('report-write');
      await part(page, 'report-file').waitFor();
      expect(till.calls.map(({ method, input }) => [method, input])).toEqual(
        expect.arrayContaining([
          ['devices.try', { what: 'code-pages' }],
          ['drawer.open', null],
          ['devices.learn', { on: true }],
          ['devices.learn', { on: false }],
          ['devices.report', null],
        ]),
      );
    } finally {
      await context.close();
      await till.close();
    }
  });
});
