import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalEntry, type JournalEntry } from '#journal/entry.ts';
import { sampleStaff } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { openPage, type OpenedPage } from './support/open-page.ts';

const pinOf = (name: string): string => sampleStaff.find((known) => known.name === name)?.pin ?? '';
const WRONG = '0000';

/** Who works at the till, in the demo shop and a real browser; the tests build on each other. */
describe('people at the till', needs(chromiumPath === null ? NO_CHROMIUM : null), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  let counter: CounterPage;

  const launch = async (): Promise<void> => {
    till = await launchTill({ dataFolder: folder, flags: ['--printer', 'virtual'] });
    opened = await openPage(browser, till);
    ({ page } = opened);
    counter = counterPage(page);
    await counter.ready();
    page.setDefaultTimeout(15_000);
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-sign-in-'));
    browser = await launchChromium();
    await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await till?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The till's database while the till runs, for reading. */
  const open = (): Database.Database => {
    const file = readdirSync(join(folder, 'till')).find((name) => /\.(?:db|sqlite)$/.test(name));
    return new Database(join(folder, 'till', file ?? ''), { readonly: true });
  };
  /** The journal as it lies on the disk. */
  const entries = (): JournalEntry[] => {
    const database = open();
    const rows = database.prepare('SELECT text FROM journal ORDER BY seq').all() as {
      text: string;
    }[];
    database.close();
    return rows.map(({ text }) => journalEntry.parse(JSON.parse(text)));
  };
  const drawerJob = (): string => {
    const database = open();
    const row = database.prepare("SELECT state FROM print_job WHERE kind = 'drawer'").get();
    database.close();
    return (row as { state: string } | undefined)?.state ?? '';
  };
  const lastOf = (kind: JournalEntry['body']['kind']): JournalEntry | undefined =>
    entries().findLast(({ body }) => body.kind === kind);
  const person = (name: string) => page.locator('[data-part="person"]', { hasText: name });
  const tapPin = async (pin: string): Promise<void> => {
    for (const digit of pin) await counter.part(`pin-${digit}`).click();
    await counter.part('pin-done').click();
  };
  const typePin = async (pin: string): Promise<void> => {
    await counter.enter(pin);
  };
  const peopleGone = (): Promise<void> => counter.part('people').waitFor({ state: 'detached' });
  const atTill = (name: string): Promise<void> =>
    counter.part('cashier').getByText(name, { exact: true }).waitFor();
  const fits = async (): Promise<void> => {
    const axe = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const scrolls = await page.evaluate(() => {
      const root = document.documentElement;
      return root.scrollHeight > root.clientHeight || root.scrollWidth > root.clientWidth;
    });
    expect(scrolls).toBe(false);
  };

  it('lets a newcomer sell at once, and says on the start line as whom to sign in', async () => {
    const said = await till.waitForOutput(/Staff to sign in as:\n(?: {2}\S.*\n){3}/);
    expect(said[0]).toContain(`Selin, supervisor, PIN ${pinOf('Selin')}`);
    expect(said[0]).toContain('Deniz, cashier, no PIN');
    await atTill('Deniz');
    await counter.addAmount('5000');
    await counter.settle('cash');
    expect(lastOf('sale')).toMatchObject({ cashier: 'cashier-deniz', role: 'cashier' });
  });

  it('hands over in two taps and a PIN, by touch alone, with the basket as it is', async () => {
    await counter.addAmount('12000');
    await counter.part('cashier').click();
    await fits();
    await person('Selin').click();
    await fits();
    await tapPin(pinOf('Selin'));
    await peopleGone();
    await atTill('Selin');
    await expect.poll(() => counter.lineCount()).toBe(1);
    await counter.settle('card');
    expect(lastOf('sale')).toMatchObject({ cashier: 'cashier-selin', role: 'supervisor' });
    // Back to somebody without a PIN: two taps and nothing else.
    await counter.part('cashier').click();
    await person('Deniz').click();
    await peopleGone();
    await atTill('Deniz');
  });

  it('locks with the keyboard, takes no scan and no digit meanwhile, and opens with it again', async () => {
    await counter.addAmount('700');
    await page.keyboard.press('Alt+KeyL');
    await counter.part('people').waitFor();
    await fits();
    await expect.poll(() => counter.part('people-kept').getAttribute('data-items')).toBe('1');
    await counter.scan('2900000010017');
    await counter.part('people-locked').waitFor();
    await page.keyboard.press('F10');
    expect(await counter.part('people-back').count()).toBe(0);
    // Selin is the second name; the digits after it are her PIN.
    await counter.type('2');
    await counter.part('pin').waitFor();
    await typePin(pinOf('Selin'));
    await peopleGone();
    await atTill('Selin');
    await expect.poll(() => counter.lineCount()).toBe(1);
    expect(await counter.memberState()).toBe('empty');
    await counter.part('action-clear').click();
  });

  it('takes a badge for a tap on the name, with the scanner and the number keys alone', async () => {
    await counter.part('cashier').click();
    await counter.part('open-staff').click();
    await page.locator('[data-part="staff-person"]', { hasText: 'Can' }).click();
    const badge = (await counter.part('staff-badge').getAttribute('data-text')) ?? '';
    await counter.part('staff-back').click();
    await page.keyboard.press('Alt+KeyL');
    await counter.part('people').waitFor();
    await counter.scan('S:AAAAAAAAAAAA');
    await counter.part('people-locked').waitFor();
    await counter.scan(badge);
    await counter.part('pin').waitFor();
    await typePin(pinOf('Can'));
    await peopleGone();
    await atTill('Can');
  });

  it('asks for somebody’s PIN where a cashier may not, and both stand in the entry', async () => {
    await counter.part('cashier').click();
    await person('Deniz').click();
    await peopleGone();
    await counter.addAmount('250000');
    await counter.settle('cash');
    const sold = lastOf('sale')?.body;
    await counter.addAmount('900');
    await counter.scan(`R:${sold?.kind === 'sale' ? sold.receipt : ''}`);
    await counter.part('return-line').click();
    await counter.part('refund').click();
    await counter.part('refund-confirm').click();
    await counter.part('people').waitFor();
    await expect.poll(() => counter.part('people').getAttribute('data-mode')).toBe('word');
    await expect.poll(() => counter.part('person').allTextContents()).toHaveLength(2);
    await person('Can').click();
    await tapPin(pinOf('Can'));
    await peopleGone();
    await counter.part('settled').waitFor();
    expect(lastOf('return')).toMatchObject({
      cashier: 'cashier-deniz',
      role: 'cashier',
      approver: { cashier: 'cashier-can', role: 'manager' },
    });
    await expect.poll(() => counter.lineCount()).toBe(1);
    await atTill('Deniz');
  });

  it('opens the drawer with a word for it, and prints nothing', async () => {
    await counter.part('cashier').click();
    await counter.part('open-drawer').click();
    await person('Selin').click();
    await tapPin(pinOf('Selin'));
    await peopleGone();
    await expect.poll(() => lastOf('drawer-open')?.approver?.cashier).toBe('cashier-selin');
    await expect.poll(drawerJob, { timeout: 20_000 }).toBe('confirmed');
  });

  it('does nothing where the word is not given', async () => {
    const before = entries().length;
    await counter.part('cashier').click();
    await counter.part('open-drawer').click();
    await counter.part('people-back').click();
    await peopleGone();
    expect(entries()).toHaveLength(before);
  });

  it('lets the manager add somebody, who then signs in; a wrong manager PIN changes nothing', async () => {
    await counter.part('cashier').click();
    await counter.part('open-staff').click();
    await counter.part('staff-add').click();
    await counter.part('staff-name').fill('Ece');
    await counter.part('staff-role-supervisor').click();
    await counter.part('staff-pin').fill('8642');
    await fits();
    await counter.part('staff-manager-pin').fill(WRONG);
    await counter.part('staff-save').click();
    await counter.part('staff-problem').waitFor();
    expect(await counter.part('staff-manager-pin').inputValue()).toBe('');
    await expect.poll(() => counter.part('staff-person').count()).toBe(3);
    await counter.part('staff-manager-pin').fill(pinOf('Can'));
    await counter.part('staff-save').click();
    await counter.part('staff-done').waitFor();
    // Whoever stands here next has no manager's PIN in front of them.
    expect(await counter.part('staff-manager-pin').inputValue()).toBe('');
    await page.locator('[data-part="staff-person"]', { hasText: 'Ece' }).waitFor();
    await counter.part('staff-back').click();
    await counter.part('cashier').click();
    await person('Ece').click();
    await tapPin('8642');
    await peopleGone();
    await atTill('Ece');
    expect(lastOf('sign-in')?.cashier).toMatch(/^staff_[0-9a-f]{16}$/);
  });

  it('keeps whoever leaves out at once, and their name off the list', async () => {
    await counter.part('cashier').click();
    await counter.part('open-staff').click();
    await page.locator('[data-part="staff-person"]', { hasText: 'Ece' }).click();
    await counter.part('staff-active-no').click();
    await counter.part('staff-manager-pin').fill(pinOf('Can'));
    await counter.part('staff-save').click();
    // She is at the till: it locks.
    await counter.part('people').waitFor();
    await expect.poll(() => person('Ece').count()).toBe(0);
    await person('Deniz').click();
    await peopleGone();
    await counter.part('staff-back').click();
  });

  it('makes five wrong PINs wait, still after kill -9, until a manager comes', async () => {
    await counter.part('cashier').click();
    await person('Selin').click();
    for (let tries = 1; tries <= 5; tries += 1) {
      await tapPin(WRONG);
      await counter.part(tries < 5 ? 'pin-problem' : 'pin-wait').waitFor();
      await page.locator('[data-part="pin-dots"][data-count="0"]').waitFor();
    }
    await expect.poll(() => counter.part('pin-1').isDisabled()).toBe(true);
    await till.kill();
    await opened.close();
    await launch();
    await expect.poll(() => counter.lineCount()).toBe(1);
    await counter.part('cashier').click();
    await person('Selin').click();
    await counter.part('pin-wait').waitFor();
    await fits();
    await page.keyboard.press('Escape');
    await person('Can').click();
    await tapPin(pinOf('Can'));
    await peopleGone();
    await counter.part('cashier').click();
    await person('Selin').click();
    await counter.part('pin-1').and(page.locator(':enabled')).waitFor();
    expect(await counter.part('pin-wait').count()).toBe(0);
    expect(entries().filter(({ body }) => body.kind === 'pin-wrong')).toHaveLength(5);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('leaves no PIN in any file, and its secrets to their owner alone', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const pins = [`"${pinOf('Selin')}"`, '"8642"', `"${WRONG}"`];
    const holding = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => {
        const bytes = bytesOf(path);
        return pins.some((pin) => bytes.includes(pin));
      });
    expect(holding).toEqual([]);
    const secrets = files.find(({ name }) => name.startsWith('secrets'));
    const path = join(secrets?.parentPath ?? '', secrets?.name ?? '');
    expect(readFileSync(path, 'utf8')).toContain('pinPepper');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(opened.complaints).toEqual([]);
  });
});

/** What a file holds; nothing of one that the running server took away meanwhile. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return Buffer.alloc(0);
    throw error;
  }
}
