import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleCards } from '#server/demo/demo.ts';
import { launchChromium } from '#test/support/chromium.ts';
import { counterPage } from './pages/counter-page.ts';
import { launchTill } from './support/launch-till.ts';
import { openTillSocket } from './support/till-socket.ts';

/** `npm run pictures`: the README's pictures, from the real till in a real browser. */
const folder = mkdtempSync(join(tmpdir(), 'regulars-pictures-'));
const target = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
mkdirSync(target, { recursive: true });
const till = await launchTill({ dataFolder: folder });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
  await page.addInitScript(() => {
    const settings = { language: 'en', theme: 'light', sound: false };
    localStorage.setItem('regulars.settings', JSON.stringify(settings));
  });
  const counter = counterPage(page);
  await page.goto(till.link);
  await counter.ready();
  await page.locator('[data-part="link"][data-state="online"]').waitFor();

  const socket = await openTillSocket(till.nextLink());
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
  await page.screenshot({ path: join(target, 'cashier.png') });

  const { saleId } = await counter.settle('card');
  let view = await socket.call['receipt.view']({ saleId });
  for (let count = 0; count < 100 && (view?.paper ?? null) === null; count += 1) {
    await page.waitForTimeout(100);
    view = await socket.call['receipt.view']({ saleId });
  }
  const paper = view?.paper;
  if (paper === null || paper === undefined) throw new Error('The virtual printer drew nothing.');
  await counter.openDay();
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(target, 'day.png') });
  socket.end();

  const sheet = await browser.newPage({ viewport: { width: 480, height: 640 } });
  await sheet.setContent(
    `<body style="margin:0;padding:24px;background:#d9d4c8;width:max-content">${paper.svg}</body>`,
  );
  await sheet
    .locator('svg')
    .evaluate((svg) => svg.setAttribute('style', 'display:block;width:430px;height:auto'));
  await sheet.locator('body').screenshot({ path: join(target, 'receipt.png') });
  process.stdout.write(`The pictures are in ${target}\n`);
} finally {
  await browser.close();
  await till.stop();
  rmSync(folder, { recursive: true, force: true });
}
