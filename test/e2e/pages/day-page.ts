import type { Locator, Page } from 'playwright-core';
import { typeByHand } from './keyboard-scanner.ts';

/** The manager's day for tests. */
export interface DayPage {
  part(name: string): Locator;
  /** Whose books: the server's ledger, or this till alone. */
  source(): Promise<string | null>;
  /** Whether the equation is shown as tying. */
  ties(): Promise<boolean>;
  /** The six terms as shown: opening, earned, redeemed, expired, other, closing. */
  terms(): Promise<readonly number[]>;
  exceptionCount(): Promise<number>;
  back(): Promise<void>;
  /** Counts the drawer (digits of minor units) and opens the shift with it. */
  openShift(counted: string): Promise<void>;
  /** Counts the drawer (digits of minor units; null = without count), closes, and returns the Z number. */
  closeShift(counted: string | null): Promise<number>;
}

/** Reads the day that `page` shows. */
export function dayPage(page: Page): DayPage {
  const part = (name: string): Locator => page.locator(`[data-part="${name}"]`);
  return {
    part,
    source: () => part('day').getAttribute('data-source'),
    async ties() {
      return (await part('equation').getAttribute('data-ties')) === 'true';
    },
    async terms() {
      const texts = await part('equation').locator('bdi').allTextContents();
      return texts.map((text) => Number(text.replace(/\u2212/g, '-').replace(/[^\d-]/g, '')));
    },
    async exceptionCount() {
      return Number(await part('needs-you').getAttribute('data-count'));
    },
    async back() {
      await part('day-back').click();
      await part('counter').waitFor();
    },
    async openShift(counted) {
      await part('close-shift').click();
      await part('open-panel').waitFor();
      await typeByHand(page, counted);
      await part('open-commit').click();
      await part('counter').waitFor();
    },
    async closeShift(counted) {
      await part('close-shift').click();
      await part('close-panel').waitFor();
      if (counted === null) await part('close-uncounted').click();
      else {
        await typeByHand(page, counted);
        await part('close-commit').click();
      }
      const report = part('z-report');
      await report.waitFor();
      return Number(await report.getAttribute('data-number'));
    },
  };
}
