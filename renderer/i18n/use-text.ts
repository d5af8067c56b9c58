import { createContext, useContext } from 'react';
import type { Formats } from '#renderer/format/formats.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import type { LocalText } from '#contract/member.ts';
import type { MessageKey } from './messages.ts';

export type TextValues = Readonly<Record<string, string | number>>;

/** Everything a screen needs to speak: sentences, names, figures, direction. */
export interface Speech {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly format: Formats;
  /** The sentence of that name. Text values are isolated where directions meet. */
  readonly t: (key: MessageKey, values?: TextValues) => string;
  /** The sentence, or null when a value it needs is missing. For sentences the core chose. */
  readonly tryText: (key: MessageKey, values: TextValues) => string | null;
  /** A name given in several languages. */
  readonly name: (text: LocalText) => string;
}

export const SpeechContext = createContext<Speech | null>(null);

/** The speech of this screen; only inside `SpeechProvider`. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error('useSpeech is used inside SpeechProvider only');
  return speech;
}
