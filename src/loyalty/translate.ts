import { type Dialect, type DialectUnits, pairOf, type Row } from './dialect.ts';
import { type Fields, fields, list, merged, standsAt, text } from './parts.ts';
import { err, ok, type Result } from './result.ts';

/** Something that a dialect has no word for, or cannot write, and in which table. */
export interface NotInDialect {
  readonly table: string;
  readonly message: string;
}

/** One translation at work; it goes on after a mistake, to tell them all. */
interface Work {
  readonly dialect: Dialect;
  readonly units: DialectUnits;
  readonly mistakes: NotInDialect[];
}

/** A value to be written, the word it stands under and the table of that. */
interface Said {
  readonly value: unknown;
  readonly word: string;
  readonly table: string;
}

const saying = /^([^=~>*+%!{<]*)(?:([=~>*+%!{])([^<]*))?(?:<([@.\w]+))?$/;
const constant = /^(?:\d+|true|false|null|\[.*\]|".*")$/;

function fail({ mistakes }: Work, { table, word, value }: Said): undefined {
  mistakes.push({ table, message: `no ${word} ${text(value)}` });
}

function ofList(work: Work, by: string, said: Said): unknown {
  const closed = by.split(/[,}]/).map(pairOf);
  const one = (value: unknown): unknown => {
    const found = closed.find(([name]) => name === value);
    return found === undefined ? fail(work, { ...said, value }) : found[1] || value;
  };
  return Array.isArray(said.value) ? said.value.map(one) : one(said.value);
}

/**
 * An object by name, in the order of the list; nothing where nobody is named.
 *
 * A name that is a number stands under `#` and the number, because objects put numbers first.
 */
function byName(work: Work, by: string, { value, word }: Said): Fields | undefined {
  const [table = '', only = ''] = by.split(':');
  const has = (of: Fields): boolean =>
    only === '' || (only[0] === '!' ? !(only.slice(1) in of) : only in of);
  const items = list(value)
    .filter(has)
    .map((of, place) => {
      const { id = of['id'] ?? of['name'] ?? word + place, ...item } = write(work, table, of);
      const name = text(id);
      const stated = { id: name, name: { en: name } };
      return /^\d+$/.test(name) ? [`#${name}`, { ...stated, ...item }] : [name, item];
    });
  return items.length === 0 ? undefined : Object.fromEntries(items);
}

function coded(work: Work, by: string, said: Said): unknown {
  const [, codec = '', argument = ''] = /^(\w+)(?:\((.*)\))?$/.exec(by) ?? [];
  const written = work.dialect.codecs[codec]?.(said.value, work.units, argument);
  return written === undefined ? fail(work, said) : written;
}

function filled(work: Work, how: string, by: string, said: Said): unknown {
  const { value, word } = said;
  const inTable = (of: Fields): Fields => write(work, by, of);
  switch (how) {
    case '=':
      return constant.test(by) ? JSON.parse(by) : by;
    case '~':
      return coded(work, by, said);
    case '>':
      return inTable(fields(value));
    case '+':
      return list(value).map(inTable);
    case '*':
      return byName(work, by, said);
    case '%': {
      const entries = Object.entries(fields(value));
      return Object.fromEntries(entries.map(([key, of]) => [key, inTable({ key, value: of })]));
    }
    case '!':
      return inTable({ [word]: value });
    case '{':
      return ofList(work, by, said);
    default:
      return value;
  }
}

/** The rows that count, in the order of the table: of the words that are said, and of `*`. */
function counting(work: Work, table: string, of: Fields): Row[] {
  const rows = work.dialect.tables[table] ?? [];
  const stated = (path: string): unknown => standsAt(of, path) ?? standsAt(work.units.whole, path);
  const holds = ({ when }: Row): boolean =>
    when.every(([other, value]) => text(stated(other)) === value);
  const words = [...new Set(['*', ...rows.map(({ word }) => word)])];
  return words.flatMap((word) => {
    const own = rows.filter((row) => row.word === word);
    const nullable = own.some(({ when }) => when.some(([, value]) => value === 'null'));
    const said = word in of && of[word] !== undefined && (of[word] !== null || nullable);
    if (word !== '*' && !said) return [];
    const row = own.find(holds);
    if (row === undefined && word !== '*') fail(work, { table, word, value: of[word] });
    return row ?? [];
  });
}

function write(work: Work, table: string, of: Fields): Fields {
  const known = new Set((work.dialect.tables[table] ?? []).map(({ word }) => word));
  for (const word of Object.keys(of).filter((each) => !known.has(each) && of[each] !== undefined))
    work.mistakes.push({ table, message: `no word for ${word}` });
  let done: unknown = {};
  for (const { word, says } of counting(work, table, of)) {
    for (const say of says) {
      const [, path = '', how = '', by = '', from = word] = saying.exec(say) ?? [];
      const value = standsAt(of, from) ?? standsAt(work.units.whole, from);
      if ((value ?? null) === null && how !== '=') continue;
      const part = filled(work, how, by, { value, word, table });
      if (part === undefined) continue;
      const keys = path.split('.').filter(Boolean);
      done = merged(
        done,
        keys.reduceRight((inner: unknown, key) => ({ [key]: inner }), part),
      );
    }
  }
  return fields(done);
}

/**
 * Something written in a dialect as the engine's document.
 *
 * All of it, or none and every mistake: an unknown word, a value outside its list, no number.
 */
export function translate(
  dialect: Dialect,
  table: string,
  of: Fields,
  units: DialectUnits,
): Result<Fields, readonly NotInDialect[]> {
  const work = { dialect, units, mistakes: [] };
  const written = write(work, table, of);
  return work.mistakes.length > 0 ? err(work.mistakes) : ok(written);
}
