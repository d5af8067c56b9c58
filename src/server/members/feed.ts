import type { WritableDb } from '#server/database/database.ts';

const TOUCH = `
  insert into feed (tenant, kind, subject, other, xid)
  select $1, $2, u.subject, u.other, pg_current_xact_id()
  from unnest($3::text[], $4::text[]) as u(subject, other)
  on conflict (tenant, kind, subject) do update set
    xid = excluded.xid, place = excluded.place, other = excluded.other`;

/** Tells tills that these members' records changed. Sorted, so that locks are taken in one order. */
export async function touchMembers(
  db: WritableDb,
  tenant: string,
  members: readonly string[],
): Promise<void> {
  if (members.length === 0) return;
  const sorted = [...new Set(members)].toSorted();
  await db.execute(TOUCH, [tenant, 'member', sorted, sorted.map(() => null)]);
}

/** Tells tills that everything of `from` now belongs to `into`. */
export async function touchMerge(
  db: WritableDb,
  tenant: string,
  from: string,
  into: string,
): Promise<void> {
  await db.execute(TOUCH, [tenant, 'merge', [from], [into]]);
}

/** Tells tills that a store's configuration changed. */
export async function touchConfig(db: WritableDb, tenant: string, store: string): Promise<void> {
  await db.execute(TOUCH, [tenant, 'config', [store], [null]]);
}

/** Tells tills that budgets or shared limits moved. */
export async function touchFacts(db: WritableDb, tenant: string): Promise<void> {
  await db.execute(TOUCH, [tenant, 'facts', ['facts'], [null]]);
}
