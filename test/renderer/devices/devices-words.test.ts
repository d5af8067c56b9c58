import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import ar from '#renderer/devices/words/ar.json' with { type: 'json' };
import de from '#renderer/devices/words/de.json' with { type: 'json' };
import en from '#renderer/devices/words/en.json' with { type: 'json' };
import tr from '#renderer/devices/words/tr.json' with { type: 'json' };

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, tr, de, ar };
const values = {
  ...{ file: 'x', letters: 'x', layout: 'x', ms: 4, device: 'x', address: 'x', detail: 'x' },
  ...{ columns: 48, rung: 2, reason: 'x', number: 1 },
};
const names = (sentence: string): string =>
  [...new Set([...sentence.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))]
    .toSorted()
    .join();

describe('the sentences about devices', () => {
  it.each(['tr', 'de', 'ar'])('are all there in %s, with the same values', (language) => {
    const messages = languages[language] ?? {};
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [key, sentence] of Object.entries(en))
      expect([key, names(messages[key] ?? '')]).toEqual([key, names(sentence)]);
  });

  it.each(Object.keys(languages))('can be said in %s', (language) => {
    const messages = { ...languages[language] };
    const wrong: string[] = [];
    const onError = (error: Error): void => void wrong.push(error.message);
    const intl = createIntl({ locale: language, messages, onError });
    for (const id of Object.keys(messages))
      expect(intl.formatMessage({ id }, values)).not.toMatch(/[{}]/);
    expect(wrong).toEqual([]);
  });

  it('are not left in English', () => {
    const same = ['tr', 'de', 'ar'].flatMap((language) =>
      Object.entries(languages[language] ?? {})
        .filter(([key, sentence]) => sentence === en[key as keyof typeof en])
        .map(([key]) => `${language} ${key}`),
    );
    // Words that are the same there, too.
    expect(same.toSorted()).toEqual(['de scanner.layout-us', 'de step.scanner', 'tr make']);
  });
});
