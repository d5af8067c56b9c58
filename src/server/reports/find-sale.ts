import { SALE_ENTRIES_MAX, type TakenBack } from '#contract/sync.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { textsOfTransactions, type Transaction } from '#server/posting/archive.ts';

/** Transactions whose texts are unpacked at a time. */
const AT_ONCE = 100;

/**
 * The stored texts of a sale and of everything done to it since, the sale's own first.
 *
 * Verbatim: another till can check what it does not know, and shows what was returned before. All of
 * them or none: a return that is not told of would be paid out again.
 */
export async function findSale(
  db: ReadableDb,
  tenant: string,
  receipt: string,
  entriesMax = SALE_ENTRIES_MAX,
): Promise<readonly string[]> {
  const transactions = await db.query<Transaction>(
    `with sold as (select tx, till, inc, seq, day from sale where tenant = $1 and receipt = $2 limit 1)
     select tx, till, inc, seq from (
       select 0 as later, s.* from sold s
       union all select 1, r.tx, r.till, r.inc, r.seq, r.day
         from sale_return r join sold on r.of_tx = sold.tx where r.tenant = $1
       union all select 1, c.tx, c.till, c.inc, c.seq, c.day
         from claim c join sold on c.of_tx = sold.tx where c.tenant = $1) t
     order by later, day, till, inc, seq limit $3`,
    [tenant, receipt, entriesMax + 1],
  );
  const found: string[] = [];
  for (let at = 0; at < transactions.length; at += AT_ONCE) {
    const some = transactions.slice(at, at + AT_ONCE);
    const texts = await textsOfTransactions(db, tenant, some);
    found.push(...some.flatMap(({ tx }) => texts.get(tx) ?? []));
    if (found.length > entriesMax) {
      throw new Error(`What was done to a sale fills more than ${entriesMax} entries`);
    }
  }
  return found;
}

/**
 * What a manager took by hand of a sale that was claimed, since its return's till, or its claim's, had
 * not heard of the other. The next return of the sale must not take it again.
 */
export async function findTakenBack(
  db: ReadableDb,
  tenant: string,
  receipt: string,
): Promise<readonly TakenBack[]> {
  return db.query<TakenBack>(
    `select r.tx as "return", s.programme
     from sale join posting_exception e on e.tenant = sale.tenant
         and e.params ->> 'of' = sale.tx::text
         and e.code in ('return-of-claimed-sale', 'claim-of-returned-sale')
       join exception_settlement s on s.tenant = e.tenant and s.exception = e.id and s.way = 'take'
       join sale_return r on r.tenant = sale.tenant and r.of_tx = sale.tx
     where sale.tenant = $1 and sale.receipt = $2 and s.programme is not null
       and case e.code
         when 'return-of-claimed-sale' then r.till = e.till and r.inc = e.inc and r.seq = e.seq
         -- The claim's were all that nobody noted as returns that had not heard of it.
         else not exists (select 1 from posting_exception o
           where o.tenant = e.tenant and o.params ->> 'of' = e.params ->> 'of'
             and o.code = 'return-of-claimed-sale'
             and o.till = r.till and o.inc = r.inc and o.seq = r.seq) end
     order by r.tx, s.programme`,
    [tenant, receipt],
  );
}
