import type { Language } from '#renderer/settings/settings-store.ts';
import english from './words/en.json';

/** The name of a sentence of set-up. English has them all; a test holds the others to it. */
export type SetupKey = keyof typeof english;
export type SetupMessages = Readonly<Record<SetupKey, string>>;

/** The other languages; none of them is part of what the cashier's screen loads. */
export const otherSetups: Readonly<
  Record<Exclude<Language, 'en'>, () => Promise<{ default: SetupMessages }>>
> = {
  tr: () => import('./words/tr.json'),
  de: () => import('./words/de.json'),
  ar: () => import('./words/ar.json'),
};

/** English, until another language is there. */
export const englishSetup: SetupMessages = english;

/** Whether there is a sentence of that name. */
export function isSetupKey(key: string): key is SetupKey {
  return Object.hasOwn(english, key);
}
