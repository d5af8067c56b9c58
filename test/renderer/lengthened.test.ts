import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HandlersOf } from '#contract/rpc.ts';
import { setupContract, type SetupContract } from '#contract/setup.ts';
import { shopperContract, type ShopperScene } from '#contract/shopper.ts';
import { steps } from '#renderer/setup/steps.ts';
import { needs } from '#test/support/needs.ts';
import { aDevicesView } from './gallery/devices-fixture.ts';
import { aState } from './gallery/fixtures.ts';
import { type Scene, scenes } from './gallery/scenes.ts';
import { mainScenes, managerPages, panels } from './gallery/screens.ts';
import { startScriptedCore } from './gallery/scripted-core.ts';
import { type ScriptedTill, startScriptedTill } from './gallery/scripted-till.ts';
import { aDisplay, shopperAnswers, shopperJoin, shopperScenes } from './gallery/shopper-scenes.ts';
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
  const check = async (page: Page, name: string, mayEllipsis = false): Promise<void> => {
    const glass = await measureGlass(page, mayEllipsis);
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

  test('the counter fits, reads and can be hit', async () => {
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

  test('the manager’s pages fit, read and can be hit', async () => {
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

  test('the devices’ pages fit, read and can be hit', async () => {
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

  /** Any page, without waiting for a counter. */
  const looked = async (url: string, size: { width: number; height: number }): Promise<Page> => {
    const context = await browser.newContext({
      viewport: size,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };

  test('set-up fits, reads and can be hit', async () => {
    const answers: HandlersOf<SetupContract> = { 'setup.apply': () => ({ outcome: 'done' }) };
    const core = await startScriptedCore(built.directory, '/channel', setupContract, answers);
    const page = await looked(core.url, { width: 1024, height: 768 });
    try {
      const at = (step: string) =>
        page.locator(`[data-part="setup"][data-step="${step}"]`).waitFor();
      await at('language');
      await part(page, 'language-en').click();
      for (const step of steps) {
        await at(step);
        await check(page, `set-up ${step}`);
        if (step === 'store') await part(page, 'store-name').fill('Harbour Street Coffee');
        if (step === 'people') {
          await part(page, 'cashier-1').fill('Anna');
          await part(page, 'manager-pin').fill('4711');
        }
        if (step === 'ready') continue;
        await part(page, 'setup-next').click();
      }
    } finally {
      await page.context().close();
      await core.close();
    }
  });

  test('the shopper’s display fits, reads and can be hit', async () => {
    let state = aDisplay({ kind: 'idle' });
    const core = await startScriptedCore(
      built.directory,
      '/display-channel',
      shopperContract,
      shopperAnswers(() => state),
    );
    const page = await looked(`${core.url}display.html`, { width: 1024, height: 600 });
    const one = async (scene: ShopperScene): Promise<void> => {
      state = aDisplay(scene);
      core.emit('state', state);
      await page.locator(`[data-part="display"][data-scene="${scene.kind}"]`).waitFor();
    };
    /** By way of the idle one: two of a kind are not told apart on the glass. */
    const show = async (scene: ShopperScene): Promise<void> => {
      await one({ kind: 'idle' });
      await one(scene);
    };
    /** In both sizes of text; in the large one a shop’s own name of an article may end in dots. */
    const bothSizes = async (name: string): Promise<void> => {
      for (const size of ['usual', 'large']) {
        await page.locator(`[data-part="display"][data-large="${size === 'large'}"]`).waitFor();
        await check(page, `display ${name}, ${size}`, size === 'large');
        await part(page, 'display-large').click();
      }
    };
    try {
      await page.locator('[data-part="display"]').waitFor();
      for (const [name, scene] of Object.entries(shopperScenes)) {
        await show(scene);
        await bothSizes(name);
      }
      await show({ ...shopperJoin, ask: '0190a1b2-0000-7000-8000-000000000003' });
      const joinAt = (at: string) =>
        page.locator(`[data-part="join"][data-page="${at}"]`).waitFor();
      for (const [at, presses] of Object.entries(joinPages)) {
        await joinAt(at);
        await bothSizes(`join ${at}`);
        for (const press of presses) await part(page, press).click();
      }
    } finally {
      await page.context().close();
      await core.close();
    }
  });
});

/** Every page of joining, and what is pressed there to come to the next. */
const joinPages: Readonly<Record<string, readonly string[]>> = {
  language: ['join-en'],
  notice: ['join-next'],
  age: ['join-age-yes'],
  number: [...'5321110001'].map((digit) => `key-${digit}`).concat('join-next'),
  name: ['join-next'],
  choices: [],
};
