import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import { catalogue } from '#loyalty/presets/catalogue.ts';
import ar from '#renderer/setup/words/ar.json' with { type: 'json' };
import de from '#renderer/setup/words/de.json' with { type: 'json' };
import en from '#renderer/setup/words/en.json' with { type: 'json' };
import tr from '#renderer/setup/words/tr.json' with { type: 'json' };

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, tr, de, ar };
/** A value for every name that any sentence has. */
const values = {
  ...{ at: 1, of: 7, most: 10, number: 1, count: 3, text: 'x', one: '1,00', name: 'x', item: 'x' },
  ...{ price: 'x', points: 2, amount: 'x', visits: 2, worth: 'x', cost: 2, percent: 5, units: 3 },
  ...{ discount: 'x', code: 'x', length: 9, min: 1, max: 9, minMinor: 'x', maxMinor: 'x' },
  ...{ place: 'x', fix: 'x', left: 2, minutes: 5, role: 'x' },
};
const names = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].toSorted();

describe('the sentences of set-up', () => {
  it.each(['tr', 'de', 'ar'])('are all there in %s, with the same values', (language) => {
    const messages = languages[language] ?? {};
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(en).toSorted());
    const others = Object.entries(en).filter(
      ([key, sentence]) =>
        names(messages[key] ?? '').join() !== names(sentence).join() &&
        // A language may leave a value out; it never invents one.
        names(messages[key] ?? '').some((name) => !names(sentence).includes(name)),
    );
    expect(others).toEqual([]);
  });

  it.each(Object.keys(languages))('can be said in %s', (language) => {
    const messages = { ...languages[language] };
    const wrong: string[] = [];
    const intl = createIntl({
      locale: language,
      messages,
      onError: (error) => void wrong.push(error.message),
    });
    for (const id of Object.keys(messages)) {
      expect(intl.formatMessage({ id }, values)).not.toMatch(/[{}]/);
    }
    expect(wrong).toEqual([]);
  });

  it('have a name, a sentence and a label for every preset and every knob', () => {
    const needed = catalogue.flatMap(({ id, knobs }) => [
      `preset.${id}`,
      `preset.${id}-what`,
      ...knobs.map((knob) => `knob.${knob.id}`),
    ]);
    expect(needed.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
  });
});
