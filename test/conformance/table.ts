/** A JSON object of a case, or a part of a document. */
export type Fields = Readonly<Record<string, unknown>>;

/** A case says something that nobody here has a word for. */
export class NotTranslated extends Error {}

/** Whether a value is an object, and that object; empty where it is none. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const fields = (value: unknown): Fields => (isFields(value) ? value : {});
/** One object or several, one name or several, as a list. */
export const list = (value: unknown): readonly Fields[] => [value].flat().filter(isFields);
export const names = (value: unknown): string[] => [value ?? []].flat().map(String);
/** A word of a case as text, and what stands at a path. */
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);
export const at = (of: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, key) => fields(value)[key], of);

/** How values are written in the product, by the names that tables use. */
export type Codecs<Units> = Readonly<Record<string, (value: unknown, units: Units) => unknown>>;

interface Row {
  readonly word: string;
  /** Values that words must have for the row to count. */
  readonly when: readonly (readonly [word: string, value: string])[];
  readonly says: readonly string[];
}

/** Tables by name; the first row of a word that counts is what it says. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

const pair = (of: string): [string, string] => {
  const [word = '', ...value] = of.split('=');
  return [word, value.join('=')];
};

function rowsOf(line: string): Row[] {
  const [left = '', right = ''] = line.split(/ :(?: |$)/);
  const [words = '', others] = left.split(' ?');
  return words.split(' ').map((each) => {
    const [word] = pair(each);
    const when = [...(each === word ? [] : [each]), ...(others?.split('&') ?? [])].map(pair);
    return { word, when, says: right.replaceAll('$', word).split(' ').filter(Boolean) };
  });
}

/**
 * Reads tables: `## name` begins one, `## name other@path` one with the rows of another at a path.
 *
 * A row is `words : what they say`, for one value `word=value :`, beside others `word ?other=value :`.
 * What they say are paths of a document and how each is filled: `path` as it is, `path=constant`,
 * `path~codec`, `path{one,two=other}` from a closed list, `path>table` an object of that table,
 * `path+table` a list of them, `path*table` an object by id, name or place, `path*table:word` of
 * those with a word (`:!word` without), `path%table` by key, `path!table` only this word of it;
 * `<word` fills from another word, `$` is the word itself, the row of a word `*` always counts.
 */
export function tablesOf(written: string): Tables {
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
  return tables;
}

/** Two parts of a document as one. */
export function merged(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (!isFields(left) || !isFields(right)) return right;
  const both = Object.entries(right).map(([key, value]) => [key, merged(left[key], value)]);
  return { ...left, ...Object.fromEntries(both) };
}

/** What a table makes of something written: part of a document; an unknown word fails. */
export type Translate<Units> = (table: string, of: Fields, units: Units) => Fields;

/** Translates by tables. */
export function translator<Units extends { readonly whole: Fields }>(
  tables: Tables,
  codecs: Codecs<Units>,
): Translate<Units> {
  function named(by: string, value: unknown, word: string, units: Units): Fields {
    const [table = '', only = ''] = by.split(':');
    const wanted = list(value).filter(
      (of) => only === '' || (only[0] === '!' ? !(only.slice(1) in of) : only in of),
    );
    const items = wanted.map((of, place) => {
      const { id = of['id'] ?? of['name'] ?? word + place, ...item } = translate(table, of, units);
      return [text(id), item] as const;
    });
    return Object.fromEntries(items);
  }
  function filled(how: string, by: string, value: unknown, word: string, units: Units): unknown {
    const inTable = (of: Fields): Fields => translate(by, of, units);
    const entries = Object.entries(fields(value));
    if (how === '=') return /^(?:\d+|true|false|null|\[.*\]|".*")$/.test(by) ? JSON.parse(by) : by;
    if (how === '~') return codecs[by]?.(value, units);
    if (how === '>') return inTable(fields(value));
    if (how === '+') return list(value).map(inTable);
    if (how === '*') return named(by, value, word, units);
    if (how === '%')
      return Object.fromEntries(entries.map(([key, each]) => [key, inTable({ key, value: each })]));
    if (how === '!') return inTable({ [word]: value });
    if (how === '') return value;
    const found = by.split(/[,}]/).find((item) => pair(item)[0] === value);
    if (found === undefined) throw new NotTranslated(`no ${word} ${text(value)}`);
    return pair(found)[1] || value;
  }
  function translate(name: string, of: Fields, units: Units): Fields {
    const table = tables[name] ?? [];
    const words = [...new Set(['*', ...table.map(({ word }) => word)])];
    const unknown = Object.keys(of).filter(
      (word) => !words.includes(word) && of[word] !== undefined,
    );
    if (unknown.length > 0) throw new NotTranslated(`${name}: no word for ${unknown.join(', ')}`);
    const stated = (path: string): unknown => at(of, path) ?? at(units.whole, path);
    const holds = ({ when }: Row): boolean =>
      when.every(([other, value]) => text(stated(other)) === value);
    const nullable = (word: string): boolean =>
      table.some((row) => row.word === word && row.when.some(([, value]) => value === 'null'));
    const present = words.filter(
      (word) => word === '*' || (of[word] ?? null) !== null || (word in of && nullable(word)),
    );
    let done: unknown = {};
    for (const word of present) {
      const row = table.find((each) => each.word === word && holds(each));
      if (row === undefined && word === '*') continue;
      if (row === undefined) throw new NotTranslated(`${name}: no ${word} ${text(of[word])}`);
      for (const say of row.says) {
        const [, path = '', how = '', by = '', from = word] =
          /^([^=~>*+%!{<]*)(?:([=~>*+%!{])([^<]*))?(?:<([@.\w]+))?$/.exec(say) ?? [];
        const value = stated(from);
        if ((value ?? null) === null && how !== '=') continue;
        const part = filled(how, by, value, word, units);
        const place = path.split('.').filter(Boolean);
        done = merged(
          done,
          place.reduceRight((inner: unknown, key) => ({ [key]: inner }), part),
        );
      }
    }
    return fields(done);
  }
  return translate;
}
