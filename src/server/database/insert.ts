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

/** A prepared set-based insert: one statement for any number of rows. */
export interface BulkInsert<Row> {
  readonly text: string;
  readonly columns: readonly InsertColumn<Row>[];
}

/**
 * Writes `insert into … select … from unnest(…)` once.
 *
 * `$1` is the tenant, then one array per column. `suffix` is the conflict clause, if any.
 */
export function bulkInsert<Row>(
  table: string,
  columns: readonly InsertColumn<Row>[],
  suffix = '',
): BulkInsert<Row> {
  const names = columns.map(({ name }) => name);
  const selected = columns.map(({ name, type }) =>
    type === 'hex' || type === 'base64'
      ? `decode(u.${name}, '${type}')`
      : type === 'jsonb'
        ? `u.${name}::jsonb`
        : `u.${name}`,
  );
  const arrays = columns.map(({ type }, index) => {
    const arrayType = type === 'hex' || type === 'base64' || type === 'jsonb' ? 'text' : type;
    return `$${index + 2}::${arrayType}[]`;
  });
  const text =
    `insert into ${table} (tenant, ${names.join(', ')}) ` +
    `select $1, ${selected.join(', ')} from unnest(${arrays.join(', ')}) as u(${names.join(', ')}) ${suffix}`;
  return { text, columns };
}

/** What an array's element needs quotes for: nothing, the word null, or what PostgreSQL reads as its own. */
const QUOTED = /^$|^null$|[\s"\\{},]/i;
const ESCAPED = /["\\]/g;

/** An array as PostgreSQL writes it; the driver's own way looks at each element several times. */
function arrayText<Row>(rows: readonly Row[], value: (row: Row) => Scalar): string {
  let text = '{';
  for (const [index, row] of rows.entries()) {
    if (index > 0) text += ',';
    const item = value(row);
    text +=
      typeof item === 'string'
        ? QUOTED.test(item)
          ? `"${item.replace(ESCAPED, '\\$&')}"`
          : item
        : String(item);
  }
  return `${text}}`;
}

/** Runs it; returns how many rows went in. Nothing is sent for no rows. */
export async function insertRows<Row>(
  db: WritableDb,
  insert: BulkInsert<Row>,
  tenant: string,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const values: SqlValue[] = [tenant];
  for (const { value } of insert.columns) values.push(arrayText(rows, value));
  return db.execute(insert.text, values);
}
