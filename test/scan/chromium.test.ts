import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScannedCode } from '#scan/code.ts';
import type { WedgeKey } from '#scan/wedge-keys.ts';
import { browserMissing, launchBrowser } from '#test/renderer/support/browser.ts';
import { needs } from '#test/support/needs.ts';
import { keydown } from './support/keyboard.ts';
import {
  bundleListener,
  type Focus,
  type ListeningPage,
  openListeningPage,
} from './support/listening-page.ts';
import { createRandom } from './support/random.ts';
import { layoutNames, named, scanKeys } from './support/typist.ts';
import { memberCard } from './support/wedge-rates.ts';

const SCANS = 20;
const focuses: readonly Focus[] = ['field', 'nothing', 'area', 'button'];
const untouched = { field: 'kept', area: 'kept', clicks: 0 };
const LINK = 'https://p.ex/m?id=Iq-9_/ zZ';

/** Keys of one code and Enter, `paceMs` apart. */
function burst(keys: readonly WedgeKey[], paceMs: number): readonly WedgeKey[] {
  return [...keys, named('Enter', (keys.at(-1)?.timeMs ?? 0) + paceMs)];
}

type Wanted = Pick<ScannedCode, 'kind'> & Partial<Record<'number' | 'text' | 'symbology', string>>;

/**
 * The keys end as this code, told once. Where they reach the page later than they were pressed, as on a
 * busy machine, the page's clock may have told a part of them before.
 */
async function isReadOnce(page: ListeningPage, wanted: Wanted): Promise<void> {
  await expect.poll(async () => (await page.scans(1)).at(-1)).toMatchObject(wanted);
  const again = (await page.scans(1)).slice(0, -1);
  for (const part of again) expect(part).not.toMatchObject(wanted);
}

describe('a keyboard scanner at a real Chromium', needs(browserMissing), () => {
  let browser: Browser;
  let script: string;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launchBrowser(), bundleListener()]);
  });
  afterAll(() => browser.close());

  const opened = async (use: (page: ListeningPage) => Promise<void>): Promise<void> => {
    const page = await openListeningPage(browser, script);
    try {
      await use(page);
    } finally {
      await page.close();
    }
  };

  it('is read whole by a page that is late with some of its keys, and leaves nothing behind', () =>
    opened(async (page) => {
      const text = memberCard(createRandom(7));
      const keys = burst(
        scanKeys(
          { scanner: 'us', pc: 'us' },
          text,
          0,
          Array.from(text, () => 8),
        ),
        8,
      );
      for (const focus of focuses) {
        for (const lateFrom of [1, 6, 11, keys.length - 1]) {
          await page.reset(focus);
          await page.pressLate(keys, lateFrom);
          await isReadOnce(page, { kind: 'card', number: text, symbology: 'none' });
          expect(await page.traces()).toEqual(untouched);
        }
      }
    }));

  for (const pc of layoutNames) {
    it(`is read ${SCANS} times of ${SCANS} on a PC set to ${pc}, in and out of fields, with and without CapsLock`, () =>
      opened(async (page) => {
        const random = createRandom(pc.length * 7 + pc.charCodeAt(0));
        for (let scan = 0; scan < SCANS; scan += 1) {
          const paceMs = [2, 8, 16, 45, 90][scan % 5] ?? 8;
          const text = scan % 4 === 3 ? `${LINK}${scan}` : memberCard(random);
          const gaps = Array.from(text, () => paceMs * (0.95 + 0.1 * random.next()));
          const set = { scanner: 'us', pc, capsLock: scan % 3 === 0 } as const;
          await page.reset(focuses[(scan + (scan >> 2)) % 4] ?? 'field');
          await page.press(burst(scanKeys(set, text, 0, gaps), paceMs));
          const wanted: Wanted =
            scan % 4 === 3 ? { kind: 'unknown', text } : { kind: 'card', number: text };
          await isReadOnce(page, wanted);
          expect(await page.traces()).toEqual(untouched);
        }
      }));
  }

  it('is read in Alt mode', () =>
    opened(async (page) => {
      const card = memberCard(createRandom(5));
      let timeMs = 0;
      const keys = [...card].flatMap((character) => [
        { ...named('AltLeft', (timeMs += 3)), key: 'Alt', alt: true },
        ...`0${character.charCodeAt(0)}`
          .padStart(4, '0')
          .split('')
          .map((digit) => ({ ...keydown(digit, (timeMs += 3), { numpad: true }), alt: true })),
      ]);
      for (const focus of focuses) {
        await page.reset(focus);
        await page.press(burst(keys, 3));
        await isReadOnce(page, { kind: 'card', number: card });
        expect(await page.traces()).toEqual(untouched);
      }
    }));

  it('is read where text comes in one piece without keys', () =>
    opened(async (page) => {
      const card = memberCard(createRandom(6));
      for (const focus of ['field', 'area'] as const) {
        await page.reset(focus);
        await page.insert(card);
        expect(await page.scans(1)).toMatchObject([{ kind: 'card', number: card }]);
        expect(await page.traces()).toEqual(untouched);
      }
    }));

  it('is not seen in a person’s typing, which stays where it was typed', () =>
    opened(async (page) => {
      await page.reset('field');
      await page.page.keyboard.press('End');
      const gaps = [180, 140, 210, 160, 190, 230, 150];
      await page.press(scanKeys({ scanner: 'us', pc: 'us' }, ' coffee 2', 0, gaps));
      await page.page.waitForTimeout(500);
      expect(await page.traces()).toEqual({ ...untouched, field: 'kept coffee 2' });
      expect(await page.scans(0)).toEqual([]);
    }));
});
