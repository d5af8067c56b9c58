import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { createIntl, createIntlCache } from 'react-intl';
import { isolated, localeTag } from '#renderer/i18n/locale.ts';
import { type TextValues, useSpeech } from '#renderer/i18n/use-text.ts';
import type { MarketId } from '#loyalty/market.ts';
import {
  englishSetup,
  isSetupKey,
  loadSetupMessages,
  type SetupKey,
  type SetupMessages,
} from './setup-words.ts';

/** Says a sentence of set-up; text values are isolated where directions meet. */
export type Say = (key: SetupKey, values?: TextValues) => string;

const SayContext = createContext<Say | null>(null);

/** The sentences of set-up; only inside `SetupText`. */
export function useSay(): Say {
  const say = useContext(SayContext);
  if (say === null) throw new Error('useSay is used inside SetupText only');
  return say;
}

/** A sentence whose name is put together, such as a preset's; empty where there is none. */
export function sayIfThere(say: Say, key: string, values?: TextValues): string {
  return isSetupKey(key) ? say(key, values) : '';
}

/** Loads the sentences of the language spoken here, apart from the cashier's. */
export function SetupText(props: {
  readonly market: MarketId;
  readonly children: ReactNode;
}): ReactNode {
  const { language, direction } = useSpeech();
  const [loaded, setLoaded] = useState<{ language: string; messages: SetupMessages } | null>(
    language === 'en' ? { language, messages: englishSetup } : null,
  );
  useEffect(() => {
    let current = true;
    void loadSetupMessages(language).then((messages) => {
      if (current) setLoaded({ language, messages });
    });
    return () => {
      current = false;
    };
  }, [language]);
  const { market } = props;
  const say = useMemo<Say | null>(() => {
    if (loaded === null) return null;
    const intl = createIntl(
      { locale: localeTag(language, market), messages: { ...loaded.messages } },
      createIntlCache(),
    );
    return (key, values = {}) =>
      intl.formatMessage(
        { id: key },
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            typeof value === 'string' ? isolated(value, direction) : value,
          ]),
        ),
      );
  }, [loaded, language, direction, market]);
  return say === null ? null : <SayContext value={say}>{props.children}</SayContext>;
}
