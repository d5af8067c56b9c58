import type { DrawerLevel } from '#contract/device.ts';

/** How far the till is in learning what the drawer's contact says. */
export type DrawerLesson =
  | { readonly kind: 'start' }
  /** The pulse went out; its contact was at this level before, null = the printer had not said. */
  | { readonly kind: 'opening'; readonly closedLevel: DrawerLevel | null; readonly sinceMs: number }
  /** The contact changed: it must change back before that is believed. */
  | { readonly kind: 'open'; readonly openLevel: DrawerLevel }
  | { readonly kind: 'learnt'; readonly openLevel: DrawerLevel }
  | { readonly kind: 'no-contact' };

export const firstLesson: DrawerLesson = { kind: 'start' };

/** A drawer that has not opened by then has no contact, or did not open. */
const OPENS_WITHIN_MS = 6_000;

/**
 * The lesson after the contact was seen once more.
 *
 * Open and closed must both be seen: one change alone may be a person who opened it with the key.
 */
export function nextLesson(
  lesson: DrawerLesson,
  level: DrawerLevel | null,
  nowMs: number,
): DrawerLesson {
  switch (lesson.kind) {
    case 'start':
    case 'learnt':
    case 'no-contact':
      return lesson;
    case 'opening':
      if (level !== null && lesson.closedLevel !== null && level !== lesson.closedLevel)
        return { kind: 'open', openLevel: level };
      return nowMs - lesson.sinceMs > OPENS_WITHIN_MS ? { kind: 'no-contact' } : lesson;
    case 'open':
      if (level === null || level === lesson.openLevel) return lesson;
      return { kind: 'learnt', openLevel: lesson.openLevel };
  }
}
