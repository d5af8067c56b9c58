import { ownWords, type SayOf } from '#renderer/i18n/own-words.tsx';
import english from './words/en.json';

/** The name of a sentence about devices. English has them all; a test holds the others to it. */
export type DevicesKey = keyof typeof english;

/** Says a sentence about devices. */
export type Say = SayOf<DevicesKey>;

const { Words, useSay: say } = ownWords<DevicesKey>(english, {
  tr: () => import('./words/tr.json'),
  de: () => import('./words/de.json'),
  ar: () => import('./words/ar.json'),
});

/** Loads the sentences about devices in the language spoken here. */
export const DevicesText = Words;

/** The sentences about devices; only inside `DevicesText`. */
export const useSay = say;
