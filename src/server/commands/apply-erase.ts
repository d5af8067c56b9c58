import { err, ok } from '#loyalty/result.ts';
import type { WritableDb } from '#server/database/database.ts';
import { touchMembers } from '#server/members/feed.ts';
import { lockForMerge } from '#server/posting/locks.ts';
import type { Applied, CommandResults, EraseCommand } from './command.ts';

/**
 * Takes everything that names a person off the tables: profile, identifiers, consents.
 *
 * The ledger, sales and counters stay as they are: they hold a random reference and nothing else, so
 * every total ties as before. Grants that tills hold are asked back. What is sealed in the command
 * log, in set-aside databases and in backups ends with the keys, which the caller destroys.
 */
export async function applyErase(
  db: WritableDb,
  command: EraseCommand,
): Promise<Applied<CommandResults['erase']>> {
  const { tenant, nowMs, day, by } = command;
  await lockForMerge(db, tenant);
  const rows = await db.query<{ member: string; owner: string; status: string }>(
    `select m.member, m.owner, o.status from member m
       join member o on o.tenant = m.tenant and o.member = m.owner
     where m.tenant = $1 and m.owner = (select owner from member where tenant = $1 and member = $2)
     order by m.member`,
    [tenant, command.member],
  );
  const first = rows[0];
  if (first === undefined) return { result: err({ code: 'unknown-member' }), changed: false };
  const members = rows.map(({ member }) => member);
  if (first.status === 'erased') {
    return { result: ok({ members, already: true }), changed: false };
  }
  const theirs = [tenant, members] as const;
  for (const table of ['profile', 'identifier', 'consent']) {
    await db.execute(`delete from ${table} where tenant = $1 and member = any($2::text[])`, theirs);
  }
  await db.execute(
    `update member set changes = changes + 1,
       status = case when member = owner then 'erased' else status end
     where tenant = $1 and member = any($2::text[])`,
    theirs,
  );
  await db.execute(
    `update point_grant set recalled = true
     where tenant = $1 and member = any($2::text[]) and state <> 'closed' and purpose = 'held'`,
    theirs,
  );
  await db.execute(
    'insert into erasure (tenant, member, by, day, at_ms) values ($1, $2, $3, $4::date, $5)',
    [tenant, first.owner, by, day, nowMs],
  );
  await touchMembers(db, tenant, members);
  return { result: ok({ members, already: false }), changed: true };
}
