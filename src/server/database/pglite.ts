import { AsyncLocalStorage } from 'node:async_hooks';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import {
  DATE_TYPE,
  INT8_TYPE,
  mayRetry,
  parseInt8,
  TRANSACTION_TRIES_MAX,
  type Database,
  type SqlValue,
  type WritableDb,
} from './database.ts';
import { memoryKeys, type MemberKeys } from './member-keys.ts';

/**
 * Opens PGlite in a directory, or in memory where it is null.
 *
 * It has one connection: a query on the database from inside a transaction would wait for that
 * transaction for ever. The guard turns this bug into an error at once. Keys that are not given are
 * kept in memory, for a database whose members nobody needs tomorrow.
 */
export async function openPglite(
  directory: string | null,
  keys: MemberKeys = memoryKeys(),
): Promise<Database> {
  const lite = await PGlite.create({
    ...(directory === null ? {} : { dataDir: directory }),
    parsers: { [INT8_TYPE]: parseInt8, [DATE_TYPE]: (text: string) => text },
  });
  const inside = new AsyncLocalStorage<true>();
  const outside = (): void => {
    if (inside.getStore() === true) {
      throw new Error('The database was asked from inside a transaction; ask the transaction');
    }
  };

  return {
    kind: 'pglite',
    keys,
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      outside();
      return (await lite.query<Row>(text, [...values])).rows;
    },
    async transaction(work) {
      outside();
      for (let tries = 1; ; tries += 1) {
        try {
          return await lite.transaction((transaction) =>
            inside.run(true, () => work(writable(transaction, keys))),
          );
        } catch (error) {
          if (tries >= TRANSACTION_TRIES_MAX || !mayRetry(error)) throw error;
        }
      }
    },
    async close() {
      if (!lite.closed) await lite.close();
    },
  };
}

function writable(transaction: Transaction, keys: MemberKeys): WritableDb {
  return {
    keys,
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      return (await transaction.query<Row>(text, [...values])).rows;
    },
    async execute(text, values = []) {
      return (await transaction.query(text, [...values])).affectedRows ?? 0;
    },
  };
}
