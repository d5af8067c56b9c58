import { planFence, type FenceRefusal } from '#journal/fence-plan.ts';
import { accountKey, type GrantRow } from '#journal/posting-rows.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { WritableDb } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert.ts';
import { touchMembers } from '#server/members/feed.ts';
import { addToAccounts, lockAccounts } from '#server/posting/accounts.ts';
import { exceptionInsert, updateGrants } from '#server/posting/apply.ts';
import { GRANT_COLUMNS, loadMembers, loadTerminal } from '#server/posting/load.ts';
import { keepMembersApart } from '#server/posting/locks.ts';
import type { Applied, FenceCommand } from './command.ts';

/** Gives up a lost till: see `planFence`. */
export async function applyFence(
  db: WritableDb,
  command: FenceCommand,
): Promise<Applied<Result<{ readonly exposure: number }, FenceRefusal>>> {
  const { tenant, till, nowMs } = command;
  const loaded = await loadTerminal(db, till);
  if (loaded === null || loaded.terminal.tenant !== tenant) {
    return { result: err({ code: 'already-fenced' }), changed: false };
  }
  await keepMembersApart(db, tenant);
  const grants = await db.query<GrantRow>(
    `select ${GRANT_COLUMNS} from point_grant
     where tenant = $1 and till = $2 and state <> 'closed' order by grant_ref for update`,
    [tenant, till],
  );
  const members = await loadMembers(
    db,
    tenant,
    grants.map(({ member }) => member),
  );
  const open = grants.map((grant) => ({
    ...grant,
    owner: members.get(grant.member)?.owner ?? grant.member,
  }));
  const { day, by } = command;
  const plan = planFence({ terminal: loaded.terminal, open }, { by, day, atMs: nowMs });
  if (!plan.ok) return { result: plan, changed: false };
  const { accounts, exceptions, exposure } = plan.value;
  await lockAccounts(
    db,
    tenant,
    new Map(accounts.map((row) => [accountKey(row.owner, row.programme), row])),
  );
  await addToAccounts(db, tenant, accounts);
  await updateGrants(db, tenant, plan.value.grants);
  await insertRows(db, exceptionInsert, tenant, exceptions);
  await db.execute(
    `update terminal set state = 'fenced', fork_at = null where tenant = $1 and till = $2`,
    [tenant, till],
  );
  await touchMembers(
    db,
    tenant,
    accounts.map(({ owner }) => owner),
  );
  return { result: ok({ exposure }), changed: true };
}
