import type { Locator, Page } from 'playwright-core';
import { scanByKeyboard, typeByHand } from './keyboard-scanner.ts';

/** The cashier's screen for tests: what a cashier does, and what is on the glass. */
export interface CounterPage {
  readonly page: Page;
  /** A part by its name, `pay`, `member`, `total` …; the names are the renderer's `data-part`. */
  part(name: string): Locator;
  /** Waits until the till core has answered once. */
  ready(): Promise<void>;
  /** A keyboard scanner: even, fast keys and Enter, whatever has the focus. */
  scan(text: string): Promise<void>;
  /** A person's typing, slow enough never to be taken for a scanner. */
  type(text: string): Promise<void>;
  /** The same, and Enter. */
  enter(text: string): Promise<void>;
  /** Types an amount; resolves when its line is in the basket. */
  addAmount(digits: string): Promise<void>;
  /** Taps a product; resolves when the sale has become dearer by it. */
  tapProduct(sku: string): Promise<void>;
  tapReward(reward: string): Promise<void>;
  /** `known`, `unknown`, `empty`, `waiting-for-proof`, `provisional`, `blocked`, `looking`. */
  memberState(): Promise<string | null>;
  memberName(): Promise<string>;
  points(): Promise<number>;
  totalMinor(): Promise<number>;
  earns(): Promise<number>;
  lineCount(): Promise<number>;
  /** Pay, then the tender; waits for the settled panel. */
  settle(tender: 'cash' | 'card' | 'other'): Promise<SettledSale>;
  /** Joins a new member from phone number to Join; `null` = card only. Ticks only the named consents. */
  enrol(choice: EnrolChoice): Promise<void>;
  /** `online`, `offline` or `stopped`, and how many facts wait for the server. */
  link(): Promise<{ readonly state: string | null; readonly waiting: number }>;
  openDay(): Promise<void>;
}

export interface SettledSale {
  readonly saleId: string;
  readonly earned: number;
  readonly balance: number | null;
}

export interface EnrolChoice {
  readonly phone: string | null;
  readonly ofAge: boolean;
  readonly consents: readonly ('personalised-offers' | 'sms' | 'email' | 'call')[];
  readonly name?: string;
}

/** Drives the counter that `page` shows. */
export function counterPage(page: Page): CounterPage {
  const part = (name: string): Locator => page.locator(`[data-part="${name}"]`);
  const number = async (name: string, attribute: string): Promise<number> =>
    Number(await part(name).getAttribute(attribute));
  return {
    page,
    part,
    ready: () => part('counter').waitFor(),
    scan: (text) => scanByKeyboard(page, text),
    type: (text) => typeByHand(page, text),
    enter: (text) => typeByHand(page, text, true),
    async addAmount(digits) {
      await part('counter').waitFor();
      const before = await number('basket', 'data-lines');
      await typeByHand(page, digits, true);
      // One more than there were: lines that go meanwhile fail here and not three steps later.
      await page.locator(`[data-part="basket"][data-lines="${before + 1}"]`).waitFor();
    },
    async tapProduct(sku) {
      const before = await number('totals', 'data-total-minor');
      await page.locator(`[data-part="product"][data-sku="${sku}"]:visible`).first().click();
      await page.locator(`[data-part="totals"]:not([data-total-minor="${before}"])`).waitFor();
    },
    tapReward: (reward) => page.locator(`[data-part="reward"][data-reward="${reward}"]`).click(),
    memberState: () => part('member').getAttribute('data-state'),
    async memberName() {
      return (await part('member-name').locator('bdi').first().textContent()) ?? '';
    },
    points: () => number('member-points', 'data-points'),
    totalMinor: () => number('totals', 'data-total-minor'),
    earns: () => number('earns', 'data-points'),
    lineCount: () => number('basket', 'data-lines'),
    async settle(tender) {
      await part('pay').click();
      await part(`tender-${tender}`).click();
      const settled = part('settled');
      await settled.waitFor();
      const points = part('settled-points');
      const isShown = (await points.count()) > 0;
      const balance = isShown ? await points.getAttribute('data-balance') : null;
      return {
        saleId: (await settled.getAttribute('data-sale')) ?? '',
        earned: isShown ? Number(await points.getAttribute('data-earned')) : 0,
        balance: balance === null || balance === '' ? null : Number(balance),
      };
    },
    enrol: (choice) => enrol(page, part, choice),
    async link() {
      return {
        state: await part('link').getAttribute('data-state'),
        waiting: await number('link', 'data-waiting'),
      };
    },
    async openDay() {
      await part('open-day').click();
      await page.locator('[data-part="equation"]').waitFor();
    },
  };
}

async function enrol(
  page: Page,
  part: (name: string) => Locator,
  choice: EnrolChoice,
): Promise<void> {
  await part('action-enrol').click();
  if (choice.phone === null) await part('enrol-no-phone').click();
  else {
    await typeByHand(page, choice.phone);
    await part('enrol-next').click();
  }
  await part(choice.ofAge ? 'enrol-age-yes' : 'enrol-age-no').click();
  for (const consent of choice.consents) await part(`consent-${consent}`).click();
  if (choice.name !== undefined) await part('enrol-name').fill(choice.name);
  await part('enrol-join').click();
  await part('enrol-shopper').waitFor({ state: 'detached' });
}
