/**
 * Keys on the cashier's screen that a printed code can press, so that a whole sale can be done with
 * the scanner in the hand.
 */
export const SCREEN_KEYS = [
  'pay',
  'cash',
  'card',
  'other',
  'reward',
  'join',
  'no-phone',
  'yes',
  'no',
  'next',
  'take-back',
  'reprint',
  'undo',
  'back',
  'day',
  'close',
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
] as const;

/** One of them; a digit is that key of the number pad. */
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
