import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isCardNumber } from '#loyalty/card.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { measureGlass } from '#test/renderer/support/glass.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { displayPage, type DisplayPage } from './pages/display-page.ts';
import { setupPage } from './pages/setup-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { putAway } from './support/rest.ts';

const why = chromiumPath === null ? NO_CHROMIUM : null;
const [ayse = '', mehmet = ''] = sampleCards.map(({ number }) => number);
/** A practised hand, in milliseconds from one key to the next. Source: counter.md 8. */
const KEY_MS = 350;

/** Counts what a person presses on a page: taps, and keys. */
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as Window & { presses?: number };
    const isCounting = counted.presses !== undefined;
    counted.presses = 0;
    if (isCounting) return;
    for (const kind of ['pointerdown', 'keydown']) {
      document.addEventListener(kind, () => (counted.presses = (counted.presses ?? 0) + 1), true);
    }
  });
  return () => page.evaluate(() => (window as Window & { presses?: number }).presses ?? 0);
}

/** How a box looks: nothing of it may make one answer easier than another. */
function looksOf(box: Locator): Promise<unknown> {
  return box.evaluate((element) => {
    const { width, height } = element.getBoundingClientRect();
    const { color, backgroundColor, borderColor, fontSize, fontWeight } = getComputedStyle(element);
    return { width, height, color, backgroundColor, borderColor, fontSize, fontWeight };
  });
}

