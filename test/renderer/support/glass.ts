import type { Page } from 'playwright-core';
import { quiet } from './quiet.ts';

/** What is wrong with the page as it stands on the glass; empty lists when nothing is. */
export interface GlassFaults {
  readonly scrolls: boolean;
  /** Texts that a box cuts off or that leave the window. */
  readonly cutOff: readonly string[];
  /** Interactive boxes under 56 u (72 u for keys, tenders and Pay). */
  readonly small: readonly string[];
  /** Two targets closer than 8 u, or anything within 16 u of Pay. Rows of one list may touch. */
  readonly crowded: readonly string[];
}

/** Measures the page in the browser once it is at rest, at `--u` = 1 px. `mayEllipsis` lets long names end in dots. */
export async function measureGlass(page: Page, mayEllipsis: boolean): Promise<GlassFaults> {
  await quiet(page);
  const cutOff = await page.evaluate(findCutOff, mayEllipsis);
  const targets = await page.evaluate(findTargets);
  return {
    scrolls: await page.evaluate(doesScroll),
    cutOff: [...new Set(cutOff)],
    small: targets.filter(isSmall).map((target) => `${target.name} ${target.right - target.left}`),
    crowded: targets.flatMap((one, index) =>
      targets
        .slice(index + 1)
        .filter((other) => isCrowded(one, other))
        .map((other) => `${one.name} | ${other.name}`),
    ),
  };
}

interface Target {
  readonly name: string;
  readonly part: string;
  readonly inRow: boolean;
  readonly inActions: boolean;
  /** Places in the document of the target and of everything inside it. */
  readonly first: number;
  readonly last: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Half a pixel of rounding is nobody's fault. */
const slack = 0.5;

function isSmall({ part, left, right, top, bottom }: Target): boolean {
  const least = /^(key-|pay$|tender-|quick-cash)/.test(part) ? 72 : 56;
  return right - left < least - slack || bottom - top < least - slack;
}

function isCrowded(one: Target, other: Target): boolean {
  const isInside = other.first <= one.last && one.first <= other.last;
  if (isInside || (one.inRow && other.inRow)) return false;
  const across = Math.max(one.left - other.right, other.left - one.right);
  const down = Math.max(one.top - other.bottom, other.top - one.bottom);
  const isPay = [one, other].some(({ part }) => part === 'pay' || part === 'tender-cash');
  // The row of actions is the other column: between columns there are 8.
  const least = isPay && !one.inActions && !other.inActions ? 16 : 8;
  return Math.max(across, down) < least - slack;
}

function doesScroll(): boolean {
  const root = document.scrollingElement;
  if (root === null) return false;
  return root.scrollHeight > innerHeight || root.scrollWidth > innerWidth;
}

/** Runs in the page. */
function findTargets(): Target[] {
  const all = [...document.querySelectorAll('*')];
  const isScrolledAway = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      if (!/auto|scroll/.test(style.overflowX + style.overflowY)) continue;
      const frame = parent.getBoundingClientRect();
      if (box.bottom > frame.bottom + 1 || box.top < frame.top - 1) return true;
    }
    return false;
  };
  const isCovered = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top === null || !(element.contains(top) || top.contains(element));
  };
  const isHit = (element: Element): boolean =>
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
    element.getBoundingClientRect().width > 1 &&
    (element.tagName !== 'LABEL' || element.querySelector('input') !== null) &&
    !isScrolledAway(element) &&
    !isCovered(element);
  const kinds = 'button, a[href], label, [role="button"], input[type="text"], input:not([type])';
  return [...document.querySelectorAll(kinds)].filter(isHit).map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const part = element.getAttribute('data-part') ?? '';
    const first = all.indexOf(element);
    return {
      name: `${part}: ${(element.textContent ?? '').slice(0, 40)}`,
      part,
      inRow: element.closest('li') !== null,
      inActions: element.closest('[data-part="actions"]') !== null,
      first,
      last: first + element.querySelectorAll('*').length,
      left,
      right,
      top,
      bottom,
    };
  });
}

/** Runs in the page. */
function findCutOff(ellipsisAllowed: boolean): string[] {
  const isClipping = (style: CSSStyleDeclaration): boolean =>
    /hidden|clip/.test(style.overflowX + style.overflowY);
  const mayDot = (style: CSSStyleDeclaration): boolean =>
    ellipsisAllowed && style.textOverflow === 'ellipsis';
  const isOutside = (box: DOMRect, frame: DOMRect): boolean =>
    box.left < frame.left - 1 ||
    box.right > frame.right + 1 ||
    box.top < frame.top - 1 ||
    box.bottom > frame.bottom + 1;
  const isCut = (element: Element): boolean => {
    const own = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (isClipping(own) && element.scrollWidth > element.clientWidth + 1 && !mayDot(own))
      return true;
    for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) return false;
      if (isClipping(style) && !mayDot(style) && isOutside(box, parent.getBoundingClientRect())) {
        return true;
      }
    }
    return isOutside(box, new DOMRect(0, 0, innerWidth, innerHeight));
  };
  const hasText = (element: Element): boolean =>
    [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    );
  return [...document.querySelectorAll('#root *')]
    .filter((element) => hasText(element) && element.closest('[data-part="live"]') === null)
    .filter((element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
    .filter(isCut)
    .map((element) => (element.textContent ?? '').slice(0, 60));
}
