import { setTimeout as wait } from 'node:timers/promises';
import type { Database, SqlValue } from '#server/database/database.ts';

/** Rows of a PostgreSQL that are kept locked, so that what is done at the same moment meets there. */
export interface Gate {
  /** Waits until so many transactions of this database wait for a lock. */
  waiting(count: number): Promise<void>;
  /** Lets them go on, in the order in which they came. */
  open(): Promise<void>;
}

const LOOK_AGAIN_MS = 5;

/** Locks what a statement locks until the gate is opened. */
export async function openGate(
  database: Database,
  lock: string,
  values: readonly SqlValue[],
): Promise<Gate> {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: locked, resolve: hasLocked } = Promise.withResolvers<void>();
  const held = database.transaction(async (db) => {
    await db.query(lock, values);
    hasLocked();
    await mayEnd;
  });
  await Promise.race([locked, held]);
  return {
    async waiting(count) {
      for (;;) {
        const rows = await database.query<{ count: number }>(
          `select count(*) as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        );
        if ((rows[0]?.count ?? 0) >= count) return;
        await wait(LOOK_AGAIN_MS);
      }
    },
    async open() {
      end();
      await held;
    },
  };
}
