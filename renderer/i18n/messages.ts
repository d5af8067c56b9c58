import type { Language } from '#renderer/settings/settings-store.ts';
import english from './en.json';

/** The name of a sentence. English has them all; a test holds the other languages to it. */
export type MessageKey = keyof typeof english;
export type Messages = Readonly<Record<MessageKey, string>>;

const others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Messages }>>> = {
  tr: () => import('./tr.json'),
  de: () => import('./de.json'),
  ar: () => import('./ar.json'),
};

/** The sentences of a language; all but English are loaded when first needed. */
export async function loadMessages(language: Language): Promise<Messages> {
  return language === 'en' ? english : (await others[language]()).default;
}

/** English, there from the first paint. */
export const englishMessages: Messages = english;

/** Whether a code from the core has a sentence of its own. */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(english, key);
}
