import type { EntryBody } from '#journal/entry.ts';
import type { WritableDb } from '#server/database/database.ts';
import { loadBodies, type SaleChange } from './sale-changes.ts';

/** Most sales that are looked through for when something was last used before. */
const SALES_MAX = 500;

/** A sale that is returned whole, and whose it was. */
export interface Undone {
  readonly owner: string;
  readonly sale: SaleChange;
}

interface LastUse {
  readonly programme: string;
  readonly id: string;
}

/**
 * Puts "last" back to the sale before, where the last one was returned whole.
 *
 * Rare, so that it may read: the owner's sales from the latest back, no more than `SALES_MAX`.
 */
export async function stepBack(
  db: WritableDb,
  tenant: string,
  undone: readonly Undone[],
): Promise<void> {
  for (const [owner, sales] of Map.groupBy(undone, (item) => item.owner)) {
    await db.execute(
      `update member_fact set last_sale_at_ms = (
         select max(s.at_ms) from sale s where s.tenant = $1 and not s.complete
           and s.tx in (${SALES_OF_OWNER}))
       where tenant = $1 and owner = $2`,
      [tenant, owner],
    );
    const asked = await db.query<LastUse>(
      `select programme, id from use_count
       where tenant = $1 and owner = $2 and last_at_ms = any($3::bigint[])`,
      [tenant, owner, sales.map(({ sale }) => sale.atMs)],
    );
    if (asked.length > 0) await findBefore(db, tenant, owner, asked);
  }
}

const SALES_OF_OWNER = `
  select o.tx from sale o join member m on m.tenant = o.tenant and m.member = o.member
  where o.tenant = $1 and m.owner = $2
  union select o.tx from sale o join member m on m.tenant = o.tenant and m.member = o.claimed_by
  where o.tenant = $1 and m.owner = $2`;

async function findBefore(
  db: WritableDb,
  tenant: string,
  owner: string,
  asked: readonly LastUse[],
): Promise<void> {
  const sales = await db.query<{ tx: string; atMs: number; claim: string | null }>(
    `select s.tx, s.at_ms as "atMs", c.tx as claim from sale s
     left join claim c on c.tenant = s.tenant and c.of_tx = s.tx
     where s.tenant = $1 and not s.complete and s.tx in (${SALES_OF_OWNER})
     order by s.at_ms desc, s.tx limit ${SALES_MAX}`,
    [tenant, owner],
  );
  const bodies = await loadBodies(
    db,
    tenant,
    sales.flatMap(({ tx, claim }) => (claim === null ? [tx] : [tx, claim])),
  );
  const found = asked.map((use) => {
    const sale = sales.find(({ tx, claim }) =>
      [...(bodies.get(tx) ?? []), ...(claim === null ? [] : (bodies.get(claim) ?? []))].some(
        (body) => isUse(body, use, tx),
      ),
    );
    return sale?.atMs ?? null;
  });
  await db.execute(
    `update use_count c set last_at_ms = u.at_ms
     from unnest($3::text[], $4::text[], $5::bigint[]) as u(programme, id, at_ms)
     where c.tenant = $1 and c.owner = $2 and c.programme = u.programme and c.id = u.id`,
    [tenant, owner, asked.map(({ programme }) => programme), asked.map(({ id }) => id), found],
  );
}

function isUse(body: EntryBody, { programme, id }: LastUse, sale: string): boolean {
  if (body.kind === 'earn') {
    return body.programme === programme && body.source === sale && id in body.breakdown;
  }
  if (body.kind !== 'sale') return false;
  return body.snapshot.redemptions.some(
    (done) => done.programme === programme && done.reward === id,
  );
}
