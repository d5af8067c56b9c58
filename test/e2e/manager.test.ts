import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { dayPage } from './pages/day-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchServer, type LaunchedServer } from './support/launch-server.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const POLL = { timeout: 30_000 };
const [, , elif = ''] = sampleCards.map(({ number }) => number);
/** Can's, the demo shop's manager. */
const PIN = '1470';

describe('a manager on the real program', needs(chromiumPath === null ? NO_CHROMIUM : null), () => {
  let folder = '';
  let browser: Browser;
  let till: LaunchedTill;
  let server: LaunchedServer;
  let screen: CounterPage;
  let behind: CounterSocket;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-manager-'));
    server = await launchServer({ dataFolder: join(folder, 'server') });
    till = await launchTill({
      dataFolder: join(folder, 'till'),
      flags: ['--server', server.url, '--pairing-code', server.pairingCode],
    });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    await page.goto(till.link);
    screen = counterPage(page);
    await screen.ready();
    behind = await openCounter(till, page);
    await behind.synced();
  });

  afterAll(async () => {
    behind?.end();
    await browser?.close();
    await till?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const part = (name: string): ReturnType<CounterPage['part']> => screen.part(name);
  const opened = async (): Promise<void> => {
    await screen.openDay();
    await part('tab-day').click();
  };

  it('opens the sale behind the day’s first number', async () => {
    await screen.scan(elif);
    await behind.becomes({ member: { displayName: 'Elif Ş.' } });
    await behind.call['basket.add-amount']({ amountMinor: 20_000, quantityMilli: 1000 });
    const { saleId } = (await behind.state()).basket;
    expect(await behind.call['sale.settle']({ saleId, tender: 'cash' })).toEqual({
      outcome: 'done',
    });
    await behind.synced();
    await opened();
    await part('scan-rate').click();
    await expect.poll(() => part('entry').count(), POLL).toBe(1);
    await expect.poll(() => part('entry').first().textContent()).toContain('Elif Ş.');
    await expect.poll(() => part('entry').first().textContent()).toContain('Deniz');
    await part('entries-back').click();
    await expect.poll(() => dayPage(screen.page).ties()).toBe(true);
  });

  it('has no exceptions, and says what would stand there', async () => {
    await part('tab-exceptions').click();
    await expect
      .poll(() => part('exceptions').textContent(), POLL)
      .toMatch(/Nothing waits for you|bekleyen bir şey yok/);
  });

  it('finds a member typed in a hurry, gives points, and the day still ties', async () => {
    await part('tab-members').click();
    await part('member-search').fill('SAHIN');
    await expect.poll(() => part('member-row').count(), POLL).toBe(1);
    await part('member-row').first().click();
    await expect.poll(() => part('member-title').textContent(), POLL).toBe('Elif Şahin');
    await part('member-adjust').click();
    await part('adjust-points').fill('15');
    await part('adjust-confirm').click();
    await part('manager-pin').fill('0000');
    await part('adjust-confirm').click();
    await part('adjust-problem').waitFor();
    await part('manager-pin').fill(PIN);
    await part('adjust-confirm').click();
    await expect.poll(() => part('entry').first().getAttribute('data-what'), POLL).toBe('adjust');
    await part('tab-day').click();
    await expect.poll(() => dayPage(screen.page).ties(), POLL).toBe(true);
    await expect.poll(async () => (await dayPage(screen.page).terms())[4], POLL).toBe(15);
  });

  it('sees who sold and how loyal members are, with no data said to be none', async () => {
    await part('tab-staff').click();
    await expect.poll(() => part('staff-row').count(), POLL).toBe(1);
    await part('tab-figures').click();
    await expect.poll(() => part('group-once').count(), POLL).toBe(1);
    await part('group-once').click();
    await expect.poll(() => part('group-row').count(), POLL).toBe(1);
  });

  it('saves the entries as a file and prints X', async () => {
    await part('tab-reports').click();
    const [download] = await Promise.all([
      screen.page.waitForEvent('download'),
      part('export-entries').click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.trim().split('\r\n').length).toBeGreaterThanOrEqual(4);
    expect(text).toContain(',adjust,');
    expect(text).toContain(',200\r\n');
    await part('report-print').click();
    await expect.poll(() => part('report-told').getAttribute('data-tone'), POLL).toBe('ok');
  });

  it('without the server shows this till’s own entries and says so', async () => {
    await server.stop();
    await behind.becomes({ link: { state: 'offline' } });
    await part('tab-day').click();
    await expect.poll(() => dayPage(screen.page).source(), POLL).toBe('till');
    await part('scan-rate').click();
    await expect.poll(() => part('entry').count(), POLL).toBe(1);
    await expect
      .poll(() => part('entries-page').textContent())
      .toMatch(/own entries|kendi kayıtları/);
  });
});
