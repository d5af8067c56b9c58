import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { scenes } from '#test/renderer/gallery/scenes.ts';
import { managerPages } from '#test/renderer/gallery/screens.ts';
import { startScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import {
  browserMissing,
  buildRenderer,
  launchBrowser,
  type Look,
  openPage,
} from '#test/renderer/support/browser.ts';
import { measureGlass } from '#test/renderer/support/glass.ts';

const looks: readonly (Look & { readonly withAxe: boolean })[] = [
  { width: 1024, height: 768, language: 'en', theme: 'light', withAxe: true },
  { width: 1024, height: 768, language: 'tr', theme: 'light', withAxe: false },
  { width: 1024, height: 768, language: 'de', theme: 'dark', withAxe: false },
  { width: 1024, height: 768, language: 'ar', theme: 'dark', withAxe: true },
  { width: 1366, height: 768, language: 'ar', theme: 'contrast', withAxe: false },
  { width: 1920, height: 1080, language: 'de', theme: 'light', withAxe: false },
];

describe('the manager’s pages in their looks', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  test.each(looks)(
    'fit, read and can be hit at $width × $height, $language, $theme',
    async ({ withAxe, ...look }) => {
      const { state, day } = scenes['day-ties'];
      const till = await startScriptedTill(built.directory, state);
      const { page, context, said } = await openPage(browser, till.url, look);
      try {
        till.show(state, day);
        const part = (name: string) =>
          page.locator(`[data-part="${name}"] >> visible=true`).first();
        for (const [name, [steps, stands]] of Object.entries(managerPages)) {
          await part('open-day').click();
          await part('equation').waitFor();
          for (const step of steps) await part(step).click();
          await part(stands).waitFor();
          // Sizes are in u, which grows with the screen: only where u is 1 px are they pixels.
          const glass = await measureGlass(page, false);
          expect.soft({ name, ...glass }).toEqual({
            name,
            scrolls: false,
            cutOff: [],
            small: [],
            crowded: [],
          });
          if (withAxe) {
            const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
            const faults = violations.map(
              ({ id, nodes }) =>
                `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
            );
            expect.soft(faults, name).toEqual([]);
          }
          await part('day-back').click();
        }
        expect(said).toEqual([]);
      } finally {
        await context.close();
        await till.close();
      }
    },
  );
});
