import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { displayPage } from './pages/display-page.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const why = chromiumPath === null ? NO_CHROMIUM : null;
const [card, otherCard] = sampleCards;

/** The page that faces the shopper, beside the cashier's, in a browser of its own. */
describe('the shopper’s display', needs(why), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let counter: CounterPage;
  let display: Page;

  const part = (name: string) => display.locator(`[data-part="${name}"]`);
  const scene = (kind: string) => display.locator(`[data-part="display"][data-scene="${kind}"]`);

  const looksRight = (): Promise<void> => displayPage(display).expectSound();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-display-'));
    till = await launchTill({ dataFolder: join(folder, 'data') });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    counter = counterPage(page);
    await page.goto(till.link);
    await counter.ready();
    const facing = await browser.newContext({ viewport: { width: 1024, height: 600 } });
    display = await facing.newPage();
    await display.goto(till.displayLink());
    await scene('idle').waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await till.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows whose shop it is and how to begin', async () => {
    await looksRight();
  });

  it('mirrors the sale, its shopper and what the sale brings', async () => {
    await counter.scan(card?.number ?? '');
    await counter.tapProduct('moda-06');
    await counter.addAmount('2500');
    await scene('basket').waitFor();
    await expect.poll(() => part('display-total').getAttribute('data-minor')).toBe('15000');
    await expect.poll(() => part('display-greeting').textContent()).toContain('Ayşe');
    await expect
      .poll(() => part('display-balance').getAttribute('data-points'))
      .toBe(String(await counter.points()));
    await looksRight();
  });

  it('lets the shopper use a reward; the cashier sees it at once', async () => {
    const before = await counter.totalMinor();
    await part('display-reward').first().click();
    await expect.poll(() => counter.totalMinor()).toBeLessThan(before);
    await part('display-saved').waitFor();
    await expect
      .poll(() => part('display-total').getAttribute('data-minor'))
      .toBe(String(await counter.totalMinor()));
  });

  it('thanks the shopper of that sale, with a code to photograph', async () => {
    const { earned } = await counter.settle('cash');
    await scene('thanks').waitFor();
    await expect
      .poll(() => part('display-earned').getAttribute('data-points'))
      .toBe(String(earned));
    await part('qr').waitFor();
    await looksRight();
  });

  it('holds nothing of a sale once the next card is scanned', async () => {
    await counter.scan(otherCard?.number ?? '');
    await scene('basket').waitFor();
    expect(await display.locator('body').textContent()).not.toContain('Ayşe');
  });
});
