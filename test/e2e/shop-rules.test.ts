import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleStaff } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage } from './pages/counter-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const POLL = { timeout: 30_000 };
const managerPin = sampleStaff.find(({ role }) => role === 'manager')?.pin ?? '';

/** A manager decides what may be lost offline and how often members are asked, on the real program. */
describe(
  'what a store decides for itself',
  needs(chromiumPath === null ? NO_CHROMIUM : null),
  () => {
    let folder: string;
    let till: LaunchedTill;
    let browser: Browser;
    let page: Page;
    let behind: CounterSocket;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'regulars-rules-'));
      till = await launchTill({ dataFolder: folder });
      behind = await openCounter(till);
      await behind.synced();
      browser = await launchChromium();
      page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
      await page.goto(till.nextLink());
      await counterPage(page).ready();
    }, 120_000);
    afterAll(async () => {
      behind?.end();
      await browser?.close();
      await till?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const part = (name: string) => page.locator(`[data-part="${name}"]`);
    /** As a person fills fields in: one after the other, never in a scanner's burst. */
    const fill = async (name: string, text: string): Promise<void> => {
      await part(name).fill(text);
      await page.waitForTimeout(400);
    };
    const open = async (): Promise<void> => {
      await part('open-settings').click();
      await part('open-shop-rules').click();
      await part('risk').waitFor();
    };
    const save = async (pin: string): Promise<void> => {
      await fill('shop-rules-manager-pin', pin);
      await part('shop-rules-save').click();
    };
    const caps = async () => (await behind.call['shop.rules'](null)).programmes[0]?.caps ?? null;

    it('offline risk is off, says so, and is turned on with the plain sentence of what may be lost', async () => {
      await open();
      await part('risk-nothing').waitFor();
      expect(await caps()).toBeNull();
      await part('risk-on').click();
      await fill('risk-budget', '10000');
      expect(await part('risk-loss').textContent()).toContain('₺1.000,00');
      await fill('risk-perMember', '1');
      await part('risk-order').waitFor();
      await fill('risk-perMember', '9e9');
      await part('risk-perMember-problem').waitFor();
      await fill('shop-rules-manager-pin', managerPin);
      expect(await part('shop-rules-save').isDisabled()).toBe(true);
      await fill('risk-perMember', '٥٠٠');
      await part('risk-loss').waitFor();
      await save('0001');
      await part('shop-rules-problem').waitFor();
      expect(await part('shop-rules-manager-pin').inputValue()).toBe('');
      expect(await caps()).toBeNull();
      await save(managerPin);
      await part('shop-rules-done').waitFor();
      const wanted = { programme: 'points', perRedemption: 100, perMember: 500 };
      await expect.poll(caps, POLL).toMatchObject({ ...wanted, budget: 10_000 });
    });

    it('the survey is turned off by a nought, and back on; nonsense is said and not saved', async () => {
      const survey = async () => (await behind.call['shop.rules'](null)).survey;
      await fill('survey-days', '-3');
      await part('survey-days-problem').waitFor();
      await fill('survey-days', '0');
      expect(await part('survey-says').textContent()).toContain('Kimseye sorulmaz');
      await save(managerPin);
      await part('shop-rules-done').waitFor();
      await expect.poll(survey, POLL).toEqual({ everyDays: 0 });
      await fill('survey-days', '30');
      await save(managerPin);
      await expect.poll(survey, POLL).toEqual({ everyDays: 30 });
    });

    it('stands after a restart, and off again means nothing can be lost', async () => {
      await till.kill();
      behind.end();
      till = await launchTill({ dataFolder: folder });
      behind = await openCounter(till);
      await behind.synced();
      await page.goto(till.nextLink());
      await counterPage(page).ready();
      await open();
      await part('risk-loss').waitFor();
      expect(await part('risk-budget').inputValue()).toBe('10000');
      expect(await part('survey-days').inputValue()).toBe('30');
      await part('risk-off').click();
      await part('risk-nothing').waitFor();
      await save(managerPin);
      await part('shop-rules-done').waitFor();
      await expect.poll(caps, POLL).toBeNull();
      await part('shop-rules-back').click();
      await counterPage(page).ready();
    });
  },
);
