import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { screenKeyCode } from '#scan/screen-key.ts';
import { sampleCards } from '#server/demo/demo.ts';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '#test/support/chromium.ts';
import { needs } from '#test/support/needs.ts';
import { openCounter, type CounterSocket } from './support/counter-socket.ts';
import { type Effort, type Hands, handsOn, secondsOf } from './support/hands.ts';
import { launchTill, type LaunchedTill } from './support/launch-till.ts';
import { putAway } from './support/rest.ts';

const ELIF = sampleCards.find(({ name }) => name.startsWith('Elif'))?.number ?? '';
/** Reading the same card again this soon is a second reading. */
const SAME_CARD_MS = 1600;
/** Farther than this nobody goes with the Tab key. */
const TABS_MAX = 40;

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');

/** How a row of README's table of tasks begins, and what it says was done in each of three ways. */
function row(task: string, efforts: readonly Effort[]): string {
  const cells = efforts.map((effort) => {
    const parts = [
      [effort.scans, 'S'],
      [effort.taps, 'T'],
      [effort.keys, 'K'],
    ].flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`]));
    return `${parts.join(' ')}, ${secondsOf(effort)} s`;
  });
  return `| ${task} | ${cells.join(' | ')} |`;
}

describe(
  'every task by touch, by keyboard alone and by scanner alone',
  needs(chromiumPath === null ? NO_CHROMIUM : null),
  () => {
    let folder: string;
    let till: LaunchedTill;
    let browser: Browser;
    let behind: CounterSocket;
    let hands: Hands;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'regulars-tasks-'));
      till = await launchTill({ dataFolder: folder });
      browser = await launchChromium();
      const context = await browser.newContext({
        viewport: { width: 1024, height: 768 },
        hasTouch: true,
      });
      const page = await context.newPage();
      await page.goto(till.nextLink());
      hands = handsOn(page);
      await hands.screen.ready();
      behind = await openCounter(till, page);
      await behind.synced();
      // Enough points for every way of spending them.
      await behind.card('Elif');
      await behind.amount(500_000);
      await behind.settle();
      await behind.synced();
    });
    afterAll(async () => {
      behind.end();
      await browser.close();
      await till.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const part = (name: string) => hands.screen.part(name);
    const settled = async (): Promise<void> => part('settled').waitFor();
    /** Goes with Tab to a part and presses a key there. */
    const keyTo = async (name: string, key: string | null = 'Enter'): Promise<void> => {
      await part(name).and(hands.screen.page.locator(':enabled')).first().waitFor();
      for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
        if ((await focus()) === name) return key === null ? undefined : hands.keys(key);
        await hands.keys('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    const state = () => behind.call.state(null);
    const focus = () =>
      hands.screen.page.evaluate(() => document.activeElement?.getAttribute('data-part') ?? null);
    const scanCard = async (): Promise<void> => {
      await hands.screen.page.waitForTimeout(SAME_CARD_MS);
      await hands.scan(ELIF);
      await member();
    };
    const basket = async (amountMinor = 9500): Promise<void> => {
      await behind.amount(amountMinor);
      await part('basket').and(hands.screen.page.locator('[data-lines="1"]')).waitFor();
    };
    const member = async (): Promise<void> => {
      await part('member').and(hands.screen.page.locator('[data-state="known"]')).waitFor();
    };

    beforeEach(async () => {
      // A second reading of a card is none; another card between makes it a first one.
      await behind.card('Mehmet');
      await putAway(hands.screen, behind);
      await hands.screen.page.evaluate(() =>
        (document.activeElement as HTMLElement | null)?.blur(),
      );
      hands.effort();
    });

    /** What the last task took, and that README says so. */
    const told = (task: string, ...efforts: readonly Effort[]): void =>
      expect(readme.split('\n').find((line) => line.startsWith(`| ${task} |`))).toBe(
        row(task, efforts),
      );

    it('earns: one scan and one tap', async () => {
      await basket();
      await hands.scan(ELIF);
      await member();
      await hands.tap('pay-card');
      await settled();
      const touch = hands.effort();
      expect(touch).toEqual({ scans: 1, taps: 1, keys: 0 });

      await basket();
      await scanCard();
      await hands.keys('F10', 'F10');
      await settled();
      const keyboard = hands.effort();

      await basket();
      await scanCard();
      await hands.scanKeys('pay', 'cash');
      await settled();
      told('Earn, known member', touch, keyboard, hands.effort());
    });

    it('redeems: one scan and two taps, and one tap takes it back', async () => {
      await basket(50_000);
      await scanCard();
      const before = await state();
      await hands.tap('reward');
      await behind.becomes({ basket: { rewards: [{}] } });
      const focused = await focus();
      hands.effort();
      await hands.tap('reward');
      await behind.becomes({ basket: { rewards: [] } });
      const off = hands.effort();
      await behind.becomes({ member: { balances: before.member?.balances } });
      expect(await focus()).toBe(focused);
      await hands.tap('reward');
      await behind.becomes({ basket: { rewards: [{}] } });
      await hands.tap('pay-card');
      await settled();
      const touch = { ...hands.effort(), scans: 1 };
      expect(touch).toEqual({ scans: 1, taps: 2, keys: 0 });
      expect(off).toEqual({ scans: 0, taps: 1, keys: 0 });

      await basket(50_000);
      await scanCard();
      await keyTo('reward');
      await behind.becomes({ basket: { rewards: [{}] } });
      await hands.keys('F10', 'F10');
      await settled();
      const keyboard = hands.effort();

      await basket(50_000);
      await scanCard();
      await hands.scanKeys('reward');
      await behind.becomes({ basket: { rewards: [{}] } });
      await hands.scanKeys('pay', 'cash');
      await settled();
      told('Redeem', touch, keyboard, hands.effort());
    });

    it('enrols with a card and no number', async () => {
      const joined = async (): Promise<void> => {
        await behind.becomes({ member: { proof: 'presented' } });
        await part('enrol-shopper').waitFor({ state: 'detached' });
      };
      await basket();
      for (const name of ['action-enrol', 'enrol-no-phone', 'enrol-age-yes', 'enrol-join'])
        await hands.tap(name);
      await joined();
      const touch = hands.effort();
      await behind.settle();

      await basket();
      await hands.keys('F2');
      for (const name of ['enrol-no-phone', 'enrol-age-yes', 'enrol-join']) await keyTo(name);
      await joined();
      const keyboard = hands.effort();
      await behind.settle();

      await basket();
      await hands.scanKeys('join', 'no-phone', 'answer-yes', 'next');
      await joined();
      told('Enrol, card only', touch, keyboard, hands.effort());
      await behind.settle();
    });

    it('takes goods back by their receipt', async () => {
      const sold = async (): Promise<string> => {
        await basket();
        await behind.settle();
        return (await state()).lastSale?.receipt ?? '';
      };
      const back = async (): Promise<void> => {
        await behind.becomes({ returning: null, lastSale: { kind: 'return' } });
      };
      let receipt = await sold();
      await hands.scan(`R:${receipt}`);
      await part('return').waitFor();
      await hands.tap('return-line');
      await behind.becomes({ returning: { refundMinor: 9500 } });
      await hands.tap('refund');
      await hands.tap('refund-confirm');
      await back();
      const touch = hands.effort();

      receipt = await sold();
      await hands.keys('F8');
      await keyTo('receipt-code', null);
      await hands.type(receipt);
      await hands.keys('Enter');
      await part('return').waitFor();
      await keyTo('return-line');
      await behind.becomes({ returning: { refundMinor: 9500 } });
      await keyTo('refund');
      await keyTo('refund-confirm');
      await back();
      const keyboard = hands.effort();

      receipt = await sold();
      await hands.scan(`R:${receipt}`);
      await part('return').waitFor();
      await hands.scanKeys('take-back');
      await behind.becomes({ returning: { refundMinor: 9500 } });
      await hands.scanKeys('next', 'next');
      await back();
      told('Return with its receipt', touch, keyboard, hands.effort());
    });

    it('prints the last receipt again', async () => {
      await basket();
      await behind.settle();
      const { lastSale } = await state();
      const copies = async (count: number): Promise<void> => {
        await expect
          .poll(
            async () => {
              const { saleId = '' } = lastSale ?? {};
              const seen = await behind.call['receipt.view']({ saleId });
              return JSON.stringify(seen?.document.lines ?? []);
            },
            { timeout: 30_000 },
          )
          .toContain(`KOPYA ${count}`);
      };
      await hands.tap('action-reprint');
      await copies(1);
      const touch = hands.effort();
      await hands.keys('F9');
      await copies(2);
      const keyboard = hands.effort();
      await hands.scanKeys('reprint');
      await copies(3);
      told('Reprint the last receipt', touch, keyboard, hands.effort());
    });

    it('closes the day with a counted drawer', async () => {
      const sold = async (): Promise<void> => {
        await basket();
        await behind.settle();
        await behind.synced();
      };
      const closed = async (): Promise<void> => {
        await part('z-report').waitFor();
        await behind.becomes({ shift: null });
        await part('z-done').click();
        await part('day-back').click();
        await part('counter').waitFor();
      };
      await sold();
      await hands.tap('open-day');
      await part('equation').waitFor();
      await hands.tap('close-shift');
      for (const digit of '9500') await hands.tap(`key-${digit}`);
      await hands.tap('close-commit');
      const touch = hands.effort();
      await closed();

      await sold();
      await keyTo('open-day');
      await part('equation').waitFor();
      await keyTo('close-shift');
      await part('close-panel').waitFor();
      await hands.type('9500');
      await hands.keys('Enter');
      const keyboard = hands.effort();
      await closed();

      await sold();
      await hands.scanKeys('day');
      await part('equation').waitFor();
      await hands.scanKeys('close', 'digit-9', 'digit-5', 'digit-0', 'digit-0', 'next');
      const scanner = hands.effort();
      await closed();
      told('Close the day, drawer counted', touch, keyboard, scanner);
    });

    it('a key that is not on the screen is refused in words, and the sale stays', async () => {
      await basket();
      await hands.scan(screenKeyCode('close'));
      await part('notice').waitFor();
      expect((await state()).basket.totalMinor).toBe(9500);
    });
  },
);
