import type { Page } from 'playwright-core';
import { SCREEN_KEYS, screenKeyCode, type ScreenKey } from '#scan/screen-key.ts';
import { printedKeys } from '#renderer/cashier/screen-keys.ts';
import { counterPage, type CounterPage } from '#test/e2e/pages/counter-page.ts';

/** What a task took. */
export interface Effort {
  readonly taps: number;
  readonly keys: number;
  readonly scans: number;
}

/** Seconds of a practised cashier: a scan, a tap, a key on a large pad. Source: counter.md §4. */
const SCAN_S = 1;
const TAP_S = 0.6;
const KEY_S = 0.35;

/** What that takes a practised cashier, in seconds to one decimal. */
export function secondsOf({ taps, keys, scans }: Effort): number {
  return Math.round((taps * TAP_S + keys * KEY_S + scans * SCAN_S) * 10) / 10;
}

/** A cashier's hands: everything they do is counted. */
export interface Hands {
  readonly screen: CounterPage;
  /** Taps the first part of that name; a tap outside the screen is a failure. */
  tap(part: string): Promise<void>;
  /** Presses keys by their names, one after the other. */
  keys(...names: readonly string[]): Promise<void>;
  /** Types as a person does. */
  type(text: string): Promise<void>;
  scan(code: string): Promise<void>;
  /** Scans printed keys of the screen, each once what it presses can be pressed. */
  scanKeys(...keys: readonly ScreenKey[]): Promise<void>;
  /** What was done since the last time it was asked. */
  effort(): Effort;
}

/** The same key's code within 300 ms is one reading. */
const SCAN_PAUSE_MS = 350;

/** Gives a page hands that touch, type and scan. */
export function handsOn(page: Page): Hands {
  const screen = counterPage(page);
  let done = { taps: 0, keys: 0, scans: 0 };
  const scan = async (code: string): Promise<void> => {
    done.scans += 1;
    await screen.scan(code);
    await page.waitForTimeout(SCAN_PAUSE_MS);
  };
  return {
    screen,
    async tap(part) {
      done.taps += 1;
      const target = screen.part(part).first();
      const box = await target.boundingBox();
      if (box === null) throw new Error(`nothing to tap: ${part}`);
      await target.tap();
    },
    async keys(...names) {
      for (const name of names) {
        done.keys += 1;
        await page.keyboard.press(name);
      }
    },
    async type(text) {
      done.keys += text.length;
      await screen.type(text);
    },
    scan,
    async scanKeys(...keys) {
      for (const key of keys) {
        if (!SCREEN_KEYS.includes(key)) throw new Error(`no such key: ${key}`);
        // A button in another's place takes a moment to be armed: who scans sees it light up.
        const { parts = [] } = printedKeys[key];
        const wanted = parts.map((part) => `[data-part="${part}"]:enabled`).join(', ');
        if (wanted !== '') await page.locator(wanted).first().waitFor();
        await scan(screenKeyCode(key));
      }
    },
    effort() {
      const since = done;
      done = { taps: 0, keys: 0, scans: 0 };
      return since;
    },
  };
}
