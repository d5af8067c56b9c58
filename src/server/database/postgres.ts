import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import {
  DatabaseUnreachable,
  mayRetry,
  TRANSACTION_TRIES_MAX,
  type Database,
  type SqlValue,
  type WritableDb,
} from './database.ts';
import { tableKeys } from './member-keys.ts';
import { inTransaction, run, valueTypes } from './pg-statements.ts';

/** How many connections one server process keeps, and how long it waits for one. */
const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Opens PostgreSQL by its URL. `onIdleError` hears of connections that died while nobody used them. */
export function openPostgres(url: string, onIdleError: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // Statements that do not wait for each other are sent without waiting.
    pipeline: true,
    types: valueTypes(),
  });
  pool.on('error', onIdleError);
  // A connection that dies between two statements says so here; the next statement then fails.
  pool.on('connect', (client) => void client.on('error', onIdleError));

  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw new DatabaseUnreachable(error);
    }
  };

  const attempt = async <Value>(work: (db: WritableDb) => Promise<Value>): Promise<Value> => {
    const client = await connect();
    let lost: Error | undefined;
    try {
      return await inTransaction(
        client,
        (statements) => work({ ...statements, keys: tableKeys(statements.query) }),
        (error) => (lost = error),
      );
    } finally {
      client.release(lost);
    }
  };

  const query = async <Row extends object>(
    text: string,
    values: readonly SqlValue[] = [],
  ): Promise<readonly Row[]> => {
    const client = await connect();
    let failed = false;
    try {
      return (await run<Row>(client, text, values)).rows;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      client.release(failed);
    }
  };

  return {
    kind: 'postgres',
    query,
    keys: tableKeys(query),
    async transaction(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (tries >= TRANSACTION_TRIES_MAX || !mayRetry(error)) throw error;
          await wait(Math.random() * 10 * 2 ** tries);
        }
      }
    },
    close: () => pool.end(),
  };
}
