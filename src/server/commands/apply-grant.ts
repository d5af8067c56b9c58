import { accountKey } from '#journal/posting-rows.ts';
import { planGrant } from '#journal/grant-plan.ts';
import type { Grant, SyncOutput } from '#contract/sync.ts';
import { RaceLost, type WritableDb } from '#server/database/database.ts';
import { touchMembers } from '#server/members/feed.ts';
import { keepMembersApart, loadMembers, loadTerminal, lockAccounts } from '#server/posting/load.ts';
import type { Applied, GrantCommand } from './command.ts';

/** How long a till keeps a grant before it closes it itself, on its monotonic clock. */
export const GRANT_LEASE_MS = 900_000;

/** Takes exactly the wanted points out of what is available, or nothing; once per request. */
export async function applyGrant(
  db: WritableDb,
  command: GrantCommand,
): Promise<Applied<SyncOutput<'grant'>>> {
  const { input } = command;
  const refused = (
    code: 'not-enough' | 'unknown-member' | 'blocked' | 'fenced' | 'closed',
    available: number,
  ): Applied<SyncOutput<'grant'>> => ({
    result: { outcome: 'refused', code, available },
    changed: false,
  });
  const loaded = await loadTerminal(db, command.till);
  if (loaded === null) return refused('fenced', 0);
  const { terminal } = loaded;
  const before = await db.query<Grant & { state: string }>(
    `select grant_ref as "grant", request_id as "requestId", member, programme, amount, till, inc,
       lease_ms as "leaseMs", state
     from point_grant where tenant = $1 and till = $2 and request_id = $3`,
    [terminal.tenant, terminal.till, input.requestId],
  );
  if (before[0] !== undefined) {
    const { state, ...grant } = before[0];
    if (state === 'closed' || grant.inc !== terminal.inc) return refused('closed', 0);
    return { result: { outcome: 'granted', grant }, changed: false };
  }
  await keepMembersApart(db, terminal.tenant);
  const member = (await loadMembers(db, terminal.tenant, [input.member])).get(input.member) ?? null;
  const owner = member?.owner ?? input.member;
  const pair = { owner, programme: input.programme };
  const key = accountKey(owner, input.programme);
  const account =
    member === null
      ? null
      : ((await lockAccounts(db, terminal.tenant, new Map([[key, pair]]))).get(key) ?? null);
  const open = await db.query<{ count: number }>(
    `select count(*) as count from point_grant where tenant = $1 and till = $2 and state <> 'closed'`,
    [terminal.tenant, terminal.till],
  );
  const planned = planGrant({ terminal, member, account, openAtTill: open[0]?.count ?? 0 }, input);
  if (!planned.ok) return refused(planned.error.code, planned.error.available);
  const grant: Grant = {
    grant: command.grant,
    requestId: input.requestId,
    member: input.member,
    programme: input.programme,
    till: terminal.till,
    inc: terminal.inc,
    amount: input.want,
    leaseMs: GRANT_LEASE_MS,
  };
  await insertGrant(db, terminal.tenant, grant, owner, command.nowMs);
  return { result: { outcome: 'granted', grant }, changed: true };
}

async function insertGrant(
  db: WritableDb,
  tenant: string,
  grant: Grant,
  owner: string,
  nowMs: number,
): Promise<void> {
  await db.execute(
    `insert into point_grant (tenant, grant_ref, request_id, member, programme, till, inc, amount, lease_ms, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenant,
      grant.grant,
      grant.requestId,
      grant.member,
      grant.programme,
      grant.till,
      grant.inc,
      grant.amount,
      grant.leaseMs,
      nowMs,
    ],
  );
  const taken = await db.execute(
    `update account set granted = granted + $4, version = version + 1
     where tenant = $1 and owner = $2 and programme = $3 and posted - granted >= $4`,
    [tenant, owner, grant.programme, grant.amount],
  );
  if (taken !== 1) throw new RaceLost('grant');
  await touchMembers(db, tenant, [owner]);
}