describe('the shopper at the counter, in Turkey', needs(why), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let counter: CounterPage;
  let behind: CounterSocket;
  let display: DisplayPage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-checks-'));
    till = await launchTill({ dataFolder: join(folder, 'data') });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    counter = counterPage(page);
    await page.goto(till.link);
    await counter.ready();
    behind = await openCounter(till, page);
  }, 120_000);
  afterAll(async () => {
    behind?.end();
    await browser?.close();
    await till?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const openDisplay = async (): Promise<void> => {
    const facing = await browser.newContext({ viewport: { width: 1024, height: 600 } });
    display = displayPage(await facing.newPage());
    await display.page.goto(till.displayLink());
    await display.shows('idle');
    await behind.becomes({ display: { connected: true } });
  };
  const ask = async (): Promise<void> => {
    await counter.part('action-enrol').click();
    await display.joinIsAt('language');
  };
  afterEach(() => putAway(counter, behind));
  const lastReceipt = async (): Promise<readonly string[]> => {
    const { lastSale } = await behind.state();
    const viewed = await behind.call['receipt.view']({ saleId: lastSale?.saleId ?? '' });
    return (viewed?.document.lines ?? []).flatMap((line) =>
      line.kind === 'qr' ? [line.content] : [],
    );
  };

  it('check 3: joins with 12 presses of the cashier and in 15 s by a practised hand, basket kept', async () => {
    await counter.addAmount('2500');
    const presses = await countPresses(counter.page);
    await counter.part('action-enrol').click();
    await counter.type('5321234501');
    await counter.part('enrol-next').click();
    await counter.part('enrol-shopper').waitFor();
    // From here on the screen is turned: the shopper answers.
    expect(await presses()).toBeLessThanOrEqual(12);
    await counter.part('enrol-age-yes').click();
    await counter.part('enrol-join').click();
    await counter.part('enrol-shopper').waitFor({ state: 'detached' });
    expect((await presses()) * KEY_MS).toBeLessThanOrEqual(15_000);
    await behind.becomes({ basket: { totalMinor: 2500 }, member: { state: 'waiting-for-proof' } });
  });

  it('check 3: with a display it is one press of the cashier, and the sale earns at once by the new card', async () => {
    await openDisplay();
    await counter.addAmount('2500');
    const cashier = await countPresses(counter.page);
    const shopper = await countPresses(display.page);
    await ask();
    await display.toNumber();
    await display.tap('join-without-number');
    await display.tap('join-next');
    await display.tap('join-join');
    await display.shows('joined');
    expect(await cashier()).toBe(1);
    expect(((await cashier()) + (await shopper())) * KEY_MS).toBeLessThanOrEqual(15_000);
    await behind.becomes({ basket: { totalMinor: 2500, earns: [{ points: 25 }] } });
    const card = (await display.part('joined-card').getAttribute('data-card')) ?? '';
    expect(isCardNumber(card)).toBe(true);
    await display.expectSound();
    await display.tap('joined-done');
    await display.shows('basket');
  });

  it('checks 10 and 11: notice before any consent, three apart and unticked, “No thanks” as large and plain as “Join”, all off still joins', async () => {
    await ask();
    const pages: string[] = [];
    const come = async (page: string): Promise<void> => {
      await display.joinIsAt(page);
      pages.push(page);
      await expect
        .poll(() => display.page.getByRole('checkbox').count())
        .toBe(page === 'choices' ? 3 : 0);
      await display.expectSound();
    };
    await come('language');
    await display.tap('join-tr');
    await come('notice');
    await expect.poll(() => display.part('join-notice').isVisible()).toBe(true);
    await display.tap('join-next');
    await come('age');
    await display.tap('join-age-yes');
    await display.typeNumber('5321234502');
    await come('number');
    await display.tap('join-next');
    await come('name');
    await display.part('join-name').fill('Zeynep\u202E Ak');
    await display.tap('join-next');
    await come('choices');
    await display.page.setViewportSize({ width: 1920, height: 1080 });
    await display.expectSound();
    await display.page.setViewportSize({ width: 1024, height: 600 });
    expect(pages.indexOf('notice')).toBeLessThan(pages.indexOf('choices'));
    expect(await display.page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    expect(await looksOf(display.part('join-decline'))).toEqual(
      await looksOf(display.part('join-join')),
    );
    await display.tap('join-join');
    await display.shows('joined');
    await behind.becomes({ member: { displayName: 'Zeynep A.' } });
    await behind.synced();
    const { member } = await behind.state();
    // The profile travels beside the journal, and may arrive a moment after it.
    const kept = () => behind.call['manager.member']({ member: member?.member ?? '' });
    const common = { textVersion: 'tr-1', language: 'tr', channel: 'display' };
    const answers = { call: false, membership: true, 'notice-shown': true };
    await expect.poll(kept, { timeout: 30_000 }).toMatchObject({
      answer: {
        consents: Object.entries({ ...answers, 'personalised-offers': false, sms: false }).map(
          ([purpose, given]) => ({
            ...common,
            ...{ purpose, given, atMs: expect.any(Number), till: expect.any(String) },
          }),
        ),
      },
    });
  });

  it('what a member allowed is withdrawn with one tap of the cashier’s, and given again', async () => {
    await ask();
    await display.toNumber();
    await display.tap('join-without-number');
    await display.tap('join-next');
    await display.tap('consent-personalised-offers');
    await display.tap('join-join');
    await display.shows('joined');
    await behind.becomes({ member: { proof: 'presented' } });
    await behind.synced();
    const offers = (given: boolean): Promise<void> =>
      counter.page
        .locator(`[data-part="consents-personalised-offers"][data-given="${given}"]`)
        .waitFor();
    await counter.part('member-open').click();
    await offers(true);
    const faults = await measureGlass(counter.page, true);
    expect(faults).toEqual({ scrolls: false, cutOff: [], small: [], crowded: [] });
    const { violations } = await new AxeBuilder({ page: counter.page })
      .setLegacyMode(true)
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    // No message without a number: only what makes sense is spoken of.
    expect(await counter.part('consents-sms').count()).toBe(0);
    await counter.part('consents-withdraw-personalised-offers').click();
    await offers(false);
    await counter.part('consents-allow-personalised-offers').click();
    await offers(true);
    await counter.part('back').click();
  });

  it('check 12: under age there is no phone, name or message field, and a card all the same', async () => {
    await ask();
    await display.tap('join-tr');
    await display.tap('join-next');
    await display.tap('join-age-no');
    await display.joinIsAt('choices');
    expect(
      await display.page.locator('input, [role="checkbox"], [data-part^="key-"]').count(),
    ).toBe(0);
    await display.expectSound();
    await display.tap('join-join');
    await display.shows('joined');
    await behind.becomes({ member: { displayName: null, proof: 'presented' } });
  });

  it('checks 5, 14 and 15: Pay works while the shopper types, the number is nowhere else, and it is gone with the sale', async () => {
    await counter.addAmount('4000');
    await ask();
    await display.toNumber();
    await display.typeNumber('5321234503');
    await counter.part('joining').getByText('Müşteri yazıyor').waitFor();
    await expect.poll(() => counter.part('pay').isEnabled()).toBe(true);
    const digits = /532\s?123|1234503|123 45 03/;
    await expect.poll(() => display.text()).toMatch(digits);
    expect((await counter.page.locator('body').textContent()) ?? '').not.toMatch(digits);
    expect(JSON.stringify(await behind.state())).not.toMatch(digits);
    const settled = await counter.settle('cash');
    expect(settled.earned).toBe(0);
    await display.shows('thanks');
    expect(await display.text()).not.toMatch(digits);
    await counter.addAmount('1000');
    await ask();
    await display.toNumber();
    await expect.poll(() => display.part('join-number').textContent()).toBe('');
    await display.typeNumber('5321234503');
    await display.tap('join-next');
    await display.joinIsAt('name');
    expect(await display.text()).not.toMatch(digits);
    await expect.poll(() => display.text()).toContain('··03');
    await display.tap('join-decline');
    await counter.part('notice').getByText('Müşteri üye olmak istemiyor').waitFor();
    await display.shows('basket');
  });

  it('checks 9 and 15: a typed number shows no balance and no reward and earns nothing; the receipt’s code and the card do', async () => {
    await counter.enter('5321110002');
    await behind.becomes({ member: { displayName: 'Mehmet D.', proof: 'declared' } });
    await counter.addAmount('10000');
    await display.shows('basket');
    expect(await display.part('display-balance').count()).toBe(0);
    expect(await display.part('display-reward').count()).toBe(0);
    expect(await display.text()).not.toMatch(/Mehmet|48/);
    await expect.poll(() => display.text()).toContain('··02');
    const offers = (await behind.state()).offers;
    expect(offers.filter(({ state }) => state !== 'unavailable')).toEqual([]);
    expect((await counter.settle('card')).earned).toBe(0);
    const code = (await lastReceipt()).find((content) => content.startsWith('R:')) ?? '';
    expect(code).toMatch(/^R:[0-9A-Z]{9}$/);
    await display.shows('thanks');
    await expect
      .poll(() => display.part('display-claimable').getAttribute('data-points'))
      .toBe('100');
    await counter.scan(mehmet);
    await behind.becomes({ member: { displayName: 'Mehmet D.', proof: 'presented' } });
    const before = await behind.available();
    expect(await behind.call['claim.commit']({ receipt: code.slice(2) })).toEqual({
      outcome: 'done',
    });
    await expect.poll(() => behind.available(), { timeout: 30_000 }).toBe((before ?? 0) + 100);
  });

  it('asks a member about the shop after the receipt, never in the way of the next sale', async () => {
    await counter.scan(ayse);
    await behind.becomes({ member: { displayName: 'Ayşe K.' } });
    await counter.addAmount('5000');
    await counter.settle('cash');
    await display.shows('survey');
    await display.expectSound();
    await display.tap('survey-9');
    await display.page.locator('[data-part="survey"][data-question="cli-recommend"]').waitFor();
    await display.expectSound();
    await display.tap('survey-1');
    await display.page.locator('[data-part="survey"][data-question="cli-again"]').waitFor();
    await counter.addAmount('1000');
    await display.shows('basket');
    expect(await display.part('survey').count()).toBe(0);
  });

  it('check 14: after the next scan, and 20 s after an untouched sale, nothing of the sale is left on the display', async () => {
    await counter.scan(ayse);
    await behind.becomes({ member: { displayName: 'Ayşe K.' } });
    await counter.addAmount('7100');
    await counter.settle('cash');
    await display.shows('thanks');
    await expect.poll(() => display.text()).toContain('Ayşe');
    await counter.scan(mehmet);
    await behind.becomes({ member: { displayName: 'Mehmet D.' } });
    await display.shows('basket');
    expect(await display.text()).not.toMatch(/Ayşe|71,00/);
    await counter.addAmount('3300');
    await counter.settle('cash');
    await display.shows('thanks');
    await display.shows('dark');
    expect((await display.text()).trim()).toBe('');
  });
});

describe('the shopper at the counter, in Germany', needs(why), () => {
  it('check 9: a typed number earns at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-checks-de-'));
    const till = await launchTill({ dataFolder: folder, flags: ['--setup'] });
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({
        viewport: { width: 1024, height: 768 },
        locale: 'de-DE',
      });
      const page = await context.newPage();
      await page.goto(till.nextLink());
      const set = setupPage(page);
      await set.part('setup').waitFor();
      await set.part('language-de').click();
      await set.next();
      await set.fill('store-name', 'Eckladen');
      for (const _step of ['store', 'market', 'programme']) await set.next();
      await set.fill('cashier-1', 'Anna');
      await set.fill('manager-pin', '4711');
      await set.next();
      await set.next();
      await set.part('setup-finish').click();
      const counter = counterPage(page);
      await counter.ready();
      await counter.addAmount('10000');
      await counter.enrol({ phone: '015112345678', ofAge: true, consents: [] });
      const behind = await openCounter(till, page);
      await behind.becomes({
        shop: { market: 'DE' },
        member: { proof: 'declared', state: 'known' },
        basket: { claimable: false },
      });
      expect((await counter.settle('cash')).earned).toBeGreaterThan(0);
      behind.end();
    } finally {
      await browser.close();
      await till.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
