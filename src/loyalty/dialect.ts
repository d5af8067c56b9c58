import { type Fields, fields, isFields, names, text } from './parts.ts';
import { exactText, inSmallest, perOne, type PlainUnits } from './plain.ts';
import { idOf } from './short-forms.ts';

/** What a translation goes by: the units, and the whole that a word stands in. */
export interface DialectUnits extends PlainUnits {
  readonly whole: Fields;
}

/** A way to write a value in the engine's documents; `undefined` where it cannot be. */
export type Codec = (value: unknown, units: DialectUnits, argument: string) => unknown;

/** Whole smallest units: of a number, of each number of an object, or of the argument. */
const counted =
  (what: 'money' | 'points' | 'pieces'): Codec =>
  (value, units, argument) => {
    const of = argument === '' ? value : Number(argument);
    const count = (each: unknown): unknown => inSmallest(each, perOne(units)[what]) ?? undefined;
    if (!isFields(of)) return count(of);
    return Object.fromEntries(Object.entries(of).map(([key, each]) => [key, count(each)]));
  };

/** The codecs every dialect has. */
const plainCodecs: Readonly<Record<string, Codec>> = {
  money: counted('money'),
  /** Money where it is a number, and else as it is. */
  amount: (value, units) =>
    typeof value === 'number' ? counted('money')(value, units, '') : value,
  points: counted('points'),
  milli: counted('pieces'),
  decimal: (value) => exactText(value) ?? undefined,
  names,
  values: (value) => Object.values(fields(value)),
  texts: (value) => names([value].flat().filter((of) => !isFields(of))).map((en) => ({ en })),
  id: (value) => idOf(text(value)),
  ids: (value) => names(value).map(idOf),
  /** `as(card-?)`: the argument with the value in it; `each` for a list of them. */
  as: (value, _, argument) => argument.replace('?', text(value)),
  each: (value, _, argument) => names(value).map((name) => argument.replace('?', name)),
  not: (value) => value !== true,
  /** The day of an instant that is written, or each day of an object. */
  day: (value) =>
    isFields(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, each]) => [key, text(each).slice(0, 10)]),
        )
      : text(value).slice(0, 10),
};

/** One line of a table, for one of its words. */
export interface Row {
  readonly word: string;
  /** Values that words must have for the row to count. */
  readonly when: readonly (readonly [word: string, value: string])[];
  readonly says: readonly string[];
}

/**
 * A dialect: another system's words for the engine's documents, as tables of text.
 *
 * With it the history and the programmes of a shop that comes from elsewhere are read as they were
 * exported, and its answers are written in the words that are known there. What the words mean is
 * the engine's: a dialect only says which command, question or setting each of them is.
 */
export interface Dialect {
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly codecs: Readonly<Record<string, Codec>>;
}

/** `word=value` in two. */
export const pairOf = (of: string): [string, string] => {
  const [word = '', ...value] = of.split('=');
  return [word, value.join('=')];
};

function rowsOf(line: string): Row[] {
  const [left = '', right = ''] = line.split(/ :(?: |$)/);
  const [words = '', others] = left.split(' ?');
  return words.split(' ').map((each) => {
    const [word] = pairOf(each);
    const when = [...(each === word ? [] : [each]), ...(others?.split('&') ?? [])].map(pairOf);
    return { word, when, says: right.replaceAll('$', word).split(' ').filter(Boolean) };
  });
}

/**
 * Reads a dialect: `## name` begins a table, `## name other@path` one with another's rows at a path.
 *
 * A row is `words : what they say`, for one value `word=value :`, beside others `word ?other=value :`.
 * What they say are paths of a document and how each is filled: `path` as it is, `path=constant`,
 * `path~codec` or `path~codec(argument)`, `path{one,two=other}` from a closed list, `path>table` an
 * object of that table, `path+table` a list of them, `path*table` an object by id, name or place,
 * `path*table:word` of those with a word (`:!word` without), `path%table` by key, `path!table` only
 * this word of it; `<word` fills from another word, `$` is the word itself, the row of a word `*`
 * always counts, and an empty row knows a word that says nothing here.
 */
export function dialectOf(written: string, codecs: Dialect['codecs'] = {}): Dialect {
  const tables: Record<string, Row[]> = {};
  for (const section of written.split('\n## ').slice(1)) {
    const [header = '', ...lines] = section.split('\n').filter(Boolean);
    const [name = '', ...others] = header.split(' ');
    const included = others.flatMap((other) => {
      const [table = '', path] = other.split('@');
      const under = (say: string): string => (path === undefined ? say : `${path}.${say}`);
      return (tables[table] ?? []).map((row) => ({ ...row, says: row.says.map(under) }));
    });
    tables[name] = [...lines.flatMap(rowsOf), ...included];
  }
  return { tables, codecs: { ...plainCodecs, ...codecs } };
}

/** The words of a table. */
export const wordsOf = ({ tables }: Dialect, table: string): readonly string[] =>
  (tables[table] ?? []).map(({ word }) => word);
/** Those words of something written that a table has. */
export const partFor = (dialect: Dialect, table: string, of: Fields): Fields => {
  const known = new Set(wordsOf(dialect, table));
  return Object.fromEntries(Object.entries(of).filter(([word]) => known.has(word)));
};
/** What the rows of a word say, without filling anything. */
export const saysOf = ({ tables }: Dialect, table: string, word: string): readonly string[] =>
  (tables[table] ?? []).flatMap((row) => (row.word === word ? row.says : []));
