import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { counterPage } from './pages/counter-page.ts';
import { scanByKeyboard } from './pages/keyboard-scanner.ts';
import { type SetupPage, setupPage } from './pages/setup-page.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { SCREENS } from './support/open-page.ts';

let folder: string;
let browser: Browser;
let till: LaunchedTill | null = null;
let context: BrowserContext;
let page: Page;
let set: SetupPage;
let complaints: string[];

beforeAll(async () => {
  if (chromiumPath !== null) browser = await launchChromium();
});
afterAll(async () => {
  if (chromiumPath !== null) await browser.close();
});
beforeEach((current) => {
  current.skip(chromiumPath === null, NO_CHROMIUM);
  folder = mkdtempSync(join(tmpdir(), 'regulars-setup-'));
});
afterEach(async () => {
  await context?.close();
  await till?.stop();
  till = null;
  rmSync(folder, { recursive: true, force: true });
});

async function start(locale: string): Promise<void> {
  till = await launchTill({ dataFolder: folder, flags: ['--setup'] });
  await open(locale);
}

async function open(locale: string): Promise<void> {
  if (till === null) throw new Error('the till was started');
  context = await browser.newContext({ viewport: SCREENS.small, hasTouch: true, locale });
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(till.nextLink());
  set = setupPage(page);
}

const tap = (part: string): Promise<void> => set.part(part).tap();

async function nextByTouch(): Promise<void> {
  const before = await set.step();
  await tap('setup-next');
  await page.locator(`[data-part="setup"]:not([data-step="${before}"])`).waitFor();
}

/** Nothing scrolls the page, nothing is out of reach of a screen reader or a finger. */
async function expectSound(): Promise<void> {
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  }));
  expect([await set.step(), width, height]).toEqual([await set.step(), 1024, 768]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type="radio"]), select, label')]
      .filter((element) => element.querySelector('select') === null)
      .map((element) => ({ box: element.getBoundingClientRect(), html: element.outerHTML }))
      .filter(({ box }) => box.width > 1 && box.height > 1 && box.height < 55.5)
      .map(({ html }) => html.slice(0, 120))
      .filter((html) => !html.includes('react-aria-Label') && !html.startsWith('<span')),
  );
  expect(small.filter((html) => html.startsWith('<button'))).toEqual([]);
}

/** The Turkish boutique, from the first tap to the counter; returns what the example promised. */
async function boutiqueByTouch(): Promise<{ earns: number; visits: number }> {
  await set.part('setup').waitFor();
  await tap('language-tr');
  await expectSound();
  await nextByTouch();
  await set.fill('store-name', 'Şule Butik');
  await set.fill('store-address', 'Bağdat Caddesi 5, Kadıköy');
  await expectSound();
  await nextByTouch();
  await expectSound();
  await nextByTouch();
  await tap('preset-boutique');
  await set.fill('item-name', 'Fular');
  await set.fill('item-price', '450,00');
  await tap('knob-costPoints-more');
  const promised = { earns: await set.exampleEarns(), visits: await set.exampleVisits() };
  await expectSound();
  await nextByTouch();
  await set.fill('cashier-1', 'Şule');
  await set.fill('manager-pin', '4711');
  await expectSound();
  await nextByTouch();
  await set.fill('goods', 'Kemer\t600\nÇanta; 1250,50');
  await expectSound();
  await nextByTouch();
  await expectSound();
  await tap('setup-finish');
  await counterPage(page).ready();
  return promised;
}

