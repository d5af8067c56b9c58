import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import { ladderLetters } from '#contract/printer-pairing.ts';
import { calibrationText } from '#scan/calibration.ts';
import { sampleCards, sampleStaff } from '#server/demo/demo.ts';
import { screenAfter } from '#test/hardware/pole/pole-screen.ts';
import { ptyPrinter, type PtyPrinter } from '#test/hardware/printer/pty-printer.ts';
import { PATIENCE_MS } from '#test/hardware/support/patience.ts';
import { openPty, ptyMissing } from '#test/hardware/support/pty.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { scanByKeyboard } from './pages/keyboard-scanner.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const why = chromiumPath === null ? NO_CHROMIUM : ptyMissing;
const supervisor = sampleStaff.find(({ role }) => role === 'supervisor');
const card = sampleCards[0]?.number ?? '';
/** A test number of a payment scheme: what no file may hold. */
const paymentCard = '4111111111111111';

/** Devices in a shop: chosen, paired and tried on the screen, remembered by the program. */
describe('the devices of a shop', needs(why), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let page: Page;
  let counter: CounterPage;

  const part = (name: string) => page.locator(`[data-part="${name}"]`).first();
  const step = (name: string) => part(`devices-${name}`).click();
  const well = (name: string) => page.locator(`[data-part="${name}"][data-tone="ok"]`).waitFor();
  const trial = (what: string, state: string) =>
    page.locator(`[data-part="trial-state"][data-what="${what}"][data-state="${state}"]`).waitFor();

  /** Prints a page to look at; once more where a busy machine kept the printer from answering in time. */
  async function tried(what: string): Promise<void> {
    await part(`try-${what}`).click();
    const state = page.locator(`[data-part="trial-state"][data-what="${what}"]`);
    const ends = ['confirmed', 'unconfirmed', 'failed'];
    const ended = page.locator(ends.map((end) => `[data-state="${end}"]`).join(', '));
    await state.and(ended).waitFor();
    if ((await state.getAttribute('data-state')) === 'confirmed') return;
    await part(`try-${what}`).click();
    await trial(what, 'confirmed');
  }

  async function open(): Promise<void> {
    till = await launchTill({ dataFolder: folder });
    page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    counter = counterPage(page);
    await page.goto(till.link);
    await counter.ready();
  }
  async function close(): Promise<void> {
    await page.close();
    await till.stop();
  }
  async function openDevices(): Promise<void> {
    await part('open-settings').click();
    await part('open-devices').click();
    await part('printer-virtual').waitFor();
  }
  async function useAddress(role: string, address: string): Promise<void> {
    await part(`${role}-address`).fill(address);
    await part(`${role}-use`).click();
    await part(`${role}-serial:${address}`).waitFor();
  }

  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-e2e-devices-'));
    await open();
  }, 120_000);
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'are paired by print and scan, and work the same after a restart',
    { timeout: 180_000 },
    async () => {
      const printer = ptyPrinter();
      const scanner = openPty();
      const pole = openPty();
      onTestFinished(() => {
        scanner.close();
        pole.close();
      });

      await openDevices();
      await useAddress('printer', printer.pty.path);
      await well('printer-state');

      await step('paper');
      await pairByPrint(printer);
      await tried('receipt');
      expect(printer.receipts.at(-1)).toContain('ÇĞİIÖŞÜ çğıiöşü');

      await step('drawer');
      await part('try-drawer').click();
      await giveWord();
      await expect.poll(() => printer.pulses.length, { timeout: PATIENCE_MS }).toBe(1);
      // The contact is seen open before a hand closes the drawer.
      await part('drawer-seen').waitFor();
      printer.printer.setMechanism({ drawerPinHigh: true });
      await part('drawer-learnt').waitFor();

      await step('scanner');
      await useAddress('scanner', scanner.path);
      await well('scanner-state');
      await part('scanner-start').click();
      await part('scanner-stop').waitFor();
      scanner.write(`#${calibrationText}~\r`);
      await part('lesson-learned').waitFor();

      await step('pole');
      await useAddress('pole', pole.path);
      await well('pole-state');
      pole.read();
      await part('try-pole').click();
      const shown = await pole.readUntil((all) => all.includes('12345678901234567890\r'));
      expect(screenAfter(shown)[1]).toBe('12345678901234567890');

      await close();
      await open();
      // The scanner is read as it was learnt: what it puts around the card is taken off.
      await expect
        .poll(
          async () => {
            scanner.write(`#${card}~\r`);
            return counter.memberState();
          },
          { timeout: PATIENCE_MS, interval: 2_000 },
        )
        .toBe('known');
      await counter.addAmount('2500');
      pole.read();
      const before = printer.receipts.length;
      const { earned } = await counter.settle('cash');
      await expect.poll(() => printer.receipts.length, { timeout: PATIENCE_MS }).toBe(before + 1);
      expect(printer.receipts.at(-1)).toContain('25,00');
      const thanks = await pole.readUntil((all) => all.includes('Tesekkurler'));
      const last = thanks.subarray(thanks.lastIndexOf(Buffer.from('\u001BQA')));
      const [upper, lower] = screenAfter(last);
      expect(upper).toMatch(/^Tesekkurler +25,00$/);
      expect(lower).toContain(`Puan +${earned}`);
    },
  );

  it(
    'tell whoever helps what they need and no number of anybody',
    { timeout: 120_000 },
    async () => {
      await scanByKeyboard(page, card);
      await expect.poll(() => counter.memberState(), { timeout: PATIENCE_MS }).toBe('known');
      await scanByKeyboard(page, paymentCard);
      await openDevices();
      await part('printer-address').fill(`serial:/dev/${paymentCard}`);
      await part('printer-use').click();
      await part(`printer-serial:/dev/${paymentCard}`).waitFor();
      await step('report');
      let report = '';
      const write = async (): Promise<string> => {
        await part('report-write').click();
        report = readFileSync((await part('report-file').textContent()) ?? '', 'utf8');
        return report;
      };
      // The printer that is not there is noticed in its own time.
      await expect.poll(write, { timeout: PATIENCE_MS }).toContain('unreachable');
      for (const words of ['== Version', '"printer"', 'process-started'])
        expect(report).toContain(words);
      const digits = report.split('\n').map((row) => row.replaceAll(/\D/g, ''));
      for (const number of [card, paymentCard, ...sampleCards.map((each) => each.number)])
        expect(digits.filter((row) => row.includes(number))).toEqual([]);
    },
  );

  it(
    'may be none at all: the printer on the screen shows its paper live and can be ill',
    { timeout: 120_000 },
    async () => {
      await part('open-settings').click();
      await part('open-paper').click();
      await part('paper-ok').waitFor();
      await part('paper-out').click();
      await part('paper-back').click();
      await counter.addAmount('2500');
      await counter.settle('cash');
      await page.locator('[data-part="printer"][data-state="paper-out"]').waitFor();
      await part('open-settings').click();
      await part('open-paper').click();
      await part('paper-ok').waitFor();
      expect(await page.locator('[data-part="paper-strip"]').count()).toBe(0);
      await part('paper-ok').click();
      await part('paper-strip').waitFor();
      // A hand closes the drawer that the cash sale has opened.
      await page.locator('[data-part="drawer-open"][data-selected]').waitFor();
      await part('drawer-closed').click();
      await page.locator('[data-part="drawer-closed"][data-selected]').waitFor();
      await part('paper-back').click();
      await openDevices();
      await step('drawer');
      await part('try-drawer').click();
      await giveWord();
      await part('drawer-seen').waitFor();
      await part('drawer-close').click();
      await part('drawer-learnt').waitFor();
    },
  );

  /** A cashier may not open the drawer by themselves: somebody who may gives their PIN. */
  async function giveWord(): Promise<void> {
    await page.locator('[data-part="person"]', { hasText: supervisor?.name ?? '' }).click();
    for (const digit of supervisor?.pin ?? '') await part(`pin-${digit}`).click();
    await part('pin-done').click();
  }

  /** Does what a cashier does: looks at the paper, and says which line and which ruler is right. */
  async function pairByPrint(printer: PtyPrinter): Promise<void> {
    await tried('code-pages');
    const ladder = printer.receipts.at(-1) ?? '';
    const right = ladder.split('\n').filter((line) => line.endsWith(ladderLetters));
    const rung = /^\s*(\d+)/.exec(right[0] ?? '')?.[1] ?? 'none';
    await part(`rung-${rung}`).click();
    await page.locator(`[data-part="rung-${rung}"][data-selected]`).waitFor();
    await tried('widths');
    const rulers = (printer.receipts.at(-1) ?? '').split('\n');
    const fits = rulers.flatMap((line) => /^\..*\|(\d+)$/.exec(line)?.[1] ?? []);
    await part(`width-${fits.at(-1)}`).click();
    await page.locator(`[data-part="width-${fits.at(-1)}"][data-selected]`).waitFor();
    expect([rung, fits.at(-1)]).toEqual(['1', '48']);
  }
});
