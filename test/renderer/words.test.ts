import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIntl } from 'react-intl';
import { describe, expect, test } from 'vitest';
import { reasonCodes } from '#loyalty/reason.ts';
import { traceCodes } from '#loyalty/trace.ts';

const languages = ['en', 'tr', 'de', 'ar'] as const;
type Messages = Readonly<Record<string, string>>;

function messagesOf(language: string): Messages {
  const file = join(import.meta.dirname, '../../renderer/i18n', `${language}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Messages;
}

interface Element {
  readonly type: number;
  readonly value?: unknown;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}
const literal = 0;
const pound = 7;

/** Names of the values a sentence needs, and a throw where it does not parse. */
function valuesOf(locale: string, message: string): readonly string[] {
  const intl = createIntl({ locale, messages: {} });
  const ast = intl.formatters.getMessageFormat(message, locale).getAst() as readonly Element[];
  const names = new Set<string>();
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if (element.type !== literal && element.type !== pound) names.add(String(element.value));
      for (const option of Object.values(element.options ?? {})) walk(option.value);
    }
  };
  walk(ast);
  return [...names].toSorted();
}

const english = messagesOf('en');

describe.each(languages)('the sentences in %s', (language) => {
  const messages = messagesOf(language);

  test('are all there, and no others', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english));
  });

  test('are not empty, not padded, and free of direction controls', () => {
    const wrong = Object.entries(messages).filter(
      ([, text]) =>
        text === '' || text !== text.trim() || /[\u202A-\u202E\u2066-\u2069]/.test(text),
    );
    expect(wrong).toEqual([]);
  });

  test('parse, and ask for no value that English does not have', () => {
    for (const [key, text] of Object.entries(messages)) {
      const needed = valuesOf(language, text);
      const known = valuesOf('en', english[key] ?? '');
      const unknown = needed.filter((name) => !known.includes(name));
      expect({ key, unknown }).toEqual({ key, unknown: [] });
    }
  });
});

test('every reason and every step of the engine has its sentence', () => {
  const missing = [...reasonCodes, ...traceCodes].filter(
    (code) => english[`code.${code}`] === undefined,
  );
  expect(missing).toEqual([]);
});

test('Turkish never hangs a suffix on a value', () => {
  const hung = Object.entries(messagesOf('tr')).filter(([, text]) => /\}['’]\p{L}/u.test(text));
  expect(hung).toEqual([]);
});
