import { randomInt } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import type { Executor } from './commands/executor.ts';
import type { Database } from './database/database.ts';
import { readShop } from './shop.ts';

/** What an operator orders when a server is started. */
export interface Orders {
  /** This database is a backup that was put back. */
  readonly restored: boolean;
  /** A till that is lost for good, by the word of two people. */
  readonly fence: { readonly till: string; readonly by: readonly [string, string] } | null;
}

/** Nothing is ordered. */
export const NO_ORDERS: Orders = { restored: false, fence: null };

/** An order that cannot be carried out; the message says what to do. */
export class OrderRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OrderRefused';
  }
}

/** Epochs are compared, never ordered: any number that no life before had. */
const EPOCH_MOST = 2_000_000_000;

/** Reads orders from the command line's texts. */
export function readOrders(given: {
  readonly restored: boolean;
  readonly fence: string | undefined;
  readonly by: readonly string[] | undefined;
}): Orders {
  if (given.fence === undefined) return { restored: given.restored, fence: null };
  const [first, second, ...more] = given.by ?? [];
  if (first === undefined || second === undefined || more.length > 0 || first === second) {
    throw new OrderRefused('--fence needs --by twice: two different people must say so');
  }
  return { restored: given.restored, fence: { till: given.fence, by: [first, second] } };
}

/** Carries orders out, before any till is served. */
export async function carryOut(
  orders: Orders,
  database: Database,
  executor: Executor,
  nowMs: number,
): Promise<void> {
  if (orders.restored) {
    const tenants = await database.query<{ tenant: string }>('select tenant from tenant');
    for (const { tenant } of tenants) {
      const epoch = randomInt(2, EPOCH_MOST);
      await executor.execute<'restored'>({ kind: 'restored', tenant, epoch });
    }
  }
  if (orders.fence === null) return;
  const { till, by } = orders.fence;
  const found = await database.query<{ tenant: string; store: string }>(
    'select tenant, store from terminal where till = $1',
    [till],
  );
  const place = found[0];
  const shop = place === undefined ? null : await readShop(database, place.tenant, place.store);
  if (place === undefined || shop === null) {
    throw new OrderRefused(`There is no till ${till}; the day report lists the tills there are`);
  }
  const day = businessDay(nowMs, shop);
  const { tenant } = place;
  const done = await executor.execute<'fence'>({ kind: 'fence', nowMs, tenant, till, day, by });
  if (!done.ok) throw new OrderRefused(`Till ${till} is not fenced: ${done.error.code}`);
}
