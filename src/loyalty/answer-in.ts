import { type Dialect, saysOf, wordsOf } from './dialect.ts';
import { type Fields, fields, isFields, list, text } from './parts.ts';
import { inPlain, perOne, type PlainUnits } from './plain.ts';

/** Numbers, at any depth, as plain ones of which so many of the smallest unit make one. */
export function plainly(value: unknown, one: number): unknown {
  if (typeof value === 'number') return inPlain(value, one);
  if (Array.isArray(value)) return value.map((item) => plainly(item, one));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plainly(of, one)]));
}

/** Names that end in `Minor` without it, and what stands under them as money, at any depth. */
function inWords(value: unknown, units: PlainUnits): unknown {
  if (Array.isArray(value)) return value.map((item) => inWords(item, units));
  if (!isFields(value)) return plainly(value, perOne(units).points);
  const entries = Object.entries(value).map(([key, of]) => {
    const name = key.replace(/(?<=.)Minor$/, '');
    return [name, name === key ? inWords(of, units) : plainly(of, perOne(units).money)];
  });
  return Object.fromEntries(entries);
}

/** An answer with its names as other systems write them: `dueMinor` 1250 is `due` 12.5. */
export function answerIn(of: object, units: PlainUnits): Fields {
  const entries = Object.entries(fields(inWords(of, units))).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(entries);
}

/** A way to write what an answer has; `undefined` leaves the word out. */
export type Reader = (value: unknown, units: PlainUnits) => unknown;

const instant = (atMs: unknown): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString().slice(0, 19) : null;

const plainReaders: Readonly<Record<string, Reader>> = {
  points: (value, units) => plainly(value ?? 0, perOne(units).points),
  money: (value, units) => plainly(value ?? 0, perOne(units).money),
  minus: (value) => plainly(value ?? 0, -1),
  second: instant,
  day: (atMs) => instant(atMs)?.slice(0, 10),
  /** The last second before an exclusive end. */
  through: (endMs) => (typeof endMs === 'number' ? instant(endMs - 1) : null),
  known: (value) => value ?? undefined,
  is: (value) => value !== null,
};

/** What stands at a path: of a list, in every element or one (`rows.-1`), or `rows[type=earn]`. */
function read(of: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, step) => {
    const [, name = step, key = '', not, wanted] = /^(\w+)\[(\w+)(!?)=(.+)\]$/.exec(step) ?? [];
    const one = (item: unknown): unknown => (item === null ? null : fields(item)[name]);
    if (Array.isArray(value)) return /\d/.test(name) ? value.at(Number(name)) : value.map(one);
    if (not === undefined) return one(value);
    return list(one(value)).filter((item) => (text(item[key]) === wanted) === (not === ''));
  }, of);
}

/**
 * The words of a table with what they read in an answer: `word : path~reader`.
 *
 * `$` in a word is the name of whom it is about. What an answer does not have is left out.
 */
export function tellIn(
  dialect: Dialect,
  table: string,
  of: Fields,
  units: PlainUnits,
  about: { readonly name?: string; readonly readers?: Readonly<Record<string, Reader>> } = {},
): Fields {
  const by = { ...plainReaders, ...about.readers };
  const said = wordsOf(dialect, table).map((word) => {
    const [path = '', ...how] = saysOf(dialect, table, word)[0]?.split('~') ?? [];
    const value = how.reduce((done, name) => by[name]?.(done, units), read(of, path));
    return [word.replace('$', about.name ?? ''), value];
  });
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}
