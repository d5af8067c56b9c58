import { createIntl } from 'react-intl';
import { describe, expect, test } from 'vitest';

/** Sentences by their key. */
export type Messages = Readonly<Record<string, string>>;

/** One file of sentences per language; English says what there has to be. */
export type WordFiles = Readonly<Record<'en' | 'tr' | 'de' | 'ar', Messages>>;

/** The kinds of a sentence's parts, as the ICU parser numbers them. */
const kinds = { literal: 0, number: 2, date: 3, time: 4, select: 5, plural: 6, pound: 7 } as const;

interface Element {
  readonly type: number;
  readonly value?: unknown;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

/** The values a sentence asks for, each with one that it takes. Throws where it does not parse. */
function valuesOf(locale: string, message: string): Readonly<Record<string, string | number>> {
  const intl = createIntl({ locale, messages: {} });
  const ast = intl.formatters.getMessageFormat(message, locale).getAst() as readonly Element[];
  const values: Record<string, string | number> = {};
  const walk = (elements: readonly Element[]): void => {
    for (const { type, value, options = {} } of elements) {
      if (type !== kinds.literal && type !== kinds.pound)
        values[String(value)] = sampleOf(type, options);
      for (const option of Object.values(options)) walk(option.value);
    }
  };
  walk(ast);
  return values;
}

function sampleOf(type: number, options: Readonly<Record<string, unknown>>): string | number {
  if (type === kinds.select) return Object.keys(options)[0] ?? 'x';
  const counts: readonly number[] = [kinds.number, kinds.date, kinds.time, kinds.plural];
  return counts.includes(type) ? 3 : 'x';
}

/** What every file of sentences must be, in each language; `subject` says whose sentences they are. */
export function describeWordFiles(subject: string, files: WordFiles): void {
  describe.each(Object.entries(files))(
    `the sentences of ${subject} in %s`,
    (language, messages) => {
      test('are all there, and no others', () => {
        expect(Object.keys(messages).toSorted()).toEqual(Object.keys(files.en).toSorted());
      });

      test('are not empty, not padded, and free of direction controls', () => {
        const wrong = Object.entries(messages).filter(
          ([, text]) =>
            text === '' || text !== text.trim() || /[\u202A-\u202E\u2066-\u2069]/.test(text),
        );
        expect(wrong).toEqual([]);
      });

      test('can be said with no value that English does not have', () => {
        const wrong: string[] = [];
        const onError = (error: Error): void => void wrong.push(error.message);
        const intl = createIntl({ locale: language, messages: { ...messages }, onError });
        for (const [id, text] of Object.entries(messages)) {
          const known = valuesOf('en', files.en[id] ?? '');
          const invented = Object.keys(valuesOf(language, text)).filter((name) => !(name in known));
          expect({ id, invented }).toEqual({ id, invented: [] });
          expect(intl.formatMessage({ id }, known)).not.toMatch(/[{}]/);
        }
        expect(wrong).toEqual([]);
      });
    },
  );

  test(`the sentences of ${subject} hang no Turkish suffix on a value`, () => {
    expect(Object.entries(files.tr).filter(([, text]) => /\}['’]\p{L}/u.test(text))).toEqual([]);
  });
}
