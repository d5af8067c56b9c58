import { describe, expect, it } from 'vitest';
import type { DrawerLevel } from '#contract/device.ts';
import { type DrawerLesson, firstLesson, nextLesson } from '#renderer/devices/drawer-lesson.ts';

const opening = (closedLevel: DrawerLevel | null): DrawerLesson => ({
  kind: 'opening',
  closedLevel,
  sinceMs: 1000,
});
const after = (lesson: DrawerLesson, ...levels: readonly (DrawerLevel | null)[]): DrawerLesson =>
  levels.reduce((before, level) => nextLesson(before, level, 2000), lesson);

describe('what the drawer’s contact says', () => {
  it.each([
    ['high', 'low'],
    ['low', 'high'],
  ] as const)('is learnt once it opened from %s to %s and closed again', (closed, open) => {
    expect(after(opening(closed), closed, open)).toEqual({ kind: 'open', openLevel: open });
    const learnt = { kind: 'learnt', openLevel: open };
    expect(after(opening(closed), closed, open, open, null, closed)).toEqual(learnt);
    expect(after(opening(closed), open, closed, open)).toEqual(learnt);
  });

  it('is not learnt from one change alone, from nothing, or before the pulse', () => {
    expect(after(opening('high'), 'low').kind).toBe('open');
    expect(after(firstLesson, 'high', 'low', 'high')).toEqual(firstLesson);
    expect(after(opening(null), 'low', 'high').kind).toBe('opening');
  });

  it('is given up when the drawer does not open', () => {
    expect(nextLesson(opening('high'), 'high', 7001).kind).toBe('no-contact');
    expect(nextLesson(opening('high'), null, 7001).kind).toBe('no-contact');
    expect(nextLesson(opening('high'), 'high', 6000).kind).toBe('opening');
  });
});
