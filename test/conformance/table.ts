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
/** A word of a case as text. */
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);
/** A name as the product's documents write one, and with its words for people. */
export const slug = (name: unknown): string => text(name).replaceAll(/[^\w-]/g, '-');
export const named = (name: unknown) => ({ id: slug(name), name: { en: text(name) } });

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
 * `path+table` a list of them, `path*table` a list named by place, `path%table` an object's entries,
 * `path!table` amounts by metric; `<word` fills it from another word, `$` is the word itself.
 * `conditions[code].code` is in the element of that kind, `rules[#base].effect` in that of the id;
 * the row of a word `*` always counts.
 */
export function tablesOf(text: string): Tables {
  const tables: Record<string, Row[]> = {};
  for (const section of text.split('\n## ').slice(1)) {
    const [header = '', ...lines] = section.split('\n').filter(Boolean);
    const [name = '', ...others] = header.split(' ');
    const included = others.flatMap((other) => {
      const [table = '', path] = other.split('@');
      const at = (say: string): string => (path === undefined ? say : `${path}.${say}`);
      return (tables[table] ?? []).map((row) => ({ ...row, says: row.says.map(at) }));
    });
    tables[name] = [...lines.flatMap(rowsOf), ...included];
  }
  return tables;
}

function placed([name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (name === '') return value;
  const inner = placed(rest, value);
  const [, key, id, kind = ''] = /^(\w+)\[(#?)(.+)\]$/.exec(name) ?? [];
  if (key === undefined) return { [name]: inner };
  return { [key]: [{ ...(id === '#' ? named(kind) : { kind }), ...fields(inner) }] };
}

const identity = (of: unknown): unknown => fields(of)['id'] ?? fields(of)['kind'];
function joined(all: readonly unknown[], item: unknown): readonly unknown[] {
  const own = identity(item);
  const found = all.findIndex((other) => own !== undefined && identity(other) === own);
  return found < 0 ? [...all, item] : all.with(found, merged(all[found], item));
}
/** Two parts of a document as one; elements of lists that have one id or kind are one. */
export function merged(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return right.reduce(joined, left);
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
  function filled(how: string, by: string, value: unknown, word: string, units: Units): unknown {
    const inTable = (of: Fields): Fields => translate(by, of, units);
    const entries = Object.entries(fields(value));
    if (how === '=') return /^(?:\d+|true|false|null|\[.*\]|".*")$/.test(by) ? JSON.parse(by) : by;
    if (how === '~') return codecs[by]?.(value, units);
    if (how === '>') return inTable(fields(value));
    if (how === '+') return list(value).map(inTable);
    if (how === '*') return list(value).map((of, at) => ({ ...named(word + at), ...inTable(of) }));
    if (how === '%') return entries.map(([key, each]) => inTable({ key, value: each }));
    if (how === '!') {
      const amounts = Object.entries(inTable({ [word]: value }));
      return amounts.map(([metric, atLeast]) => ({ metric, atLeast }));
    }
    if (how === '') return value;
    const found = by.split(/[,}]/).find((item) => pair(item)[0] === value);
    if (found === undefined) throw new NotTranslated(`no ${word} ${text(value)}`);
    return pair(found)[1] || value;
  }
  function translate(name: string, of: Fields, units: Units): Fields {
    const table = tables[name] ?? [];
    const words = [...new Set(table.map(({ word }) => word))];
    const stray = Object.entries(of).filter(
      ([word, value]) => !words.includes(word) && value !== undefined,
    );
    const unknown = stray.map(([word]) => word);
    if (unknown.length > 0) throw new NotTranslated(`${name}: no word for ${unknown.join(', ')}`);
    const stated = (word: string): unknown => of[word] ?? units.whole[word];
    let done: unknown = {};
    for (const word of words.filter((each) => each === '*' || (of[each] ?? null) !== null)) {
      const holds = ({ when }: Row): boolean =>
        when.every(([other, value]) => text(stated(other)) === value);
      const row = table.find((each) => each.word === word && holds(each));
      if (row === undefined) throw new NotTranslated(`${name}: no ${word} ${text(of[word])}`);
      for (const say of row.says) {
        const [, path = '', how = '', by = '', from = word] =
          /^([^=~>*+%!{<]*)(?:([=~>*+%!{])([^<]*))?(?:<([.\w]+))?$/.exec(say) ?? [];
        const value = stated(from);
        if (value === undefined && how !== '=') continue;
        done = merged(done, placed(path.split('.'), filled(how, by, value, word, units)));
      }
    }
    return fields(done);
  }
  return translate;
}
