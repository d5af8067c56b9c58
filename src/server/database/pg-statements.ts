import pg from 'pg';
import { DATE_TYPE, INT8_TYPE, parseInt8, type SqlValue, type WritableDb } from './database.ts';

/** How values of both databases are read: integers as numbers, dates as they are written. */
export function valueTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8_TYPE, parseInt8);
  types.setTypeParser(DATE_TYPE, (text) => text);
  return types;
}

/** Most statements a connection keeps prepared; ours are fewer, and every one is written down in the source. */
const PREPARED_MAX = 600;
const names = new Map<string, string>();

/** A statement with values is prepared once per connection: it is parsed then and not every time. */
function named(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= PREPARED_MAX) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** Runs a statement on a connection or a pool. */
export async function run<Row extends object>(
  on: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>,
  text: string,
  values: readonly SqlValue[],
): Promise<pg.QueryResult<Row>> {
  if (values.length === 0) return on.query<Row>(text);
  const name = named(text);
  return on.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) });
}

/** Reads and writes of a transaction that is open on a connection. */
export function statementsOf(client: pg.ClientBase): Omit<WritableDb, 'keys'> {
  return {
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      return (await run<Row>(client, text, values)).rows;
    },
    async execute(text, values = []) {
      return (await run(client, text, values)).rowCount ?? 0;
    },
  };
}
