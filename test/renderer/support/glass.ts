import type { Page } from 'playwright-core';

/** What is wrong with the page as it stands on the glass; empty lists when nothing is. */
export interface GlassFaults {
  readonly scrolls: boolean;
  /** Texts that a box cuts off or that leave the window. */
  readonly cutOff: readonly string[];
  /** Interactive boxes under 56 u (72 u for keys and Pay). */
  readonly small: readonly string[];
  /** Two targets closer than 8 u, or anything within 16 u of Pay. Rows of one list may touch. */
  readonly crowded: readonly string[];
}

/** Measures the page in the browser. `mayEllipsis` allows long names to end in dots. */
export async function measureGlass(page: Page, mayEllipsis: boolean): Promise<GlassFaults> {
  return page.evaluate((ellipsisAllowed: boolean): GlassFaults => {
    const visible = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const clipped = (style: CSSStyleDeclaration): boolean =>
      /hidden|clip/.test(style.overflowX + style.overflowY);
    const scrolls = (style: CSSStyleDeclaration): boolean =>
      /auto|scroll/.test(style.overflowX + style.overflowY);
    const named = (element: Element): string =>
      `${element.closest('[data-part]')?.getAttribute('data-part') ?? '?'}: ${(element.textContent ?? '').slice(0, 60)}`;

    const cutOff: string[] = [];
    for (const element of document.querySelectorAll('#root *')) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
      );
      if (!hasText || !visible(element) || element.closest('[data-part="live"]') !== null) continue;
      const box = element.getBoundingClientRect();
      const own = getComputedStyle(element);
      const dots = own.textOverflow === 'ellipsis' && ellipsisAllowed;
      if (clipped(own) && element.scrollWidth > element.clientWidth + 1 && !dots)
        cutOff.push(named(element));
      let inScroller = false;
      for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
        const style = getComputedStyle(parent);
        if (scrolls(style)) inScroller = true;
        if (inScroller || !clipped(style)) continue;
        const frame = parent.getBoundingClientRect();
        const parentDots = style.textOverflow === 'ellipsis' && ellipsisAllowed;
        const outside =
          box.left < frame.left - 1 ||
          box.right > frame.right + 1 ||
          box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1;
        if (outside && !parentDots) cutOff.push(named(element));
      }
      if (
        !inScroller &&
        (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      )
        cutOff.push(named(element));
    }

    const isScrolledAway = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
        if (!scrolls(getComputedStyle(parent))) continue;
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
    const targets = [
      ...document.querySelectorAll(
        'button, a[href], label, [role="button"], input[type="text"], input:not([type])',
      ),
    ]
      .filter((element) => visible(element) && element.getBoundingClientRect().width > 1)
      .filter((element) => element.tagName !== 'LABEL' || element.querySelector('input') !== null)
      .filter((element) => !isScrolledAway(element) && !isCovered(element));
    const small: string[] = [];
    for (const element of targets) {
      const box = element.getBoundingClientRect();
      const part = element.getAttribute('data-part') ?? '';
      const least = /^(key-|pay$|tender-|quick-cash)/.test(part) ? 72 : 56;
      if (box.height < least - 0.5 || box.width < least - 0.5)
        small.push(`${named(element)} ${box.width}×${box.height}`);
    }

    const crowded: string[] = [];
    const inRow = (element: Element): boolean => element.closest('li') !== null;
    const primary = /^(pay|tender-cash)$/;
    for (const [index, one] of targets.entries()) {
      for (const other of targets.slice(index + 1)) {
        if (one.contains(other) || other.contains(one) || (inRow(one) && inRow(other))) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const across = Math.max(a.left - b.right, b.left - a.right);
        const down = Math.max(a.top - b.bottom, b.top - a.bottom);
        const gap = Math.max(across, down);
        const isPay = [one, other].some((element) =>
          primary.test(element.getAttribute('data-part') ?? ''),
        );
        const inColumn = [one, other].every(
          (element) => element.closest('[data-part="actions"]') === null,
        );
        if (gap < (isPay && inColumn ? 15.5 : 7.5))
          crowded.push(`${named(one)} | ${named(other)} ${gap}`);
      }
    }
    const root = document.scrollingElement;
    return {
      scrolls:
        root !== null && (root.scrollHeight > innerHeight + 1 || root.scrollWidth > innerWidth + 1),
      cutOff: [...new Set(cutOff)],
      small,
      crowded,
    };
  }, mayEllipsis);
}
