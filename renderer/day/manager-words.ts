import { ownWords, type SayOf } from '#renderer/i18n/own-words.tsx';
import type { TextValues } from '#renderer/i18n/use-text.ts';
import english from './words/en.json';

/** The name of a sentence of the manager's pages. English has them all; a test holds the others to it. */
type ManagerKey = keyof typeof english;

/** Says a sentence of the manager's pages. */
export type Say = SayOf<ManagerKey>;

const { Words, useSay: say } = ownWords<ManagerKey>(english, {
  tr: () => import('./words/tr.json'),
  de: () => import('./words/de.json'),
  ar: () => import('./words/ar.json'),
});

/** Loads the sentences of the language spoken here, apart from the cashier's. */
export const ManagerWords = Words;

/** The sentences of the manager's pages; only inside `ManagerWords`. */
export const useSay = say;

/** A sentence whose name is put together from a code; empty where there is none. */
export function sayIfThere(speak: Say, key: string, values?: TextValues): string {
  return isManagerKey(key) ? speak(key, values) : '';
}

function isManagerKey(key: string): key is ManagerKey {
  return Object.hasOwn(english, key);
}
