import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import type { ScannedCode } from '#scan/code.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { pressKeys } from './press-keys.ts';

/** The page's own keyboard listener as one script that sets `listening`. */
export async function bundleListener(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, '../../../renderer/scan/keyboard.ts'),
        formats: ['iife'],
        name: 'listening',
      },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  const chunk = outputs[0]?.output[0];
  if (chunk === undefined) throw new Error('the listener was not built');
  return chunk.code;
}

/** What the page under test has on its `window`. */
interface ListeningWindow {
  readonly listening: {
    listenToKeyboard(page: Document, user: object): () => void;
  };
  scans: ScannedCode[];
  clicks: number;
  lost: string;
}

/** Where the focus is while a scanner types. */
export type Focus = 'field' | 'area' | 'button' | 'nothing';

/** A page with a field, a text area and a button, and the product's listener over all of it. */
export interface ListeningPage {
  readonly page: Page;
  /** Empties the list of scans. */
  reset(focus: Focus): Promise<void>;
  /** Sends keydowns with their own time stamps, as one burst; the scans since the last reset. */
  press(keys: readonly WedgeKey[]): Promise<void>;
  /** The same, but from one key on they arrive only after the page's clock has said silence. */
  pressLate(keys: readonly WedgeKey[], lateFrom: number): Promise<void>;
  /** Text without keys, as Bluetooth keyboards and remote desktops deliver it. */
  insert(text: string): Promise<void>;
  /** Waits until `count` scans came. */
  scans(count: number): Promise<readonly ScannedCode[]>;
  /** What stands where a scan must leave no trace. */
  traces(): Promise<{ readonly field: string; readonly area: string; readonly clicks: number }>;
  close(): Promise<void>;
}

/** Longer than any silence that ends a burst. */
const LATE_MS = 500;

const HTML =
  '<!doctype html><title>listening</title><input id="field" value="kept"><textarea id="area">kept</textarea><button id="button">Pay</button>';

/** Opens such a page. */
export async function openListeningPage(browser: Browser, script: string): Promise<ListeningPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.setContent(HTML);
  await page.addScriptTag({ content: script });
  await page.evaluate(() => {
    const holder = window as unknown as ListeningWindow;
    holder.scans = [];
    holder.clicks = 0;
    holder.lost = '';
    document.querySelector('#button')?.addEventListener('click', () => (holder.clicks += 1));
    holder.listening.listenToKeyboard(document, {
      onScan: (code: ScannedCode) => holder.scans.push(code),
      onKey: () => false,
      entry: () => '',
      setEntry: () => undefined,
      onLostText: (text: string) => (holder.lost += text),
    });
  });
  const session = await context.newCDPSession(page);
  let freeFromS = 0;
  return {
    page,
    async reset(focus) {
      await page.evaluate((where) => {
        (window as unknown as ListeningWindow).scans = [];
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        if (where !== 'nothing') document.querySelector<HTMLElement>(`#${where}`)?.focus();
      }, focus);
    },
    async press(keys) {
      // Ahead of the page's clock: its timer must not end a burst whose keys are still to come.
      const startS = Math.max(Date.now() / 1_000, freeFromS);
      freeFromS = startS + (keys.at(-1)?.timeMs ?? 0) / 1_000 + 1;
      await pressKeys(session, keys, startS);
    },
    async pressLate(keys, lateFrom) {
      const startS = Date.now() / 1_000;
      await pressKeys(session, keys.slice(0, lateFrom), startS);
      await page.waitForTimeout(LATE_MS);
      await pressKeys(session, keys.slice(lateFrom), startS);
    },
    async insert(text) {
      await session.send('Input.insertText', { text });
    },
    async scans(count) {
      const seen = await page.waitForFunction(
        (wanted) => {
          const { scans } = window as unknown as ListeningWindow;
          return scans.length >= wanted ? scans : null;
        },
        count,
        { timeout: 30_000 },
      );
      return (await seen.jsonValue()) ?? [];
    },
    traces: () =>
      page.evaluate(() => ({
        field: document.querySelector<HTMLInputElement>('#field')?.value ?? '',
        area: document.querySelector<HTMLTextAreaElement>('#area')?.value ?? '',
        clicks: (window as unknown as ListeningWindow).clicks,
      })),
    close: () => context.close(),
  };
}
