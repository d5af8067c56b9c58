import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sampleCards } from '#server/demo/demo.ts';
import { ptyPrinter } from '#test/hardware/printer/pty-printer.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const why = chromiumPath === null ? NO_CHROMIUM : ptyMissing;
const [card, otherCard] = sampleCards.map(({ number }) => number);

/** Cables that are pulled while a shop works; a link is the socket, a pty what is plugged into it. */
describe('a device unplugged while the till works', needs(why), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let page: Page;
  let counter: CounterPage;
  const socket = (name: string): string => join(folder, name);
  const plug = (path: string, name: string): void => symlinkSync(path, socket(name));
  const pull = (name: string): void => unlinkSync(socket(name));
  const print = (state: string) =>
    page.locator(`[data-part="print"][data-state="${state}"]`).waitFor();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-unplugged-'));
    browser = await launchChromium();
    till = await launchTill({
      dataFolder: join(folder, 'data'),
      flags: [
        '--printer',
        `serial:${socket('printer')}`,
        '--scanner',
        `serial:${socket('scanner')}`,
      ],
    });
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    counter = counterPage(page);
    await page.goto(till.link);
    await counter.ready();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await till.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('in the middle of a scan: half a code is none, and the next whole one is read', async () => {
    const first = openPty();
    onTestFinished(() => first.close());
    plug(first.path, 'scanner');
    // Looked for once in a while: the first scan may come before it was found.
    await expect
      .poll(
        async () => {
          first.write(`${card}\r`);
          return counter.memberState();
        },
        { timeout: PATIENCE_MS, interval: 1_000 },
      )
      .toBe('known');
    const name = await counter.memberName();
    first.write((otherCard ?? '').slice(0, 8));
    await page.waitForTimeout(50);
    pull('scanner');
    first.close();
    await page.waitForTimeout(500);
    const second = openPty();
    onTestFinished(() => second.close());
    plug(second.path, 'scanner');
    await expect
      .poll(
        async () => {
          second.write(`${otherCard}\r`);
          return counter.memberName();
        },
        { timeout: PATIENCE_MS, interval: 1_000 },
      )
      .not.toBe(name);
    await expect.poll(() => counter.memberState()).toBe('known');
    pull('scanner');
  }, 60_000);

  it('in the middle of a print: the sale stands, the screen says so, and only a person prints it again', async () => {
    // The line takes the receipt, and the printer not a line of it.
    const first = ptyPrinter((bytes) => !bytes.includes('Moda Kahve'));
    plug(first.pty.path, 'printer');
    await page.locator('[data-part="printer"]').waitFor({ state: 'detached' });
    await counter.addAmount('2500');
    await counter.settle('cash');
    await expect
      .poll(() => Buffer.concat(first.received).includes('Moda Kahve'), { timeout: PATIENCE_MS })
      .toBe(true);
    pull('printer');
    first.pty.close();
    await page
      .locator('[data-part="print"]:is([data-state="failed"], [data-state="unconfirmed"])')
      .waitFor();

    const second = ptyPrinter();
    plug(second.pty.path, 'printer');
    await page.locator('[data-part="printer"]').waitFor({ state: 'detached', timeout: 30_000 });
    await page.waitForTimeout(1_000);
    expect(second.receipts.filter((paper) => paper.includes('25,00'))).toEqual([]);
    await counter.part('print-again').click();
    await print('confirmed');
    const [again, ...more] = second.receipts.filter((paper) => paper.includes('25,00'));
    expect(more).toEqual([]);
    expect(again).toMatch(/KOPYA|COPY/i);
  }, 90_000);
});
