import type { PlainEntryRow } from '#contract/entry-row.ts';
import type { EntryRow } from '#contract/manager.ts';
import type { ReadableDb } from '#server/database/database.ts';
import { knownMembers, labelOf } from './labels.ts';

/** Adds the names of tills and members to rows of entries. */
export async function withNames(
  db: ReadableDb,
  tenant: string,
  rows: readonly PlainEntryRow[],
): Promise<readonly EntryRow[]> {
  const tills = await db.query<{ till: string; name: string }>(
    'select till, name from terminal where tenant = $1 and till = any($2::text[])',
    [tenant, [...new Set(rows.map(({ till }) => till))]],
  );
  const names = new Map(tills.map(({ till, name }) => [till, name]));
  const members = await knownMembers(
    db,
    tenant,
    rows.flatMap(({ member }) => member ?? []),
  );
  return rows.map((row) => ({
    ...row,
    tillName: names.get(row.till) ?? row.till,
    member: row.member === null ? null : labelOf(members.get(row.member)),
  }));
}
