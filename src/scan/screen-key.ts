/**
 * Keys on the cashier's screen that a printed code can press, so that a whole sale can be done with
 * the scanner in the hand. No name is shorter than three letters: a keyboard scanner's code must be
 * long enough to be told from typing.
 */
export const SCREEN_KEYS = [
  'pay',
  'cash',
  'card',
  'other',
  'reward',
  'join',
  'no-phone',
  'answer-yes',
  'answer-no',
  'next',
  'take-back',
  'reprint',
  'undo',
  'back',
  'day',
  'close',
  'digit-0',
  'digit-1',
  'digit-2',
  'digit-3',
  'digit-4',
  'digit-5',
  'digit-6',
  'digit-7',
  'digit-8',
  'digit-9',
] as const;

/** One of them. */
export type ScreenKey = (typeof SCREEN_KEYS)[number];

/** What its code says; `readScreenKey` reads it back. */
export function screenKeyCode(key: ScreenKey): string {
  return `K:${key.toUpperCase()}`;
}

/** Reads `K:` and the name of a key, in any case; null when it is none. */
export function readScreenKey(text: string): ScreenKey | null {
  const name = /^\s*K\s*:\s*([A-Z0-9-]{1,12})\s*$/i.exec(text)?.[1]?.toLowerCase();
  return SCREEN_KEYS.find((key) => key === name) ?? null;
}
