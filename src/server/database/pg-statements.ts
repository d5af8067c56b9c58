import pg from 'pg';
import { arrayText } from './array-text.ts';
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

/** Runs a statement on a connection. */
export async function run<Row extends object>(
  on: Pick<pg.ClientBase, 'query'>,
  text: string,
  values: readonly SqlValue[],
): Promise<pg.QueryResult<Row>> {
  if (values.length === 0) return on.query<Row>(text);
  const name = named(text);
  const sent = values.map((value) => (Array.isArray(value) ? arrayText(value) : value));
  return on.query<Row>({ text, values: sent, ...(name === undefined ? {} : { name }) });
}

/** Reads and writes of a transaction that is open on a connection. */
type Statements = Omit<WritableDb, 'keys'>;

/**
 * Runs `work` between `begin` and `commit` on a connection that nobody else uses meanwhile.
 *
 * Statements may be under way when `work` fails. All of them are waited for before the connection is
 * anybody else's, and none can be sent afterwards: it would be committed by itself, or be part of the
 * next transaction. Where the connection was lost, `onLost` hears of it and the first failure is thrown.
 */
export async function inTransaction<Value>(
  client: pg.ClientBase,
  work: (statements: Statements) => Promise<Value>,
  onLost: (error: Error) => void,
): Promise<Value> {
  const begun = client.query('begin');
  const open = openStatements(client, begun);
  try {
    const value = await work(open.statements);
    await open.end();
    await begun;
    // A transaction in which a statement failed is rolled back by its commit, which is no error.
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
    return value;
  } catch (error) {
    await open.end();
    try {
      await client.query('rollback');
    } catch (failure) {
      onLost(failure instanceof Error ? failure : new Error(String(failure)));
    }
    throw error;
  }
}

interface OpenStatements {
  readonly statements: Statements;
  /** Takes no more, and waits for those that were sent, whatever becomes of them. */
  end(): Promise<void>;
}

/** A first read goes right behind `begin`; anything else waits until the transaction is open. */
function openStatements(client: pg.ClientBase, begun: Promise<unknown>): OpenStatements {
  const under = new Set<Promise<unknown>>([begun]);
  let isOpen = false;
  let ended = false;
  begun.then(
    () => (isOpen = true),
    () => undefined,
  );
  const sendOnceOpen = async <Row extends object>(
    text: string,
    values: readonly SqlValue[],
  ): Promise<pg.QueryResult<Row>> => {
    await begun;
    return run<Row>(client, text, values);
  };
  let isFirst = true;
  const send = async <Row extends object>(
    text: string,
    values: readonly SqlValue[],
  ): Promise<pg.QueryResult<Row>> => {
    if (ended) throw new Error('A statement came after the end of its transaction');
    const goesNow = isOpen || (isFirst && /^\s*select\s/.test(text));
    isFirst = false;
    const answer = goesNow ? run<Row>(client, text, values) : sendOnceOpen<Row>(text, values);
    under.add(answer);
    try {
      return await answer;
    } finally {
      under.delete(answer);
    }
  };
  return {
    statements: {
      async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
        return (await send<Row>(text, values)).rows;
      },
      async execute(text, values = []) {
        return (await send(text, values)).rowCount ?? 0;
      },
    },
    async end() {
      ended = true;
      await Promise.allSettled(under);
    },
  };
}
