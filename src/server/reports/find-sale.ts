import type { ReadableDb } from '#server/database/database.ts';

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
  const rows = await db.query<{ text: string }>(
    `with sold as (select tx from sale where tenant = $1 and receipt = $2 limit 1),
     later as (
       select r.tx from sale_return r join sold on r.of_tx = sold.tx where r.tenant = $1
       union select c.tx from claim c join sold on c.of_tx = sold.tx where c.tenant = $1)
     select a.text from archive a
     where a.tenant = $1 and a.tx in (select tx from sold union select tx from later)
     order by a.tx not in (select tx from sold), a.day, a.till, a.inc, a.seq limit ${ENTRIES_MAX}`,
    [tenant, receipt],
  );
  return rows.map(({ text }) => text);
}
