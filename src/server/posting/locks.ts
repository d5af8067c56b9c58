import type { WritableDb } from '#server/database/database.ts';

/** Any numbers that no other lock here has; the second number is the tenant's. */
const PROFILE_LOCK = 7_031_963;
const MERGE_LOCK = 7_031_964;

/** Keeps a tenant's members from being merged while this transaction runs; any number may hold it. */
export async function keepMembersApart(db: WritableDb, tenant: string): Promise<void> {
  await db.query('select pg_advisory_xact_lock_shared($1, hashtext($2))', [MERGE_LOCK, tenant]);
}

/** Takes what a tenant's members say of themselves one message at a time. */
export async function lockProfiles(db: WritableDb, tenant: string): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1, hashtext($2))', [PROFILE_LOCK, tenant]);
}

/**
 * Waits until nobody counts on a tenant's members staying apart, as postings do, and as does a profile
 * that is being taken in: it says whose a card is.
 */
export async function lockForMerge(db: WritableDb, tenant: string): Promise<void> {
  await lockProfiles(db, tenant);
  await db.query('select pg_advisory_xact_lock($1, hashtext($2))', [MERGE_LOCK, tenant]);
}
