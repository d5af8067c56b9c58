import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '#test/support/needs.ts';
import { aState } from './gallery/fixtures.ts';
import { type Scene, type SceneName, scenes } from './gallery/scenes.ts';
import { mainScenes, panels } from './gallery/screens.ts';
import { type ScriptedTill, startScriptedTill } from './gallery/scripted-till.ts';
import {
  buildRenderer,
  browserMissing,
  launchBrowser,
  type Look,
  openPage,
  usualLook,
} from './support/browser.ts';
import { measureGlass } from './support/glass.ts';

const sizes = [
  [1024, 768],
  [1366, 768],
] as const;
const highContrast = ['1024 en', '1366 ar'];
/** The sixteen looks and two in high contrast; the themes of one size and language share a page. */
const looks = sizes.flatMap(([width, height]) =>
  (['en', 'tr', 'de', 'ar'] as const).map((language) => {
    const contrast = highContrast.includes(`${width} ${language}`) ? (['contrast'] as const) : [];
    return { width, height, language, themes: ['light', 'dark', ...contrast] as const };
  }),
);

describe('every screen in its looks', needs(browserMissing), () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildRenderer>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildRenderer()]);
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });

  const seen = async (
    look: Look,
    watch: (page: Page, till: ScriptedTill) => Promise<void>,
  ): Promise<void> => {
    const till = await startScriptedTill(built.directory, aState());
    const { page, context, said } = await openPage(browser, till.url, look);
    await watch(page, till);
    expect(said).toEqual([]);
    await context.close();
    await till.close();
  };
  const check = async (
    page: Page,
    name: string,
    mayEllipsis: boolean,
    withAxe: boolean,
  ): Promise<void> => {
    const glass = await measureGlass(page, mayEllipsis);
    expect.soft(glass, name).toEqual({ scrolls: false, cutOff: [], small: [], crowded: [] });
    if (!withAxe) return;
    const axe = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const faults = axe.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
    expect.soft(faults, name).toEqual([]);
  };
  const home = async (page: Page, till: ScriptedTill, scene: Scene): Promise<void> => {
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    till.show(scene.state, scene.day);
    await page.locator('[data-part="counter"]').waitFor();
    await till.shown(page);
  };

  test.each(looks)(
    'fits, reads and can be hit at $width × $height, $language, $themes',
    { timeout: 180_000 },
    async ({ themes, ...size }) => {
      const checkThemes = async (page: Page, name: string): Promise<void> => {
        for (const theme of themes) {
          await page.evaluate((next) => {
            document.documentElement.dataset['theme'] = next;
          }, theme);
          await check(page, `${name}, ${theme}`, false, hasAxe(size, name));
        }
      };
      await seen({ ...size, theme: 'light' }, async (page, till) => {
        for (const name of mainScenes) {
          await home(page, till, scenes[name]);
          await checkThemes(page, name);
        }
        for (const [name, [scene, steps]] of Object.entries(panels)) {
          await home(page, till, aScene(scene));
          for (const step of steps)
            await page.locator(`[data-part="${step}"] >> visible=true`).first().click();
          // A page of its own is fetched when it is first opened.
          await page.locator('h1').first().waitFor();
          if (steps[0] === 'open-day') await page.locator('[data-part="equation"]').waitFor();
          await checkThemes(page, name);
        }
      });
    },
  );

  test('every state the core can bring about is clean, too', async () => {
    await seen(usualLook, async (page, till) => {
      for (const name of Object.keys(scenes) as SceneName[]) {
        await home(page, till, scenes[name]);
        await check(page, name, name === 'long-basket', true);
      }
    });
  });

  test('the measurement itself finds a small key, a crowded Pay and a name cut off', async () => {
    await seen(usualLook, async (page, till) => {
      await home(page, till, scenes.known);
      await page.evaluate(() => {
        const part = (name: string): HTMLElement | null =>
          document.querySelector(`[data-part="${name}"]`);
        part('key-1')?.style.setProperty('min-height', '0');
        part('key-1')?.style.setProperty('height', '60px');
        part('pay')?.style.setProperty('margin-top', '-4px');
        const name = part('member-name')?.querySelector('bdi');
        if (name !== null && name !== undefined) name.textContent = 'A name '.repeat(20);
      });
      const glass = await measureGlass(page, false);
      expect(glass.small.join()).toContain('key-1');
      expect(glass.crowded.join()).toContain('pay');
      expect(glass.cutOff.join()).toContain('A name');
    });
  });

  test('a large screen does not scroll either', async () => {
    await seen({ ...usualLook, width: 1920, height: 1080, language: 'de' }, async (page, till) => {
      await home(page, till, scenes.known);
      await check(page, '1920', false, true);
    });
  });

  test('Arabic mirrors the columns and not the number pad', async () => {
    await seen({ ...usualLook, language: 'ar' }, async (page, till) => {
      await home(page, till, scenes.known);
      const left = async (part: string): Promise<number> =>
        (await page.locator(`[data-part="${part}"]`).first().boundingBox())?.x ?? -1;
      expect(await left('pay')).toBeLessThan(await left('basket'));
      expect(await left('key-1')).toBeLessThan(await left('key-3'));
      await expect.poll(() => page.locator('html').getAttribute('dir')).toBe('rtl');
    });
  });

  test('no English sentence is left in the other languages', async () => {
    const texts = new Map<string, ReadonlySet<string>>();
    for (const language of ['en', 'tr', 'de', 'ar'] as const) {
      await seen({ ...usualLook, language }, async (page, till) => {
        await home(page, till, scenes['unknown-card']);
        const words = await page.locator('#root').evaluate((root) => {
          const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          const found: string[] = [];
          while (walker.nextNode()) found.push((walker.currentNode.textContent ?? '').trim());
          return found.filter((text) => /\p{L}{2,}/u.test(text));
        });
        texts.set(language, new Set(words));
      });
    }
    // Names of the shop, its people and its goods stay as they are.
    const names = new Set([
      'Regulars',
      'Moda Kahve',
      'Till 2',
      'Elif K.',
      'Flat white',
      'Flat White',
      'Online',
    ]);
    for (const language of ['tr', 'de', 'ar'] as const) {
      const same = [...(texts.get(language) ?? [])].filter(
        (text) => texts.get('en')?.has(text) === true && !names.has(text),
      );
      expect({ language, same }).toEqual({ language, same: [] });
    }
  });
});

/** Roles and contrast hardly change with the language: all screens in both themes, the rest by sample. */
function hasAxe(look: Pick<Look, 'language' | 'width'>, name: string): boolean {
  return (
    (look.language === 'en' && look.width === 1024) ||
    ['known', 'enrol-shopper', 'day'].includes(name)
  );
}

function aScene(name: SceneName): Scene {
  return scenes[name];
}
