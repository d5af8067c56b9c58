import type { ReadableDb } from '#server/database/database.ts';
import { textsOfTransactions, type Transaction } from '#server/posting/archive.ts';

/** Most entries one answer carries; the contract's own bound. */
const ENTRIES_MAX = 200;

/**
 * The stored texts of a sale and of everything done to it since, the sale's own first.
 *
 * Verbatim: another till can check what it does not know, and shows what was returned before.
 */
export async function findSale(
  db: ReadableDb,
  tenant: string,
  receipt: string,
): Promise<readonly string[]> {
  const transactions = await db.query<Transaction>(
    `with sold as (select tx, till, inc, seq, day from sale where tenant = $1 and receipt = $2 limit 1)
     select tx, till, inc, seq from (
       select 0 as later, s.* from sold s
       union all select 1, r.tx, r.till, r.inc, r.seq, r.day
         from sale_return r join sold on r.of_tx = sold.tx where r.tenant = $1
       union all select 1, c.tx, c.till, c.inc, c.seq, c.day
         from claim c join sold on c.of_tx = sold.tx where c.tenant = $1) t
     order by later, day, till, inc, seq limit ${ENTRIES_MAX}`,
    [tenant, receipt],
  );
  const texts = await textsOfTransactions(db, tenant, transactions);
  return transactions.flatMap(({ tx }) => texts.get(tx) ?? []).slice(0, ENTRIES_MAX);
}
