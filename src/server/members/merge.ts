import type { WritableDb } from '#server/database/database.ts';
import { countTerms } from '#server/facts/memberships.ts';
import { moveUses } from '#server/facts/uses.ts';
import type { ShopRules } from '#server/shop.ts';
import { touchMembers, touchMerge } from './feed.ts';
import { moveMeasures } from './measures.ts';
import { moveTiers } from './tiers.ts';

/**
 * Gives everything of `from` to `into`, in the caller's transaction.
 *
 * The ledger's rows stay as journalled, with their lots and dates: from now on they count for the
 * owner's accounts, as do entries that still name `from`. Identifiers move, so old cards resolve.
 */
export async function mergeMembers(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
  shop: ShopRules,
): Promise<void> {
  const pair = [tenant, from, into] as const;
  await db.query(
    'select 1 from account where tenant = $1 and owner in ($2, $3) order by owner, programme for update',
    pair,
  );
  await db.execute(
    `update member m set changes = changes + 1
       + coalesce((select sum(version) from account a where a.tenant = $1 and a.owner = $2), 0)::integer
     where tenant = $1 and member in ($2, $3)`,
    pair,
  );
  await db.execute(
    `update member set owner = $3, status = 'merged' where tenant = $1 and owner = $2`,
    pair,
  );
  await db.execute(
    `insert into account as a (tenant, owner, programme, posted, pending, held, granted, version)
     select tenant, $3, programme, posted, pending, held, granted, version
     from account where tenant = $1 and owner = $2
     on conflict (tenant, owner, programme) do update set
       posted = a.posted + excluded.posted, pending = a.pending + excluded.pending,
       held = a.held + excluded.held, granted = a.granted + excluded.granted, version = a.version + 1`,
    pair,
  );
  await db.execute('delete from account where tenant = $1 and owner = $2', [tenant, from]);
  await moveFacts(db, tenant, from, into, shop);
  await db.execute('update identifier set member = $3 where tenant = $1 and member = $2', pair);
  await db.execute(
    `insert into profile (tenant, member, version, sealed_for, sealed_version, sealed, has_birthday)
     select tenant, $3, 0, sealed_for, sealed_version, sealed, has_birthday
     from profile where tenant = $1 and member = $2 on conflict do nothing`,
    pair,
  );
  await touchMerge(db, tenant, from, into);
  await touchMembers(db, tenant, [from, into]);
}

async function moveFacts(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
  shop: ShopRules,
): Promise<void> {
  await moveUses(db, tenant, from, into);
  await moveMeasures(db, tenant, from, into);
  await moveTiers(db, tenant, from, into, shop.programmes);
  await db.execute(
    `insert into member_fact as f (tenant, owner, visits, last_sale_at_ms, surveyed_at_ms, version)
     select tenant, $3, visits, last_sale_at_ms, surveyed_at_ms, version + 1
     from member_fact where tenant = $1 and owner = $2
     on conflict (tenant, owner) do update set visits = f.visits + excluded.visits,
       last_sale_at_ms = greatest(f.last_sale_at_ms, excluded.last_sale_at_ms),
       surveyed_at_ms = greatest(f.surveyed_at_ms, excluded.surveyed_at_ms),
       version = f.version + excluded.version`,
    [tenant, from, into],
  );
  // The merged record keeps its version: what it says now must not look older to a till.
  await db.execute(
    'update member_fact set visits = 0, last_sale_at_ms = null where tenant = $1 and owner = $2',
    [tenant, from],
  );
  await countTerms(db, tenant, [into], shop);
  await db.execute('delete from membership where tenant = $1 and owner = $2', [tenant, from]);
}
