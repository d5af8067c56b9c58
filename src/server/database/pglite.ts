import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { mayRetry, TRANSACTION_TRIES_MAX, type Database, type SqlValue } from './database.ts';
import { memoryKeys, type MemberKeys } from './member-keys.ts';
import { run, statementsOf, valueTypes } from './pg-statements.ts';
import { PgliteWire } from './pglite-wire.ts';

/**
 * Opens PGlite in a directory, or in memory where it is null; in a thread of its own, spoken to by the
 * driver that PostgreSQL is spoken to by.
 *
 * It has one connection: a query on the database from inside a transaction would wait for that
 * transaction for ever. The guard turns this bug into an error at once. Keys that are not given are
 * kept in memory, for a database whose members nobody needs tomorrow. `thread` is for a test that has
 * none to start.
 */
export async function openPglite(
  directory: string | null,
  keys: MemberKeys = memoryKeys(),
  thread?: URL,
): Promise<Database> {
  const wire = await PgliteWire.open(directory, thread);
  const client = new pg.Client({
    stream: () => wire,
    user: 'postgres',
    database: 'postgres',
    pipeline: true,
    types: valueTypes(),
  });
  let closed = false;
  // Statements that are under way fail with it, later ones as well.
  client.on('error', () => undefined);
  wire.waits(1);
  await client.connect();
  wire.waits(-1);
  const inside = new AsyncLocalStorage<true>();
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: whoever has the connection has it alone. */
  const alone = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (inside.getStore() === true) {
      throw new Error('The database was asked from inside a transaction; ask the transaction');
    }
    const before = last;
    const mine = (async (): Promise<Value> => {
      await before;
      wire.waits(1);
      try {
        return await work();
      } finally {
        wire.waits(-1);
      }
    })();
    last = mine.catch(() => undefined);
    return mine;
  };
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    await client.query('begin');
    try {
      const value = await inside.run(true, work);
      await client.query('commit');
      return value;
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  };

  return {
    kind: 'pglite',
    keys,
    query: async <Row extends object>(text: string, values: readonly SqlValue[] = []) =>
      alone(async () => (await run<Row>(client, text, values)).rows),
    transaction: async (work) =>
      alone(async () => {
        for (let tries = 1; ; tries += 1) {
          try {
            return await attempt(() => work({ ...statementsOf(client), keys }));
          } catch (error) {
            if (tries >= TRANSACTION_TRIES_MAX || !mayRetry(error)) throw error;
          }
        }
      }),
    async close() {
      if (closed) return;
      closed = true;
      await last;
      await wire.close();
    },
  };
}
