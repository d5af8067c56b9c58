import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CARD_LONG_MM,
  CARD_SHORT_MM,
  hasThreeColumns,
  PITCH_MAX_MM,
  PITCH_MIN_MM,
  unitOf,
} from '#renderer/settings/screen-size.ts';
import { needs } from '#test/support/needs.ts';
import { aState } from './gallery/fixtures.ts';
import { browserMissing } from './support/browser.ts';
import { quiet } from './support/quiet.ts';
import { useStage } from './support/stage.ts';

describe('the unit of a measured screen', () => {
  test('lets the counter fit whatever the window, and is never finer than a pixel', () => {
    fc.assert(
      fc.property(
        fc.double({ min: PITCH_MIN_MM, max: PITCH_MAX_MM, noNaN: true }),
        fc.integer({ min: 320, max: 8000 }),
        fc.integer({ min: 320, max: 5000 }),
        (pitch, width, height) => {
          const unit = unitOf(pitch, width, height);
          expect(unit).toBeGreaterThanOrEqual(1);
          expect(unit).toBeLessThanOrEqual(1.6);
          if (width >= 1024 && height >= 768) {
            expect(width / unit).toBeGreaterThanOrEqual(1024);
            expect(height / unit).toBeGreaterThanOrEqual(768);
          }
        },
      ),
    );
  });

  test('gives the goods a column of their own from 1366 units on', () => {
    expect(hasThreeColumns(1, 1366)).toBe(true);
    expect(hasThreeColumns(1.6, 1920)).toBe(false);
    expect(hasThreeColumns(1.38, 1920)).toBe(true);
  });
});

describe('measuring the screen', needs(browserMissing), () => {
  const stage = useStage();

  test('at a pitch of 0.18 mm a key of the number pad is 22 × 18 mm, and nothing scrolls', async () => {
    const { counter } = await stage.open(aState());
    const { page, part } = counter;
    await page.setViewportSize({ width: 1920, height: 1080 });
    await part('open-settings').click();
    await part('open-screen-size').click();
    const wantedPx = Math.round(CARD_SHORT_MM / 0.18);
    const card = async () =>
      (await part('screen-size-card').boundingBox()) ?? { width: 0, height: 0 };
    for (let press = 0; Math.abs((await card()).width - wantedPx) > 4.5 && press < 40; press += 1)
      await part(`screen-size-${(await card()).width < wantedPx ? 10 : -10}`).click();
    for (let press = 0; Math.abs((await card()).width - wantedPx) > 0.5 && press < 40; press += 1)
      await part(`screen-size-${(await card()).width < wantedPx ? 1 : -1}`).click();
    const { width, height } = await card();
    expect(height / width).toBeCloseTo(CARD_LONG_MM / CARD_SHORT_MM, 2);
    await part('screen-size-take').click();
    await part('back').click();
    await quiet(page);
    const key = await part('key-5').boundingBox();
    expect(Math.abs((key?.width ?? 0) * 0.18 - 22)).toBeLessThan(22 * 0.02);
    expect(Math.abs((key?.height ?? 0) * 0.18 - 18)).toBeLessThan(18 * 0.02);
    expect(
      await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ]),
    ).toEqual([1920, 1080]);
    // It is remembered by this screen, and forgotten when asked.
    const stored = await page.evaluate(() => localStorage.getItem('regulars.settings') ?? '');
    expect((JSON.parse(stored) as { pitchMm: number }).pitchMm).toBeCloseTo(0.18, 3);
    await part('open-settings').click();
    await part('open-screen-size').click();
    await part('screen-size-forget').click();
    await part('back').click();
    await expect
      .poll(async () => (await part('key-5').boundingBox())?.height)
      .not.toBe(key?.height);
  });
});
