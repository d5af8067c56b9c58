import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { calibrationText } from '#scan/calibration.ts';
import { pressKeys } from '#test/scan/support/press-keys.ts';
import { named, scanKeys } from '#test/scan/support/typist.ts';
import { needs } from '#test/support/needs.ts';
import { aState } from './gallery/fixtures.ts';
import { browserMissing } from './support/browser.ts';
import { useStage } from './support/stage.ts';

const PACE_MS = 12;
const LINK = 'https://p.ex/m?id=Iq-9_/zZ';

/** A scanner that believes in a Turkish Q keyboard, at a PC that has a US one. */
async function scan(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const set = { scanner: 'tr-q', pc: 'us', capsLock: false } as const;
  const keys = scanKeys(
    set,
    text,
    0,
    Array.from(text, () => PACE_MS),
  );
  const enter = named('Enter', (keys.at(-1)?.timeMs ?? 0) + PACE_MS);
  await pressKeys(session, [...keys, enter], Date.now() / 1_000);
}

describe('teaching the keyboard scanner', needs(browserMissing), () => {
  const { open } = useStage();

  test('one scan of one code, and its codes are read right; forgotten, they are not', async () => {
    const { counter, till } = await open(aState());
    const { page, part } = counter;
    const lastScan = (): string =>
      JSON.stringify(till.calls.findLast(({ method }) => method === 'scan')?.input ?? null);

    await scan(page, LINK);
    await expect.poll(lastScan).toContain('"text"');
    expect(lastScan()).not.toContain(LINK);

    await part('open-settings').click();
    await part('open-scanner').click();
    await part('qr').waitFor();
    const scansBefore = till.calls.filter(({ method }) => method === 'scan').length;
    await page.keyboard.type('123');
    await page.locator('[data-part="scanner"]').getByText('too short').waitFor();
    await scan(page, calibrationText);
    await part('scanner-learnt').waitFor();
    await expect.poll(() => part('scanner-learnt').getAttribute('data-layout')).toBe('tr-q');
    expect(till.calls.filter(({ method }) => method === 'scan')).toHaveLength(scansBefore);

    await page.keyboard.press('Escape');
    await part('settings').waitFor();
    await part('back').first().click();
    await scan(page, LINK);
    await expect.poll(lastScan).toContain(LINK);
    const kept = await page.evaluate(() => localStorage.getItem('regulars.settings'));
    expect(JSON.parse(kept ?? '{}')).toMatchObject({ scanner: { keyboard: { layout: 'tr-q' } } });

    await part('open-settings').click();
    await part('open-scanner').click();
    await part('scanner-forget').click();
    await part('back').first().click();
    await part('back').first().click();
    await scan(page, `${LINK}2`);
    await expect.poll(lastScan).not.toContain(LINK);
    expect(lastScan()).toContain('Iq=9');
  });
});
