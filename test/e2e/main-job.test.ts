import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveVirtualPrinter, type VirtualPrinterServer } from '#hardware/virtual/tcp-server.ts';
import { textOf, type PaperStrip } from '#hardware/virtual/paper.ts';
import { EPSON_LIKE_80 } from '#hardware/virtual/virtual-printer.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { openPty, ptyMissing, type Pty } from '#test/hardware/support/pty.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage, type SettledSale } from './pages/counter-page.ts';
import { dayPage } from './pages/day-page.ts';
import { launchServer, type LaunchedServer } from './support/launch-server.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const why = chromiumPath === null ? NO_CHROMIUM : ptyMissing;

const card = sampleCards[0]?.number ?? '';
/** A test number of a payment network; it must survive nowhere. */
const PAYMENT_CARD = '4111111111111111';

/** What every test of this file stands on; the tests run in order and build on each other. */
interface Stage {
  readonly folder: string;
  readonly printer: VirtualPrinterServer;
  readonly strips: PaperStrip[];
  readonly scanner: Pty;
  /** Everything that went over the page's socket, both ways. */
  readonly frames: string[];
  readonly browser: Browser;
  server: LaunchedServer;
  till: LaunchedTill;
  counter: CounterPage;
}

describe('the main job, on a serial scanner, a TCP printer and a real browser', needs(why), () => {
  let stage: Stage;
  let enrolled: SettledSale;
  /** Money taken, redeemed money not counted, over the tests of this file. */
  let takenMinor = 0;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-e2e-'));
    const strips: PaperStrip[] = [];
    const printer = await serveVirtualPrinter({
      ...EPSON_LIKE_80,
      host: '127.0.0.1',
      port: 0,
      onStrip: (strip) => void strips.push(strip),
    });
    const scanner = openPty();
    const server = await launchServer({ dataFolder: join(folder, 'server') });
    const till = await launchTill({
      dataFolder: join(folder, 'till'),
      flags: [
        ...['--server', server.url, '--pairing-code', server.pairingCode],
        ...['--printer', `tcp://127.0.0.1:${printer.port}`],
        ...['--scanner', `serial:${scanner.path}`],
      ],
    });
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    const counter = counterPage(page);
    const frames: string[] = [];
    page.on('websocket', (socket) => {
      const keep = ({ payload }: { payload: string | Buffer }): void =>
        void frames.push(payload.toString());
      socket.on('framesent', keep);
      socket.on('framereceived', keep);
    });
    await page.goto(till.link);
    await counter.ready();
    stage = { folder, printer, strips, scanner, frames, browser, server, till, counter };
  });

  afterAll(async () => {
    await stage.browser.close();
    await stage.till.stop();
    await stage.server.stop();
    stage.scanner.close();
    await stage.printer.close();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  const linkIs = (state: string): Promise<void> =>
    stage.counter.page
      .locator(`[data-part="link"][data-state="${state}"]`)
      .waitFor({ timeout: 60_000 });
  const memberIs = (state: string): Promise<void> =>
    stage.counter.page
      .locator(`[data-part="member"][data-state="${state}"]`)
      .waitFor({ timeout: 20_000 });
  const scanSerial = async (code: string): Promise<void> => {
    stage.scanner.write(`${code}\r`);
    await memberIs('known');
  };
  const printed = async (count: number): Promise<string> => {
    await expect.poll(() => stage.strips.length, { timeout: 20_000 }).toBe(count);
    return stage.strips.map(textOf).at(-1) ?? '';
  };

  it('starts and is online', async () => {
    await linkIs('online');
    expect(await stage.counter.memberState()).toBe('empty');
  });

  it('enrols a shopper who gives no number, and the open basket earns at once', async () => {
    await stage.counter.addAmount('12000');
    await stage.counter.enrol({ phone: null, ofAge: true, consents: [], name: 'Zeynep Ç' });
    await memberIs('known');
    enrolled = await stage.counter.settle('cash');
    takenMinor += 12_000;
    expect(enrolled.earned).toBe(120);
    const receipt = await printed(1);
    expect(receipt).toContain('Toplam         120,00 TL');
    expect(receipt).toContain('120,00');
    expect(receipt).not.toContain('?');
  });

  it('knows a card that the serial scanner reads, and earns', async () => {
    await scanSerial(card);
    await expect.poll(() => stage.counter.memberName()).toBe('Ayşe K.');
    await expect.poll(() => stage.counter.points()).toBe(335);
    await stage.counter.addAmount('20000');
    const settled = await stage.counter.settle('card');
    takenMinor += 20_000;
    // 188 points were missing to Gold: this sale reaches it, and already earns 1.25 per 1.00.
    expect(settled).toMatchObject({ earned: 250, balance: 585 });
    expect(await printed(2)).toContain('250');
  });

  it('refuses a payment card, swiped at the serial reader or at the keyboard', async () => {
    await stage.counter.addAmount('100');
    stage.scanner.write(`;${PAYMENT_CARD}=29121010000000000000?\r`);
    await stage.counter.part('notice').waitFor();
    await expect.poll(() => stage.counter.lineCount()).toBe(1);
    await stage.counter.part('action-clear').click();
    await stage.counter.page.locator('[data-part="basket"][data-lines="0"]').waitFor();
    await stage.counter.addAmount('100');
    await stage.counter.scan(PAYMENT_CARD);
    await stage.counter.part('notice').waitFor();
    await expect.poll(() => stage.counter.lineCount()).toBe(1);
    expect(await stage.counter.memberState()).toBe('empty');
    await stage.counter.part('action-clear').click();
    await stage.counter.page.locator('[data-part="basket"][data-lines="0"]').waitFor();
  });

  it('goes on selling and earning while the server is dead, and says so', async () => {
    await stage.server.kill();
    await linkIs('offline');
    await scanSerial(card);
    await stage.counter.addAmount('5000');
    const settled = await stage.counter.settle('cash');
    takenMinor += 5000;
    expect(settled.earned).toBe(62);
    expect(await printed(3)).toContain('62');
    await expect.poll(async () => (await stage.counter.link()).waiting).toBeGreaterThan(0);
  });

  it('shows the day of this till alone while it is offline', async () => {
    await stage.counter.openDay();
    const day = dayPage(stage.counter.page);
    await expect.poll(() => day.source()).toBe('till');
    await day.back();
  });

  it('catches up when the server returns', async () => {
    stage.server = await launchServer({
      dataFolder: join(stage.folder, 'server'),
      port: stage.server.port,
    });
    await linkIs('online');
    await expect
      .poll(async () => (await stage.counter.link()).waiting, { timeout: 60_000 })
      .toBe(0);
    await scanSerial(card);
    await expect.poll(() => stage.counter.points(), { timeout: 20_000 }).toBe(647);
  });

  it('redeems online from a grant, and the receipt says so', async () => {
    await stage.counter.addAmount('8000');
    await stage.counter.tapReward('fifty-off');
    await stage.counter.page
      .locator('[data-part="reward"][data-reward="fifty-off"][data-state="applied"]')
      .waitFor();
    await expect.poll(() => stage.counter.totalMinor()).toBe(3000);
    const settled = await stage.counter.settle('cash');
    takenMinor += 3000;
    expect(settled.balance).toBe(647 - 500 + settled.earned);
    expect(await printed(4)).toContain('500');
  });

  it("shows the manager a day that ties to the server's ledger", async () => {
    await expect
      .poll(async () => (await stage.counter.link()).waiting, { timeout: 60_000 })
      .toBe(0);
    await stage.counter.openDay();
    const day = dayPage(stage.counter.page);
    await expect.poll(() => day.source()).toBe('server');
    await expect.poll(() => day.ties()).toBe(true);
    await expect.poll(async () => Math.abs((await day.terms())[2] ?? 0)).toBe(500);
    const [opening, earned, , expired, other, closing] = await day.terms();
    expect((opening ?? 0) + (earned ?? 0) - 500 - (expired ?? 0) + (other ?? 0)).toBe(closing);
  });

  it('has the payment card in no frame, no file, no log and nowhere on the screen', async () => {
    const digits = PAYMENT_CARD.slice(0, 12);
    const files = readdirSync(stage.folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const holding = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(digits));
    expect(files.length).toBeGreaterThan(10);
    expect(holding).toEqual([]);
    expect(stage.frames.length).toBeGreaterThan(10);
    expect(stage.frames.filter((frame) => frame.includes(digits))).toEqual([]);
    expect(stage.till.output() + stage.server.output()).not.toContain(digits);
    expect(await stage.counter.page.content()).not.toContain(digits);
  });

  it('closes the shift once, with the counted drawer', async () => {
    const day = dayPage(stage.counter.page);
    expect(await day.closeShift(String(takenMinor))).toBe(1);
    await printed(5);
  });
});
