import { assert } from '#loyalty/result.ts';
import { arrayText } from './array-text.ts';
import type { SqlValue, WritableDb } from './database.ts';

type Scalar = string | number | boolean | null;

/** One column of a set-based insert: its type inside `unnest`, where it comes from, how it is stored. */
export interface InsertColumn<Row> {
  readonly name: string;
  readonly type:
    | 'text'
    | 'uuid'
    | 'bigint'
    | 'integer'
    | 'boolean'
    | 'date'
    | 'jsonb'
    | 'hex'
    | 'base64';
  readonly value: (row: Row) => Scalar;
}

/** A set-based insert: one statement for any number of rows. */
export interface BulkInsert<Row> {
  readonly columns: readonly InsertColumn<Row>[];
  /** The statement for rows that are alike in these columns: in those of `alike`, or in none of them. */
  statementFor(alike: number): InsertStatement;
}

/** Bits say which columns are sent once for all rows; bit 0 is the first column. */
interface InsertStatement {
  readonly alike: number;
  readonly text: string;
}

/** Columns that bits have room for. */
const COLUMNS_MAX = 30;

/** Statements one insert may come to, each of which a connection keeps prepared. */
const STATEMENTS_MAX = 12;

/**
 * Writes `insert into … select … from unnest(…)`.
 *
 * `$1` is the tenant, then per column one array, or one value where all rows have the same: a till, a
 * day, a currency need not be written, sent and read a thousand times. `suffix` is the conflict
 * clause, if any; its own values, if any, are numbered behind those of the columns.
 */
export function bulkInsert<Row>(
  table: string,
  columns: readonly InsertColumn<Row>[],
  suffix = '',
): BulkInsert<Row> {
  assert(columns.length <= COLUMNS_MAX, `a table of at most ${COLUMNS_MAX} columns`);
  const plain = { alike: 0, text: insertText(table, columns, suffix, 0) };
  const known = new Map<number, InsertStatement>([[0, plain]]);
  return {
    columns,
    statementFor(alike) {
      const found = known.get(alike);
      if (found !== undefined) return found;
      if (known.size >= STATEMENTS_MAX) return plain;
      const statement = { alike, text: insertText(table, columns, suffix, alike) };
      known.set(alike, statement);
      return statement;
    },
  };
}

function insertText<Row>(
  table: string,
  columns: readonly InsertColumn<Row>[],
  suffix: string,
  alike: number,
): string {
  const arrays: string[] = [];
  const listed: string[] = [];
  const selected = columns.map(({ name, type }, index) => {
    const sent = type === 'hex' || type === 'base64' || type === 'jsonb' ? 'text' : type;
    const isAlike = (alike & (1 << index)) !== 0;
    if (!isAlike) {
      arrays.push(`$${index + 2}::${sent}[]`);
      listed.push(name);
    }
    const value = isAlike ? `$${index + 2}::${sent}` : `u.${name}`;
    if (type === 'hex' || type === 'base64') return `decode(${value}, '${type}')`;
    return type === 'jsonb' ? `${value}::jsonb` : value;
  });
  const names = columns.map(({ name }) => name).join(', ');
  return (
    `insert into ${table} (tenant, ${names}) select $1, ${selected.join(', ')} ` +
    `from unnest(${arrays.join(', ')}) as u(${listed.join(', ')}) ${suffix}`
  );
}

/** Fewer rows than these are all written out: one statement serves them all. */
const ALIKE_FROM_ROWS = 64;

/** Runs it; returns how many rows went in. Nothing is sent for no rows. */
export async function insertRows<Row>(
  db: WritableDb,
  insert: BulkInsert<Row>,
  tenant: string,
  rows: readonly Row[],
  suffixValues: readonly SqlValue[] = [],
): Promise<number> {
  const [first] = rows;
  if (first === undefined) return 0;
  const wanted = rows.length < ALIKE_FROM_ROWS ? 0 : alikeIn(insert, rows, first);
  const { alike, text } = insert.statementFor(wanted);
  const values: SqlValue[] = [tenant];
  for (const [index, { value }] of insert.columns.entries()) {
    values.push((alike & (1 << index)) === 0 ? arrayText(rows.map(value)) : value(first));
  }
  return db.execute(text, [...values, ...suffixValues]);
}

/** The columns in which all rows are the same; one is left out where all are: something has to count the rows. */
function alikeIn<Row>({ columns }: BulkInsert<Row>, rows: readonly Row[], first: Row): number {
  let bits = 0;
  for (const [index, { value }] of columns.entries()) {
    const same = value(first);
    if (rows.every((row) => value(row) === same)) bits |= 1 << index;
  }
  return bits === (1 << columns.length) - 1 ? bits & ~1 : bits;
}
