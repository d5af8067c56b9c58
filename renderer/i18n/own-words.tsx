import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { createIntl, createIntlCache } from 'react-intl';
import type { MarketId } from '#loyalty/market.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import { isolated, localeTag } from './locale.ts';
import { type TextValues, useSpeech } from './use-text.ts';

type Messages<Key extends string> = Readonly<Record<Key, string>>;

/** Says a sentence; text values are isolated where directions meet. */
export type SayOf<Key extends string> = (key: Key, values?: TextValues) => string;

/** Sentences of some screens only, apart from what the cashier's screen loads. */
export interface OwnWords<Key extends string> {
  /** Loads them in the language spoken here; what is inside may use them. */
  Words(props: { readonly market: MarketId; readonly children: ReactNode }): ReactNode;
  /** Only inside `Words`. */
  useSay(): SayOf<Key>;
}

/** Makes such a set: English at hand, the other languages fetched when they are wanted. */
export function ownWords<Key extends string>(
  english: Messages<Key>,
  others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Messages<Key> }>>>,
): OwnWords<Key> {
  const SayContext = createContext<SayOf<Key> | null>(null);

  const load = async (language: Language): Promise<Messages<Key>> =>
    language === 'en' ? english : (await others[language]()).default;

  function Words(props: { readonly market: MarketId; readonly children: ReactNode }): ReactNode {
    const { language, direction } = useSpeech();
    const [loaded, setLoaded] = useState<{ language: string; messages: Messages<Key> } | null>(
      language === 'en' ? { language, messages: english } : null,
    );
    useEffect(() => {
      let current = true;
      void load(language).then((messages) => {
        if (current) setLoaded({ language, messages });
      });
      return () => {
        current = false;
      };
    }, [language]);
    const { market } = props;
    const say = useMemo<SayOf<Key> | null>(() => {
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

  function useSay(): SayOf<Key> {
    const say = useContext(SayContext);
    if (say === null) throw new Error('useSay is used inside its Words only');
    return say;
  }

  return { Words, useSay };
}
