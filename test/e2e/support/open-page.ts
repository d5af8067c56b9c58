import type { Browser, Page } from 'playwright-core';
import type { LaunchedTill } from './launch-till.ts';

/** The smallest and the largest screen a till is made for. */
export const SCREENS = {
  small: { width: 1024, height: 768 },
  large: { width: 1920, height: 1080 },
} as const;

/** A page of the till, and what its browser complained about. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, refused requests and thrown errors, in order. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens the till in a browser of its own, by a fresh link; resolves when something is painted. */
export async function openPage(
  browser: Browser,
  till: LaunchedTill,
  screen: keyof typeof SCREENS = 'small',
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: SCREENS[screen] });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('requestfailed', (request) => void complaints.push(`not loaded: ${request.url()}`));
  await page.goto(till.nextLink());
  await page.locator('#root > *').first().waitFor();
  return { page, complaints, close: () => context.close() };
}
