import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import { adjustReasons } from '#contract/manager-members.ts';
import { dayFigures } from '#contract/manager.ts';
import { settlementWays } from '#journal/settlement.ts';
import ar from '#renderer/day/words/ar.json' with { type: 'json' };
import de from '#renderer/day/words/de.json' with { type: 'json' };
import en from '#renderer/day/words/en.json' with { type: 'json' };
import tr from '#renderer/day/words/tr.json' with { type: 'json' };
import english from '#renderer/i18n/en.json' with { type: 'json' };

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, tr, de, ar };
/** A value for every name that any sentence has. */
const values = {
  ...{ code: 'x', left: 2, minutes: 5, available: 30, points: 2, way: 'x', by: 'x', time: '12:00' },
  ...{ name: 'x', title: 'x', till: 'x', hour: 9, before: '1', week: '2', visits: 3, day: 'x' },
  ...{ posted: '1', pending: '2', count: 3, share: 'x', from: 'x', through: 'x', members: 4 },
  ...{ scores: 5, money: 'x', sales: 2, number: 7, years: 'x', answers: 3, base: 9, part: 4 },
};
const names = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].toSorted();

describe('the sentences of the manager’s pages', () => {
  it.each(['tr', 'de', 'ar'])('are all there in %s, and invent no value', (language) => {
    const messages = languages[language] ?? {};
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(en).toSorted());
    const invented = Object.entries(en).filter(([key, sentence]) =>
      names(messages[key] ?? '').some((name) => !names(sentence).includes(name)),
    );
    expect(invented).toEqual([]);
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

  it('have a sentence for every way to settle, every figure and every reason', () => {
    const needed = [
      ...settlementWays.map((way) => `way.${way}`),
      ...dayFigures.map((figure) => `en.${figure}`),
      ...adjustReasons.map((reason) => `reason.${reason}`),
    ];
    expect(needed.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
  });

  it('say what happened and what it means for every kind of exception', () => {
    const titled = Object.keys(english).flatMap((key) => {
      const code = /^code\.exception-(.+)$/.exec(key)?.[1];
      return code === undefined ? [] : [code];
    });
    const explained = Object.keys(en).flatMap((key) => /^why\.(.+)$/.exec(key)?.[1] ?? []);
    expect(explained.length).toBeGreaterThanOrEqual(24);
    expect(explained.filter((code) => !titled.includes(code))).toEqual([]);
  });

  it('hang no Turkish suffix on a value', () => {
    expect(Object.entries(tr).filter(([, text]) => /\}['’]\p{L}/u.test(text))).toEqual([]);
  });
});
