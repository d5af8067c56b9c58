import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { buildRenderer, launchBrowser } from './support/browser.ts';
import {
  chromiumMajor,
  difference,
  pictureNames,
  pictureOf,
  picturesFolder,
} from './support/component-pictures.ts';

const major = chromiumMajor();
const folder = picturesFolder(major ?? 'none');

/** Why there is nothing to compare with; null where there is. */
function missing(): string | null {
  if (major === null) return NO_CHROMIUM;
  if (existsSync(folder)) return null;
  const known = readdirSync(join(folder, '..')).join(', ');
  return `the pictures of the components are of ${known}, this is Chromium ${major}; npm run pictures takes them anew`;
}

describe('the components look as they did', needs(missing()), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });
  const kept = (name: string): Buffer => readFileSync(join(folder, `${name}.png`));

  test.each(pictureNames)('%s', async (name) => {
    expect(
      await difference(kept(name), await pictureOf(browser, built.directory, name)),
    ).toBeNull();
  });

  test('the comparison finds a key that moved, another colour and another size', async () => {
    const changed = (style: string) =>
      pictureOf(browser, built.directory, 'number-pad', async (page) => {
        await page.addStyleTag({ content: style }).catch(() => undefined);
        await page.evaluate((css) => {
          const key = document.querySelector<HTMLElement>('[data-part="key-5"]');
          key?.style.setProperty(css.split(':')[0] ?? '', css.split(':')[1] ?? '');
        }, style);
      });
    const before = kept('number-pad');
    expect(await difference(before, await changed('translate:3px 3px'))).toMatch(/% of the pixels/);
    expect(await difference(before, await changed('background:rgb(240, 200, 200)'))).toMatch(/%/);
    const wide = await pictureOf(browser, built.directory, 'totals');
    expect(await difference(before, wide)).toMatch(/ became /);
  });

  test('no picture is left of a component that is not pictured any more', () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.png$/, ''));
    expect(files.toSorted()).toEqual(pictureNames.toSorted());
  });
});
