import type { Page } from 'playwright-core';

/**
 * Runs in the page: visible texts that stand out too little from what is painted behind them.
 *
 * Body text is what is written in the ink's colour: 7:1. Any other text: 4.5:1. Texts of disabled
 * parts are left out. Source: WCAG 2.2, 1.4.3 and 1.4.6; counter.md §8, check 19.
 */
export function measureContrast(): { readonly body: number; readonly faults: readonly string[] } {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) throw new Error('no canvas');
  const rgba = (colour: string): readonly number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element | null): readonly number[] => {
    if (element === null) return rgba('white');
    const own = rgba(getComputedStyle(element).backgroundColor);
    return (own[3] ?? 0) > 250 ? own : behind(element.parentElement);
  };
  const ink = rgba(getComputedStyle(document.documentElement).color).join();
  const faults: string[] = [];
  let body = 0;
  for (const element of document.querySelectorAll('#root *')) {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => (node.textContent ?? '').trim())
      .join('');
    const { width, height } = element.getBoundingClientRect();
    const isSeen = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (text === '' || width < 2 || height < 2 || !isSeen) continue;
    if (element.closest('[disabled], [aria-disabled="true"], [data-disabled]') !== null) continue;
    const colour = rgba(getComputedStyle(element).color);
    const isBody = colour.join() === ink;
    if (isBody) body += 1;
    const [light = 0, dark = 0] = [luminance(colour), luminance(behind(element))].toSorted(
      (one, other) => other - one,
    );
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (isBody ? 7 : 4.5)) faults.push(`${text.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  return { body, faults };
}

/** Goes once around the page with Tab; rings that are too pale, cut off, covered, or not there. */
export async function measureFocusRings(
  page: Page,
): Promise<{ readonly rings: number; readonly faults: readonly string[] }> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    for (const marked of document.querySelectorAll('[data-seen]'))
      marked.removeAttribute('data-seen');
  });
  const faults: string[] = [];
  let rings = 0;
  for (let tabs = 0; tabs < 80; tabs += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(ringOf);
    if (seen === 'again') break;
    if (seen === null) continue;
    rings += 1;
    if (seen !== '') faults.push(seen);
  }
  return { rings, faults };
}

/** Runs in the page: what is wrong with the ring of what has the focus; '' where nothing is. */
function ringOf(): string | null {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return null;
  if (focused.hasAttribute('data-seen')) return 'again';
  focused.setAttribute('data-seen', '');
  const name = `${focused.getAttribute('data-part') ?? focused.tagName} ${(focused.textContent ?? '').slice(0, 24)}`;
  // A hidden tick box has its ring around its label.
  const isTick = focused instanceof HTMLInputElement && /checkbox|radio/.test(focused.type);
  const shown = isTick ? focused.closest('label') : focused;
  const withRing = (shown === null ? [] : [shown, ...shown.querySelectorAll('*')])
    .filter((element) => !isTick || element !== focused)
    .find((element) => getComputedStyle(element).outlineStyle === 'solid');
  if (withRing === undefined) return `${name}: no ring`;
  const style = getComputedStyle(withRing);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = (colour: string): number => {
    if (canvas === null) throw new Error('no canvas');
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const offset = Number.parseFloat(style.outlineOffset);
  const reach = offset + Number.parseFloat(style.outlineWidth);
  // A ring inside its part lies on the part; one outside on what is behind it.
  let ground: Element | null = offset < 0 ? withRing : withRing.parentElement;
  while (
    ground !== null &&
    /^rgba\(.*, 0\)$|transparent/.test(getComputedStyle(ground).backgroundColor)
  )
    ground = ground.parentElement;
  const paper = ground === null ? 'white' : getComputedStyle(ground).backgroundColor;
  const [light = 0, dark = 0] = [luminance(style.outlineColor), luminance(paper)].toSorted(
    (one, other) => other - one,
  );
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 3) return `${name}: a ring of ${ratio.toFixed(2)} to 1`;
  const box = withRing.getBoundingClientRect();
  const ring = {
    left: box.left - reach,
    right: box.right + reach,
    top: box.top - reach,
    bottom: box.bottom + reach,
  };
  const isIn = (frame: { left: number; right: number; top: number; bottom: number }): boolean =>
    ring.left >= frame.left - 1 &&
    ring.right <= frame.right + 1 &&
    ring.top >= frame.top - 1 &&
    ring.bottom <= frame.bottom + 1;
  if (!isIn({ left: 0, top: 0, right: innerWidth, bottom: innerHeight }))
    return `${name}: the ring leaves the window`;
  for (let parent = withRing.parentElement; parent !== null; parent = parent.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(parent);
    if (parent === document.body || !/hidden|clip|auto|scroll/.test(overflowX + overflowY))
      continue;
    if (!isIn(parent.getBoundingClientRect()))
      return `${name}: the ring is cut off by ${parent.getAttribute('data-part') ?? parent.className}`;
  }
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const edge = reach - 1.5;
  for (const [x, y] of [
    [middle.x, box.top - edge],
    [middle.x, box.bottom + edge],
    [box.left - edge, middle.y],
    [box.right + edge, middle.y],
  ] as const) {
    const top = document.elementFromPoint(x, y);
    if (top === null) continue;
    const isOver =
      !top.contains(withRing) &&
      !withRing.contains(top) &&
      !/^rgba\(.*, 0\)$|transparent/.test(getComputedStyle(top).backgroundColor) &&
      /absolute|fixed|sticky|relative/.test(getComputedStyle(top).position);
    if (isOver)
      return `${name}: the ring is under ${top.getAttribute('data-part') ?? top.className}`;
  }
  return '';
}
