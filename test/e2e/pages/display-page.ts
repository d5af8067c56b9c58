import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { measureGlass } from '#test/renderer/support/glass.ts';

/** Roles and colours are the same in every language: axe looks at each text size and direction once. */
const audited: readonly string[] = ['en usual', 'ar large'];

/** The page that faces the shopper, for tests: what a shopper does, and what is on the glass. */
export interface DisplayPage {
  readonly page: Page;
  part(name: string): Locator;
  tap(part: string): Promise<void>;
  /** Waits until the display shows such a scene. */
  shows(scene: string): Promise<void>;
  /** Waits until joining has come to that page. */
  joinIsAt(page: string): Promise<void>;
  /** From the language to the page where the number is typed. */
  toNumber(): Promise<void>;
  typeNumber(digits: string): Promise<void>;
  text(): Promise<string>;
  /** Fits the window in every language and both text sizes, and axe finds nothing in either; ends in Turkish. */
  expectSound(): Promise<void>;
}

/** Drives the display that `page` shows. */
export function displayPage(page: Page): DisplayPage {
  const part = (name: string): Locator => page.locator(`[data-part="${name}"]`);
  const tap = (name: string): Promise<void> => part(name).click();
  const joinIsAt = (name: string): Promise<void> =>
    page.locator(`[data-part="join"][data-page="${name}"]`).waitFor();
  return {
    page,
    part,
    tap,
    joinIsAt,
    shows: (scene) =>
      page.locator(`[data-part="display"][data-scene="${scene}"]`).waitFor({ timeout: 30_000 }),
    async toNumber() {
      await joinIsAt('language');
      await tap('join-tr');
      await tap('join-next');
      await tap('join-age-yes');
      await joinIsAt('number');
    },
    async typeNumber(digits) {
      for (const digit of digits) await tap(`key-${digit}`);
    },
    text: async () => (await page.locator('body').textContent()) ?? '',
    async expectSound() {
      for (const language of ['en', 'de', 'ar', 'tr']) {
        await tap(`display-${language}`);
        await page.locator(`html[lang="${language}"]`).waitFor();
        for (const text of ['usual', 'large']) {
          const faults = await measureGlass(page, false);
          expect({ language, text, ...faults }).toEqual({
            ...{ language, text, scrolls: false, cutOff: [], small: [], crowded: [] },
          });
          if (audited.includes(`${language} ${text}`)) {
            const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
            expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
          }
          await tap('display-large');
        }
      }
    },
  };
}
