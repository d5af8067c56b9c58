import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { counterPage, type CounterPage } from './pages/counter-page.ts';
import { displayPage } from './pages/display-page.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';

const POLL = { timeout: 30_000 };
const NUMBER = '5321234588';

/** Check 25 of counter.md §8 where more than goods is on the counter; on the real program. */
describe('the core is killed', needs(chromiumPath === null ? NO_CHROMIUM : null), () => {
  let folder: string;
  let till: LaunchedTill;
  let browser: Browser;
  let page: Page;
  let counter: CounterPage;
  let behind: CounterSocket;

  const launch = async (): Promise<void> => {
    till = await launchTill({ dataFolder: folder });
    behind = await openCounter(till);
    await behind.synced();
  };
  /** kill -9; what the screen says of it; the till and its screen once more. */
  const killed = async (): Promise<string> => {
    await till.kill();
    await counter.part('core-lost').waitFor();
    const said = (await counter.part('core-lost').textContent()) ?? '';
    behind.end();
    await launch();
    await page.goto(till.nextLink());
    await counter.ready();
    expect(await counter.part('core-lost').count()).toBe(0);
    return said;
  };
  const onTheCounter = async () => {
    const { basket, member, returning } = await behind.state();
    const { saleId, lines, totalMinor } = basket;
    return { saleId, lines, totalMinor, member: member?.displayName ?? null, returning };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-killed-'));
    browser = await launchChromium();
    await launch();
    page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    counter = counterPage(page);
    await page.goto(till.nextLink());
    await counter.ready();
  }, 120_000);
  afterAll(async () => {
    behind?.end();
    await browser?.close();
    await till?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await behind.call['return.cancel'](null);
    await behind.call['basket.clear'](null);
    await behind.call['member.detach'](null);
    await page.locator('[data-part="basket"][data-lines="0"]').waitFor();
    await page.locator('[data-part="member"][data-state="empty"]').waitFor();
  });

  it('check 25: killed while somebody joins at the counter: it is said, nobody has half joined, and joining goes through afterwards', async () => {
    await counter.addAmount('20000');
    const before = await onTheCounter();
    await counter.part('action-enrol').click();
    await counter.type(NUMBER);
    await counter.part('enrol-next').click();
    await counter.part('enrol-shopper').waitFor();
    expect(await killed()).toContain('Üyelik, üye satışta görününce tamamlanır');
    expect(await onTheCounter()).toEqual(before);
    expect(await counter.part('enrol-shopper').count()).toBe(0);
    expect(await behind.call['enrol.check']({ phone: NUMBER })).toMatchObject({ outcome: 'free' });
    await counter.enrol({ phone: NUMBER, ofAge: true, consents: [] });
    await behind.becomes({
      member: { masked: '··88' },
      basket: { saleId: before.saleId, totalMinor: before.totalMinor },
    });
    // Once more, with the new member on the sale: they have joined, and are asked nothing again.
    const joined = await onTheCounter();
    expect(await killed()).not.toContain('Üyelik');
    expect(await onTheCounter()).toEqual(joined);
    await behind.becomes({ member: { masked: '··88' } });
    expect(await behind.call['enrol.check']({ phone: NUMBER })).toMatchObject({
      outcome: 'existing',
    });
  });

  it('check 25: killed while the shopper joins on their display: it is said, and the question is begun anew with nothing of its answers', async () => {
    const facing = await browser.newContext({ viewport: { width: 1024, height: 600 } });
    const display = displayPage(await facing.newPage());
    await display.page.goto(till.displayLink());
    await behind.becomes({ display: { connected: true } });
    await counter.addAmount('20000');
    const before = await onTheCounter();
    await counter.part('action-enrol').click();
    await display.toNumber();
    await display.typeNumber('532');
    await counter.part('joining').getByText('Müşteri yazıyor').waitFor();
    expect(await killed()).toContain('Üyelik, üye satışta görününce tamamlanır');
    expect(await onTheCounter()).toEqual(before);
    await display.page.goto(till.displayLink());
    await display.shows('basket');
    await behind.becomes({ display: { connected: true, joining: null } });
    await counter.part('action-enrol').click();
    await display.toNumber();
    expect(await display.part('join-number').textContent()).toBe('');
    await display.tap('join-without-number');
    await display.tap('join-next');
    await display.tap('join-join');
    await display.shows('joined');
    await behind.becomes({ member: { proof: 'presented' }, basket: { saleId: before.saleId } });
    await facing.close();
    await behind.becomes({ display: { connected: false } });
  });

  it('check 25: killed in a return: it is said, the same return is there with what was chosen, and is made once', async () => {
    await behind.card('Elif');
    await counter.addAmount('3000');
    await counter.settle('card');
    const receipt = (await behind.state()).lastSale?.receipt ?? '';
    await counter.addAmount('700');
    expect(await behind.call['return.open']({ receipt })).toEqual({ outcome: 'done' });
    await counter.part('return-line').click();
    await behind.becomes({ returning: { refundMinor: 3000 } });
    const before = await onTheCounter();
    expect(await killed()).toContain('İade ekrandaki gibi duruyor');
    await expect.poll(onTheCounter, POLL).toEqual(before);
    await page.locator('[data-part="return-figures"][data-refund-minor="3000"]').waitFor();
    expect(await counter.part('return-line').getAttribute('data-chosen')).toBe('1000');
    await counter.part('refund').click();
    await counter.part('refund-confirm').click();
    await behind.becomes({ returning: null, lastSale: { kind: 'return' } });
    const returned = async () => (await behind.call['shift.figures'](null))?.figures.returnsMinor;
    const returnsMinor = await returned();
    await killed();
    expect((await onTheCounter()).returning).toBeNull();
    expect(
      await behind.call['return.commit']({ returnId: before.returning?.returnId ?? '' }),
    ).toEqual({ outcome: 'done' });
    expect(await returned()).toBe(returnsMinor);
    expect(await counter.totalMinor()).toBe(700);
  });
});
