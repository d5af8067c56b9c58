import { chromium, type Browser } from 'playwright-core';
import { findChromium, thisMachine } from '#shell/web/browser.ts';

/** Path of the browser the tests drive; null where there is none. */
export const chromiumPath: string | null = findChromium(thisMachine());

/** Why a browser test is skipped; pass it to `context.skip(condition, reason)`. */
export const NO_CHROMIUM = 'no Chromium on this machine: install it or set CHROMIUM_PATH';

/** Starts a headless Chromium. As root its sandbox cannot start, so it is off there. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === null) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [...args],
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
