import type { WritableDb } from '#server/database/database.ts';
import { touchMembers, touchMerge } from './feed.ts';

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
  await db.execute(
    `insert into tier_measure as t (tenant, owner, programme, since, earned, spend_minor, visits, progress)
     select tenant, $3, programme, since, earned, spend_minor, visits, progress
     from tier_measure where tenant = $1 and owner = $2
     on conflict (tenant, owner, programme) do update set since = excluded.since,
       earned = excluded.earned + case when t.since = excluded.since then t.earned else 0 end,
       spend_minor = excluded.spend_minor + case when t.since = excluded.since then t.spend_minor else 0 end,
       visits = excluded.visits + case when t.since = excluded.since then t.visits else 0 end,
       progress = excluded.progress + case when t.since = excluded.since then t.progress else 0 end
     where t.since <= excluded.since`,
    pair,
  );
  await db.execute('delete from tier_measure where tenant = $1 and owner = $2', [tenant, from]);
  await db.execute('update identifier set member = $3 where tenant = $1 and member = $2', pair);
  await db.execute(
    `insert into profile (tenant, member, version, name, phone, phone_takes_sms, language, display_name)
     select tenant, $3, 0, name, phone, phone_takes_sms, language, display_name
     from profile where tenant = $1 and member = $2 on conflict do nothing`,
    pair,
  );
  await touchMerge(db, tenant, from, into);
  await touchMembers(db, tenant, [from, into]);
}
