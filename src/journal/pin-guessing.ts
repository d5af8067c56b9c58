import type { EntryBody } from './entry.ts';

/** Wrong PINs under one name, since that person's last right one, from which on the next must wait. */
export const WRONG_MAX = 5;
/** The same under any names, since anybody's last right one. */
export const WRONG_AT_TILL_MAX = 10;

/**
 * What a manager is told of a wrong PIN: nothing of a slip of the finger, but each time a name or the
 * whole till was made to wait, and at every further such number after that.
 *
 * The till counts, because it alone knows which PIN was right; what was typed is nowhere.
 */
export function pinGuessing({
  of,
  wrong,
  wrongAtTill,
}: Extract<EntryBody, { kind: 'pin-wrong' }>): Readonly<Record<string, string | number>> | null {
  if (wrong % WRONG_MAX === 0) return { person: of, wrong };
  return wrongAtTill % WRONG_AT_TILL_MAX === 0 ? { wrong: wrongAtTill } : null;
}
