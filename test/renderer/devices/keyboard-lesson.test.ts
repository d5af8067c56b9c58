import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calibrationText } from '#scan/calibration.ts';
import { counterPage } from '#test/e2e/pages/counter-page.ts';
import { aDevicesView } from '#test/renderer/gallery/devices-fixture.ts';
import { aState } from '#test/renderer/gallery/fixtures.ts';
import { startScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import {
  browserMissing,
  buildRenderer,
  launchBrowser,
  openPage,
  usualLook,
} from '#test/renderer/support/browser.ts';
import { pressKeys } from '#test/scan/support/press-keys.ts';
import { named, scanKeys } from '#test/scan/support/typist.ts';
import { needs } from '#test/support/needs.ts';

const PACE_MS = 12;

describe('pairing a scanner that types', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  test('needs one scan on the devices’ screen, ends the waiting of the others, and is remembered', async () => {
    const till = await startScriptedTill(built.directory, aState());
    till.script({ 'devices.view': () => aDevicesView({ lesson: 'waiting' }) });
    const { page, context, said } = await openPage(browser, till.url, usualLook);
    try {
      const { part } = counterPage(page);
      await part('open-settings').click();
      await part('open-devices').click();
      await part('devices-scanner').click();
      await part('scanner-start').click();
      await part('scanner-stop').waitFor();
      const set = { scanner: 'tr-q', pc: 'us', capsLock: false } as const;
      const gaps = Array.from(calibrationText, () => PACE_MS);
      const keys = scanKeys(set, calibrationText, 0, gaps);
      const enter = named('Enter', (keys.at(-1)?.timeMs ?? 0) + PACE_MS);
      const session = await page.context().newCDPSession(page);
      await pressKeys(session, [...keys, enter], Date.now() / 1_000);
      await part('lesson-typed').waitFor();
      await expect.poll(() => part('lesson-typed').textContent()).toContain('Turkish Q');
      const kept = await page.evaluate(() => localStorage.getItem('regulars.settings'));
      expect(JSON.parse(kept ?? '{}')).toMatchObject({ scanner: { keyboard: { layout: 'tr-q' } } });
      const learns = () => till.calls.filter(({ method }) => method === 'devices.learn');
      await expect
        .poll(() => learns().map(({ input }) => input))
        .toEqual([{ on: true }, { on: false }]);
      expect(till.calls.some(({ method }) => method === 'scan')).toBe(false);
      // Leaving while it waits leads to the till, and to nothing else.
      await part('scanner-start').click();
      await part('scanner-stop').waitFor();
      await part('devices-back').click();
      await part('pay').waitFor();
      expect(await part('settings').count()).toBe(0);
      expect(said).toEqual([]);
    } finally {
      await context.close();
      await till.close();
    }
  });
});
