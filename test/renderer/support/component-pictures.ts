import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Scene, type SceneName, scenes } from '#test/renderer/gallery/scenes.ts';
import { startScriptedTill } from '#test/renderer/gallery/scripted-till.ts';
import { quiet } from '#test/renderer/support/quiet.ts';
import { findChromium, type Look, openPage, usualLook } from './browser.ts';

/** Two pixels are the same while no channel differs by more: edges of letters differ from machine to machine. */
const CHANNEL_MAX = 40;
/** So much of a picture may differ all the same. */
const SHARE_MAX = 0.002;

/** A component in one state: the scene, what is pressed first, and which part is pictured. */
interface Pictured {
  readonly scene: SceneName;
  /** Parts that are pressed, and states the core comes to meanwhile. */
  readonly steps?: readonly (string | { readonly becomes: SceneName })[];
  readonly part: string;
  readonly look?: Partial<Look>;
}

const strip = (scene: SceneName, look: Partial<Look> = {}): Pictured => ({
  scene,
  part: 'member',
  look,
});

/** Small and stable: what most screens are made of, once in each state. */
const pictured: Readonly<Record<string, Pictured>> = {
  'strip-empty': strip('empty'),
  'strip-known': strip('known'),
  'strip-known-ar': strip('known', { language: 'ar' }),
  'strip-known-dark': strip('known', { theme: 'dark' }),
  'strip-offline': strip('known-offline'),
  'strip-unknown': strip('unknown-phone'),
  'strip-waiting': strip('waiting-for-proof'),
  'strip-swapped': strip('swapped'),
  'strip-looking': strip('looking-up'),
  'strip-provisional': strip('provisional'),
  'strip-blocked': strip('blocked'),
  rewards: { scene: 'known', part: 'rewards' },
  'rewards-ar': { scene: 'known', part: 'rewards', look: { language: 'ar' } },
  actions: { scene: 'known', part: 'actions' },
  totals: { scene: 'known', part: 'totals' },
  'totals-contrast': { scene: 'known', part: 'totals', look: { theme: 'contrast' } },
  'number-pad': { scene: 'known', part: 'pad' },
  notice: { scene: 'warned', part: 'notice' },
  receipt: {
    scene: 'known',
    steps: ['pay', 'tender-card', { becomes: 'sold' }, 'receipt-open', 'receipt-as-text'],
    part: 'receipt-text',
  },
  equation: { scene: 'day-ties', steps: ['open-day'], part: 'equation' },
  chart: { scene: 'day-ties', steps: ['open-day'], part: 'chart' },
};

/** Names of the pictures. */
export const pictureNames = Object.keys(pictured);

/** Where the pictures of one version of the browser lie: another one draws letters otherwise. */
export function picturesFolder(major: string): string {
  return join(import.meta.dirname, '..', 'pictures', `chromium-${major}`);
}

/** The first number of the browser's version; null where there is no browser. */
export function chromiumMajor(): string | null {
  const path = findChromium();
  if (path === null) return null;
  const said = execFileSync(path, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return /(\d+)\.\d+/.exec(said)?.[1] ?? null;
}

/** A component as it stands on the glass, as PNG; `meddle` may change the page before. */
export async function pictureOf(
  browser: Browser,
  directory: string,
  name: string,
  meddle: (page: Page) => Promise<void> = async () => {},
): Promise<Buffer> {
  const { scene: sceneName, steps = [], part, look = {} } = pictured[name] ?? unknown(name);
  const scene: Scene = scenes[sceneName];
  const till = await startScriptedTill(directory, scene.state);
  const { page, context } = await openPage(browser, till.url, { ...usualLook, ...look });
  try {
    till.show(scene.state, scene.day);
    await till.shown(page);
    for (const step of steps) {
      if (typeof step === 'string') await found(page, step).click();
      else {
        till.show(scenes[step.becomes].state);
        await till.shown(page);
      }
    }
    await found(page, part).waitFor();
    await quiet(page);
    await meddle(page);
    return await found(page, part).screenshot({ animations: 'disabled', caret: 'hide' });
  } finally {
    await context.close();
    await till.close();
  }
}

function found(page: Page, part: string): Locator {
  return page.locator(`[data-part="${part}"] >> visible=true`).first();
}

function unknown(name: string): never {
  throw new Error(`No picture of ${name}`);
}

/** In what two pictures differ; null where they are the same within the tolerance. */
export async function difference(one: Buffer, other: Buffer): Promise<string | null> {
  const [before, after] = [await pixelsOf(one), await pixelsOf(other)];
  if (before.width !== after.width || before.height !== after.height) {
    return `${before.width} × ${before.height} became ${after.width} × ${after.height}`;
  }
  let differing = 0;
  for (let at = 0; at < before.data.length; at += 4) {
    const isOther = [0, 1, 2].some(
      (channel) =>
        Math.abs((before.data[at + channel] ?? 0) - (after.data[at + channel] ?? 0)) > CHANNEL_MAX,
    );
    if (isOther) differing += 1;
  }
  const share = differing / (before.width * before.height);
  return share <= SHARE_MAX ? null : `${(100 * share).toFixed(2)} % of the pixels differ`;
}

async function pixelsOf(
  png: Buffer,
): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }> {
  const image = await loadImage(png);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
