import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { aDevicesView } from './gallery/devices-fixture.ts';
import { aState } from './gallery/fixtures.ts';
import { type Scene, scenes } from './gallery/scenes.ts';
import { mainScenes, managerPages, panels } from './gallery/screens.ts';
import { type ScriptedTill, startScriptedTill } from './gallery/scripted-till.ts';
import {
  browserMissing,
  buildRenderer,
  launchBrowser,
  openPage,
  usualLook,
} from './support/browser.ts';
import { measureGlass } from './support/glass.ts';
import { lengthened, lengthenEnglish } from './support/lengthened.ts';

test('a lengthened sentence has a third more letters and the same values', () => {
  expect(lengthened('Not enough points')).toBe('Noté enoüughç poiğntsö');
  expect(lengthened('{n, plural, one {# point} other {# points}} of {name}')).toMatch(
    /^\{n, plural, one \{# \S{6}\} other \{# \S{8}\}\} \S+ \{name\}$/,
  );
});

describe('the screens with every sentence a third longer', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer([lengthenEnglish])]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const seen = async (watch: (page: Page, till: ScriptedTill) => Promise<void>): Promise<void> => {
    const till = await startScriptedTill(built.directory, aState());
    const { page, context, said } = await openPage(browser, till.url, usualLook);
    try {
      await watch(page, till);
      expect(said).toEqual([]);
    } finally {
      await context.close();
      await till.close();
    }
  };
  const part = (page: Page, name: string) =>
    page.locator(`[data-part="${name}"] >> visible=true`).first();
  const check = async (page: Page, name: string): Promise<void> => {
    const glass = await measureGlass(page, false);
    expect
      .soft({ name, ...glass })
      .toEqual({ name, scrolls: false, cutOff: [], small: [], crowded: [] });
  };
  const home = async (page: Page, till: ScriptedTill, scene: Scene): Promise<void> => {
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    till.show(scene.state, scene.day);
    await part(page, 'counter').waitFor();
    await till.shown(page);
  };

  test('the counter fits, reads and can be hit', { timeout: 90_000 }, async () => {
    await seen(async (page, till) => {
      for (const name of mainScenes) {
        await home(page, till, scenes[name]);
        await check(page, name);
      }
      for (const [name, [scene, steps]] of Object.entries(panels)) {
        await home(page, till, scenes[scene]);
        for (const step of steps) await part(page, step).click();
        if (steps[0] === 'open-day') await part(page, 'equation').waitFor();
        await check(page, name);
      }
    });
  });

  test('the manager’s pages fit, read and can be hit', { timeout: 90_000 }, async () => {
    await seen(async (page, till) => {
      till.show(scenes['day-ties'].state, scenes['day-ties'].day);
      for (const [name, [steps, stands]] of Object.entries(managerPages)) {
        await part(page, 'open-day').click();
        await part(page, 'equation').waitFor();
        for (const step of steps) await part(page, step).click();
        await part(page, stands).waitFor();
        await check(page, name);
        await part(page, 'day-back').click();
      }
    });
  });

  test('the devices’ pages fit, read and can be hit', { timeout: 90_000 }, async () => {
    await seen(async (page, till) => {
      till.script({ 'devices.view': () => aDevicesView() });
      await part(page, 'open-settings').click();
      await part(page, 'open-devices').click();
      for (const step of ['printer', 'paper', 'drawer', 'scanner', 'pole', 'report']) {
        await part(page, `devices-${step}`).click();
        await page.locator(`[data-part="devices"][data-step="${step}"]`).waitFor();
        await check(page, `devices ${step}`);
      }
    });
  });
});
