import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createIntl, createIntlCache } from 'react-intl';
import type { TillState } from '#contract/till-state.ts';
import { createFormats } from '#renderer/format/formats.ts';
import type { Language } from '#renderer/settings/settings-store.ts';
import { directionOf, isolated, localeTag, withoutBidiControls } from './locale.ts';
import { englishMessages, loadMessages, type Messages } from './messages.ts';
import { type Speech, SpeechContext, type TextValues } from './use-text.ts';

export interface SpeechProfile {
  readonly language: Language;
  readonly market: TillState['shop']['market'];
  readonly currency: string;
  readonly timeZone: string;
}

interface Loaded {
  readonly language: Language;
  readonly messages: Messages;
}

/** Speaks to everything inside it, and turns the document to the language's direction. */
export function SpeechProvider(props: SpeechProfile & { readonly children: ReactNode }): ReactNode {
  const { language, market, currency, timeZone, children } = props;
  const [loaded, setLoaded] = useState<Loaded | null>(
    language === 'en' ? { language, messages: englishMessages } : null,
  );
  useEffect(() => {
    let current = true;
    void loadMessages(language).then((messages) => {
      if (current) setLoaded({ language, messages });
    });
    return () => {
      current = false;
    };
  }, [language]);
  const speech = useMemo(
    () => (loaded === null ? null : createSpeech(loaded, { language, market, currency, timeZone })),
    [loaded, language, market, currency, timeZone],
  );
  useEffect(() => {
    if (speech === null) return;
    document.documentElement.lang = speech.language;
    document.documentElement.dir = speech.direction;
  }, [speech]);
  if (speech === null) return null;
  return (
    <I18nProvider locale={localeTag(speech.language, market)}>
      <SpeechContext value={speech}>{children}</SpeechContext>
    </I18nProvider>
  );
}

function createSpeech({ language, messages }: Loaded, profile: SpeechProfile): Speech {
  const locale = localeTag(language, profile.market);
  const direction = directionOf(language);
  let failed = false;
  const onError = (): void => {
    failed = true;
  };
  const intl = createIntl({ locale, messages: { ...messages }, onError }, createIntlCache());
  const say: Speech['t'] = (key, values) =>
    intl.formatMessage({ id: key }, isolatedValues(values ?? {}, direction));
  return {
    language,
    direction,
    format: createFormats({ locale, currency: profile.currency, timeZone: profile.timeZone }),
    t: say,
    tryText(key, values) {
      failed = false;
      const text = say(key, values);
      return failed ? null : text;
    },
    name: (text) => withoutBidiControls(text[language] ?? text['en'] ?? ''),
  };
}

function isolatedValues(
  values: TextValues,
  direction: Speech['direction'],
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? isolated(value, direction) : value,
    ]),
  );
}
