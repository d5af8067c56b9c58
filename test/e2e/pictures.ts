import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sampleCards } from '#server/demo/demo.ts';
import { takeComponentPictures } from '#test/renderer/take-pictures.ts';
import { launchChromium } from '#test/support/chromium.ts';
import { counterPage } from './pages/counter-page.ts';
import { setupPage } from './pages/setup-page.ts';
import { launchTill } from './support/launch-till.ts';
import { openTillSocket, type TillSocket } from './support/till-socket.ts';

/**
 * `npm run pictures`: the pictures of README and docs/tour.md, from the real till in a real browser,
 * and those that the components are compared with.
 */
const folder = mkdtempSync(join(tmpdir(), 'regulars-pictures-'));
const target = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
mkdirSync(target, { recursive: true });

/** Long enough for what moves to come to rest. */
const REST_MS = 500;

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(REST_MS);
  await page.screenshot({ path: join(target, `${name}.png`) });
}

async function openEnglish(browser: Browser, link: string, height = 768): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1024, height }, locale: 'en-GB' });
  await page.addInitScript(() => {
    const settings = { language: 'en', theme: 'light', sound: false };
    localStorage.setItem('regulars.settings', JSON.stringify(settings));
  });
  await page.goto(link);
  return page;
}

async function setUp(browser: Browser): Promise<void> {
  const till = await launchTill({ dataFolder: join(folder, 'own'), flags: ['--setup'] });
  try {
    const page = await openEnglish(browser, till.link);
    const set = setupPage(page);
    await set.part('setup').waitFor();
    await set.part('language-en').click();
    await set.next();
    await set.fill('store-name', 'Harbour Street Coffee');
    await set.next();
    await set.next();
    await set.part('preset-boutique').click();
    await picture(page, 'set-up');
  } finally {
    await till.stop();
  }
}

async function atTheCounter(page: Page, display: Page, socket: TillSocket): Promise<string> {
  const counter = counterPage(page);
  await counter.ready();
  await page.locator('[data-part="link"][data-state="online"]').waitFor();
  for (const [sku, quantityMilli] of [
    ['moda-06', 2000],
    ['moda-16', 1000],
    ['moda-23', 1000],
  ] as const) {
    await socket.call['basket.add-product']({ sku, quantityMilli });
  }
  await counter.scan(sampleCards[2]?.number ?? '');
  await page.locator('[data-part="member"][data-state="known"]').waitFor();
  await counter.tapReward('fifty-off');
  await page.locator('[data-reward="fifty-off"][data-state="applied"]').waitFor();
  await picture(page, 'cashier');
  await picture(display, 'display');
  await counter.part('why-open').click();
  await picture(page, 'why');
  await counter.part('why-close').click();
  const { saleId } = await counter.settle('card');
  await picture(page, 'settled');
  await counter.part('next-sale').click();
  return saleId;
}

async function besideTheSale(page: Page, socket: TillSocket, receipt: string): Promise<void> {
  const counter = counterPage(page);
  await counter.tapProduct('moda-06');
  await counter.part('action-enrol').click();
  await picture(page, 'enrol');
  await counter.part('joining-stop').click();
  await counter.part('action-park').click();
  await counter.part('action-parked').click();
  await picture(page, 'set-aside');
  await counter.part('parked-sale').click();
  await counter.part('action-clear').click();
  await socket.call['return.open']({ receipt });
  await counter.part('return-line').first().click();
  await picture(page, 'return');
  await socket.call['return.cancel'](null);
  await counter.part('cashier').click();
  await picture(page, 'sign-in');
  await counter.part('people-back').click();
  await counter.part('open-settings').click();
  await counter.part('open-devices').click();
  await picture(page, 'devices');
  await counter.part('devices-back').click();
}

async function paperOf(browser: Browser, socket: TillSocket, saleId: string): Promise<void> {
  const sheet = await browser.newPage({ viewport: { width: 480, height: 640 } });
  let view = await socket.call['receipt.view']({ saleId });
  for (let count = 0; count < 100 && (view?.paper ?? null) === null; count += 1) {
    await sheet.waitForTimeout(100);
    view = await socket.call['receipt.view']({ saleId });
  }
  const paper = view?.paper;
  if (paper === null || paper === undefined) throw new Error('The virtual printer drew nothing.');
  await sheet.setContent(
    `<body style="margin:0;padding:24px;background:#d9d4c8;width:max-content">${paper.svg}</body>`,
  );
  await sheet
    .locator('svg')
    .evaluate((svg) => svg.setAttribute('style', 'display:block;width:430px;height:auto'));
  await sheet.locator('body').screenshot({ path: join(target, 'receipt.png') });
}

const browser = await launchChromium();
try {
  await setUp(browser);
  const till = await launchTill({ dataFolder: join(folder, 'demo') });
  try {
    const page = await openEnglish(browser, till.link);
    const display = await openEnglish(browser, till.displayLink(), 600);
    const socket = await openTillSocket(till.nextLink());
    const saleId = await atTheCounter(page, display, socket);
    await paperOf(browser, socket, saleId);
    const { lastSale } = await socket.call.state(null);
    await besideTheSale(page, socket, lastSale?.receipt ?? '');
    await counterPage(page).openDay();
    await picture(page, 'day');
    for (const name of ['exceptions', 'members']) {
      await page.locator(`[data-part="tab-${name}"]`).click();
      await picture(page, name);
    }
    socket.end();
  } finally {
    await till.stop();
  }
  process.stdout.write(`The pictures are in ${target}\n`);
  process.stdout.write(`The components’ are in ${await takeComponentPictures()}\n`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
