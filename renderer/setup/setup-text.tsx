import { ownWords, type SayOf } from '#renderer/i18n/own-words.tsx';
import type { TextValues } from '#renderer/i18n/use-text.ts';
import { englishSetup, isSetupKey, otherSetups, type SetupKey } from './setup-words.ts';

/** Says a sentence of set-up; text values are isolated where directions meet. */
export type Say = SayOf<SetupKey>;

const { Words, useSay: say } = ownWords(englishSetup, otherSetups);

/** Loads the sentences of the language spoken here, apart from the cashier's. */
export const SetupText = Words;

/** The sentences of set-up; only inside `SetupText`. */
export const useSay = say;

/** A sentence whose name is put together, such as a preset's; empty where there is none. */
export function sayIfThere(say_: Say, key: string, values?: TextValues): string {
  return isSetupKey(key) ? say_(key, values) : '';
}
