import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { cardNumberFromSerial } from '#loyalty/card.ts';
import { needs } from '#test/support/needs.ts';
import { aMember, aState } from './gallery/fixtures.ts';
import { type Scene, scenes } from './gallery/scenes.ts';
import { managerPages, panels } from './gallery/screens.ts';
import type { ScriptedTill } from './gallery/scripted-till.ts';
import { browserMissing, usualLook } from './support/browser.ts';
import { measureContrast, measureFocusRings } from './support/contrast.ts';
import { quiet } from './support/quiet.ts';
import { useStage } from './support/stage.ts';

const card = cardNumberFromSerial(1234567890);
const WRITABLE =
  'input:not([type="checkbox"], [type="radio"], [type="file"], [type="hidden"], [type="range"]), textarea';

const screensWithRings: readonly (readonly string[])[] = [
  ...[[], ['pay'], ['action-enrol'], ['open-settings'], ['open-day']],
];

/** Checks of counter.md §8 that a scripted till shows better than a real one. */
describe('the counter’s screens, check by check', needs(browserMissing), () => {
  const stage = useStage();
  const part = (page: Page, name: string) =>
    page.locator(`[data-part="${name}"] >> visible=true`).first();
  const home = async (page: Page, till: ScriptedTill, scene: Scene): Promise<void> => {
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    if ((await part(page, 'counter').count()) === 0) await part(page, 'day-back').click();
    till.show(scene.state, scene.day);
    await part(page, 'counter').waitFor();
    await till.shown(page);
  };

  test('check 5: Pay can be pressed with goods on the counter, whatever the member strip says', async () => {
    const { counter, till } = await stage.open(aState());
    const seen = new Set<string>();
    for (const scene of Object.values(scenes) as Scene[]) {
      const { basket, staff, returning } = scene.state;
      if (basket.lines.length === 0 || staff.signedIn === null || returning !== null) continue;
      await home(counter.page, till, scene);
      const { display, lookingUp, member, unknown } = scene.state;
      const nobody = lookingUp ? 'looking' : unknown === null ? 'empty' : 'unknown';
      const strip = display.joining === null ? (member?.state ?? nobody) : 'joining';
      await expect.poll(() => counter.memberState()).toBe(strip);
      await expect.poll(() => counter.part('pay').isEnabled()).toBe(true);
      seen.add(strip);
    }
    expect([...seen].toSorted()).toEqual([
      ...['blocked', 'empty', 'joining', 'known', 'looking', 'provisional', 'unknown'],
      'waiting-for-proof',
    ]);
  });

  test(
    'check 6: a card scanned into any field of any screen reaches the till and leaves the field as it was',
    {
      timeout: 240_000,
    },
    async () => {
      const { counter, till } = await stage.open(aState());
      const { page } = counter;
      const screens: readonly (readonly [string, Scene, readonly string[]])[] = [
        ...Object.entries(panels).map(
          ([name, [scene, steps]]) => [name, scenes[scene], steps] as const,
        ),
        ...Object.entries(managerPages).map(
          ([name, [steps]]) =>
            [`day: ${name}`, scenes['day-ties'], ['open-day', ...steps]] as const,
        ),
      ];
      const fields: string[] = [];
      /** What a scan into a field told the till and did to the field; null where there is no such field. */
      const scanInto = async (scene: Scene, steps: readonly string[], field: number) => {
        await home(page, till, scene);
        for (const step of steps) await part(page, step).click();
        await quiet(page);
        const wanted = page.locator(`:is(${WRITABLE}) >> visible=true`).nth(field);
        if ((await wanted.count()) === 0) return null;
        const held = await wanted.evaluate((element: HTMLInputElement) => {
          element.focus();
          document.documentElement.dataset['held'] = element.value;
          element.addEventListener('input', () => {
            document.documentElement.dataset['held'] = element.value;
          });
          return element.value;
        });
        const before = till.calls.length;
        await counter.scan(card);
        const scans = () => till.calls.slice(before).filter(({ method }) => method === 'scan');
        await expect.poll(() => scans().length).toBe(1);
        const left = await page.evaluate(() => document.documentElement.dataset['held']);
        return { scan: scans()[0]?.input, isAsItWas: left === held };
      };
      const whole = {
        scan: { code: { kind: 'card', number: card, symbology: 'none' }, source: 'keyboard' },
        isAsItWas: true,
      };
      for (const [name, scene, steps] of screens) {
        for (let field = 0; ; field += 1) {
          let seen = await scanInto(scene, steps, field);
          if (seen === null) break;
          // A machine that stops in the middle of a scan breaks it in two: the cashier scans again.
          if (JSON.stringify(seen.scan) !== JSON.stringify(whole.scan))
            seen = await scanInto(scene, steps, field);
          fields.push(name);
          expect.soft({ name, field, ...seen }).toEqual({ name, field, ...whole });
        }
      }
      expect(new Set(fields).size).toBeGreaterThan(8);
    },
  );

  test(
    'check 19: body text has 7:1, other text 4.5:1, and the ring of the focus 3:1 and nothing over it',
    {
      timeout: 240_000,
    },
    async () => {
      const { counter, till } = await stage.open(aState());
      const { page } = counter;
      for (const theme of ['light', 'dark', 'contrast']) {
        await page.evaluate((name) => {
          document.documentElement.dataset['theme'] = name;
        }, theme);
        for (const scene of [scenes.known, scenes['known-offline'], scenes.refused, scenes.codes]) {
          await home(page, till, scene);
          const { body, faults } = await page.evaluate(measureContrast);
          expect(body).toBeGreaterThan(10);
          expect.soft({ theme, faults }).toEqual({ theme, faults: [] });
        }
        for (const steps of screensWithRings) {
          await home(page, till, scenes.known);
          for (const step of steps) await part(page, step).click();
          if (steps[0] === 'open-day') await part(page, 'equation').waitFor();
          const { rings, faults } = await measureFocusRings(page);
          expect(rings).toBeGreaterThan(5);
          expect.soft({ theme, steps, faults }).toEqual({ theme, steps, faults: [] });
        }
      }
    },
  );

  test('check 20: without colour, ok, wait and error still differ in word and in shape', async () => {
    const { counter, till } = await stage.open(aState());
    const { page } = counter;
    await page.evaluate(() => {
      document.documentElement.style.filter = 'grayscale(1)';
    });
    const looks = async (name: string) => ({
      word: ((await part(page, name).textContent()) ?? '').trim(),
      shape: await part(page, name).locator('svg').first().innerHTML(),
      picture: (await part(page, name).screenshot()).toString('base64'),
    });
    const allDiffer = (shown: readonly Awaited<ReturnType<typeof looks>>[]): void => {
      for (const key of ['word', 'shape', 'picture'] as const) {
        const values = shown.map((one) => one[key]);
        expect(values).not.toContain('');
        expect(new Set(values).size).toBe(shown.length);
      }
    };
    const links = [];
    for (const state of ['online', 'offline', 'stopped'] as const) {
      const link = { state, waiting: 0, lastContactMs: null, problem: null, isClockWrong: false };
      await home(page, till, { state: aState({ link }) });
      await page.locator(`[data-part="link"][data-state="${state}"]`).waitFor();
      links.push(await looks('link'));
    }
    allDiffer(links);
    const notices = [];
    for (const [tone, code] of [
      ['ok', 'joined'],
      ['warning', 'disk-nearly-full'],
      ['refusal', 'payment-card-refused'],
    ] as const) {
      const notice = { id: notices.length + 1, tone, message: { code, params: {} } };
      await home(page, till, { state: aState({ notice }) });
      await page.locator(`[data-part="notice"][data-tone="${tone}"]`).waitFor();
      notices.push(await looks('notice'));
    }
    allDiffer(notices);
  });

  test('check 24: in Arabic every amount and number stands by itself, and no typed direction control gets in', async () => {
    const look = { ...usualLook, language: 'ar' } as const;
    const { counter, till } = await stage.open(aState({ member: aMember() }), undefined, look);
    const { page } = counter;
    await page.locator('html[dir="rtl"]').waitFor();
    const hostile = 'Zey\u202Enep';
    for (const name of ['known', 'codes', 'returning', 'unknown-phone', 'parked'] as const) {
      const { state } = scenes[name];
      const member = state.member === null ? null : { ...state.member, displayName: hostile };
      await home(page, till, { state: { ...state, member } });
      const { amounts, open } = await page.evaluate(amountsOf);
      expect.soft({ name, open }).toEqual({ name, open: [] });
      if (name !== 'unknown-phone') expect(amounts).toBeGreaterThan(0);
      expect(await page.locator('#root').textContent()).not.toMatch(/[\u202A-\u202E]/);
    }
    for (const [steps, field] of [
      [['action-return'], 'receipt-code'],
      [['enter-code'], 'code-text'],
      [['action-enrol', 'enrol-no-phone', 'enrol-age-yes'], 'enrol-name'],
    ] as const) {
      await home(page, till, scenes.known);
      for (const step of steps) await part(page, step).click();
      await part(page, field).fill('A\u202EB\u2066C');
      await expect.poll(() => part(page, field).inputValue()).toMatch(/^ABC$/i);
    }
  });
});

/** Runs in the page: amounts and numbers on the glass, and those whose direction the words around may turn. */
function amountsOf(): { readonly amounts: number; readonly open: readonly string[] } {
  const walker = document.createTreeWalker(
    document.querySelector('#root') ?? document.body,
    NodeFilter.SHOW_TEXT,
  );
  const figure = /\d[\d.,]*[.,]\d{2}\b|··\d\d|\+?\d{7,}/;
  const open: string[] = [];
  let amounts = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    const parent = node.parentElement;
    if (parent === null || !figure.test(text) || !parent.checkVisibility()) continue;
    amounts += 1;
    const isIsolated = (element: Element | null): boolean =>
      element !== null &&
      element !== document.documentElement &&
      (element.tagName === 'BDI' ||
        element.hasAttribute('dir') ||
        isIsolated(element.parentElement));
    const outside = text.replaceAll(/[\u2066-\u2068][^\u2069]*\u2069/g, '');
    if (figure.test(outside) && !isIsolated(parent)) open.push(text);
  }
  return { amounts, open };
}