describe('set-up', () => {
  it('opens a Turkish boutique by touch, whose first sale earns what the example said, and stays', async () => {
    await start('tr-TR');
    const promised = await boutiqueByTouch();
    expect(promised).toEqual({ earns: 450, visits: 9 });
    const counter = counterPage(page);
    await page.getByText('Şule Butik').first().waitFor();
    await counter.tapProduct('item-1');
    await page.locator('[data-part="basket"][data-lines="1"]').waitFor();
    await counter.enrol({ phone: null, ofAge: true, consents: [] });
    await page.locator('[data-part="earns"]').waitFor();
    await expect.poll(() => counter.totalMinor()).toBe(45_000);
    await expect.poll(() => counter.earns()).toBe(promised.earns);
    expect((await counter.settle('cash')).earned).toBe(promised.earns);
    expect(complaints).toEqual([]);

    await context.close();
    await till?.stop();
    await start('tr-TR');
    await counterPage(page).ready();
    await page.getByText('Şule Butik').first().waitFor();
    await counterPage(page).tapProduct('item-3');
    await page.locator('[data-part="basket"][data-lines="1"]').waitFor();
    expect(await counterPage(page).totalMinor()).toBe(125_050);
    expect(await set.part('setup').count()).toBe(0);
  });

  it('is done with the keyboard alone', async () => {
    await start('en-US');
    await set.part('setup').waitFor();
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    const reach = async (part: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        const focused = await page.evaluate(
          () => document.activeElement?.closest('[data-part]')?.getAttribute('data-part') ?? '',
        );
        if (focused === part || (part.endsWith('*') && focused.startsWith(part.slice(0, -1)))) {
          return;
        }
        await press('Tab');
      }
      throw new Error(`Tab never reaches ${part}`);
    };
    const write = async (part: string, text: string): Promise<void> => {
      await reach(part);
      await press('ControlOrMeta+a');
      await page.keyboard.type(text);
    };
    const next = async (): Promise<void> => {
      const before = await set.step();
      await reach('setup-next');
      await press('Enter');
      await page.locator(`[data-part="setup"]:not([data-step="${before}"])`).waitFor();
    };
    await reach('language-*');
    await next();
    await write('store-name', 'Corner Coffee');
    await next();
    await next();
    await reach('preset-*');
    for (let presses = 0; presses < 2; presses += 1) await press('ArrowDown');
    await page.locator('[data-part="preset-stamps"][data-selected]').waitFor();
    await write('knob-stamps', '6');
    await page.locator('[data-part="example"][data-visits="6"]').waitFor();
    await next();
    await write('cashier-1', 'Ada');
    await write('manager-pin', '80815');
    await next();
    await next();
    // Printer and scanner are offered here and can be set up once there is a till.
    await reach('setup-devices');
    await press(' ');
    await reach('setup-finish');
    await press('Enter');
    await page.locator('[data-part="devices"]').waitFor();
    await reach('devices-back');
    await press('Enter');
    await counterPage(page).ready();
    await page.getByText('Corner Coffee').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('tells every bad answer in words, keeps what was typed, and makes one shop of two taps', async () => {
    await start('en-US');
    await set.part('setup').waitFor();
    await set.next();
    const told = async (text: string, words: RegExp): Promise<void> => {
      await set.fill('store-name', text);
      await set.part('setup-next').click();
      await set.part('store-name-problem').getByText(words).waitFor();
      await expect.poll(() => set.step()).toBe('store');
    };
    await told('', /empty/);
    await told('x'.repeat(200), /200 characters/);
    await told('Coffee 🙂', /no pictures/);
    await told('Coffee\t3.50', /spreadsheet/);
    await set.part('store-name').fill('');
    await set.part('store-name').focus();
    await scanByKeyboard(page, '2900000010017');
    await set.part('setup-next').click();
    await set
      .part('store-name-problem')
      .getByText(/scanned code/)
      .waitFor();
    await set.fill('store-name', "Coffee\u202E & <b>Co</b>'; drop table store");
    expect(await set.part('store-name').inputValue()).not.toContain('\u202E');
    await set.next();
    await set.next();
    const wrongPrice = async (text: string): Promise<void> => {
      await set.fill('item-price', text);
      await set.part('setup-next').click();
      await set
        .part('item-price-problem')
        .getByText(/above zero/)
        .waitFor();
    };
    for (const text of ['0', '-5', '1e9', '9999999999', '5,5,5', '']) await wrongPrice(text);
    await page.reload();
    await set.part('setup').waitFor();
    await set.next();
    await expect
      .poll(() => set.part('store-name').inputValue())
      .toBe("Coffee & <b>Co</b>'; drop table store");
    await set.next();
    await set.next();
    await set.fill('item-price', '5');
    await set.next();
    await set.fill('cashier-1', 'Ada');
    await set.fill('manager-pin', '80815');
    await set.next();
    await set.next();
    await set.part('setup-finish').dblclick();
    await counterPage(page).ready();
    await page.getByText('drop table store').first().waitFor();
  });

  it('changes the programme later by the manager’s PIN, from the next sale on', async () => {
    await start('tr-TR');
    await boutiqueByTouch();
    await tap('open-settings');
    await tap('open-programmes');
    await tap('preset-stamps');
    await set.part('programmes-changes').waitFor();
    const apply = async (pin: string): Promise<void> => {
      await set.fill('programmes-manager-pin', pin);
      await tap('programmes-save');
    };
    await apply('9999');
    await set.part('programmes-problem').waitFor();
    await apply('4711');
    await set.part('programmes-done').waitFor();
    await tap('programmes-back');
    const counter = counterPage(page);
    await counter.ready();
    await counter.tapProduct('item-1');
    await page.locator('[data-part="basket"][data-lines="1"]').waitFor();
    await counter.enrol({ phone: null, ofAge: true, consents: [] });
    await page.locator('[data-part="earns"][data-points="1"]').waitFor();
    expect(complaints).toEqual([]);
  });

  it('does not put a shop of one’s own into the demo’s folder', async () => {
    till = await launchTill({ dataFolder: folder });
    await till.stop();
    till = await launchTill({ dataFolder: folder, flags: ['--setup'] });
    expect(till.state).toBe('problem');
    expect(till.output()).toContain('holds the demo shop');
  });
});
