import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { mayRetry, TRANSACTION_TRIES_MAX, type Database, type SqlValue } from './database.ts';
import { memoryKeys, type MemberKeys } from './member-keys.ts';
import { inTransaction, run, valueTypes } from './pg-statements.ts';
import { PgliteWire } from './pglite-wire.ts';

/** What a database in a directory may be opened with. */
export interface PgliteOptions {
  /** The database ended by itself, as on a disk that is full: it has to be opened again. */
  onLost?(error: Error): void;
  /** The thread's module, where it is another one than the server's own. */
  readonly thread?: URL;
}

/**
 * Opens PGlite in a directory, or in memory where it is null; in a thread of its own, spoken to by the
 * driver that PostgreSQL is spoken to by.
 *
 * It has one connection: a query on the database from inside a transaction would wait for that
 * transaction for ever. The guard turns this bug into an error at once. Keys that are not given are
 * kept in memory, for a database whose members nobody needs tomorrow. `close` throws where the database
 * had ended before.
 */
export async function openPglite(
  directory: string | null,
  keys: MemberKeys = memoryKeys(),
  { onLost = () => undefined, thread }: PgliteOptions = {},
): Promise<Database> {
  const wire = await PgliteWire.open(directory, thread);
  let closed = false;
  let lost = false;
  const client = new pg.Client({
    stream: () => wire,
    user: 'postgres',
    database: 'postgres',
    pipeline: true,
    types: valueTypes(),
  });
  // Statements that are under way fail with it, later ones as well: only a new process goes on.
  client.on('error', (error) => {
    if (closed || lost) return;
    lost = true;
    onLost(error);
  });
  wire.waits(1);
  try {
    await client.connect();
  } catch (error) {
    await wire.close().catch(() => undefined);
    throw error;
  }
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
  return {
    kind: 'pglite',
    keys,
    query: async <Row extends object>(text: string, values: readonly SqlValue[] = []) =>
      alone(async () => (await run<Row>(client, text, values)).rows),
    transaction: async (work) =>
      alone(async () => {
        for (let tries = 1; ; tries += 1) {
          try {
            return await inTransaction(
              client,
              (statements) => inside.run(true, () => work({ ...statements, keys })),
              // The wire tells whoever must know.
              () => undefined,
            );
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
