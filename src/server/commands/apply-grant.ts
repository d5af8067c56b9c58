import { accountKey, type GrantRow, type TerminalRow } from '#journal/posting-rows.ts';
import { planGrant, type GrantRows } from '#journal/grant-plan.ts';
import { planRiskGrant, RISK_HOLDER, type RiskRows } from '#journal/risk.ts';
import { businessDay, businessDayStart } from '#loyalty/business-day.ts';
import type { MemberBalance } from '#contract/member.ts';
import type { Grant, SyncOutput } from '#contract/sync.ts';
import { RaceLost, type WritableDb } from '#server/database/database.ts';
import { touchMembers } from '#server/members/feed.ts';
import { BALANCE_COLUMNS } from '#server/members/records.ts';
import { lockAccounts } from '#server/posting/accounts.ts';
import { WIRE_COLUMNS } from '#server/posting/grants.ts';
import { GRANT_COLUMNS, loadMembers, loadTerminal, waitsForTills } from '#server/posting/load.ts';
import { keepMembersApart } from '#server/posting/locks.ts';
import { readShop } from '#server/shop.ts';
import type { Applied, GrantCommand } from './command.ts';

/** How long a till keeps a grant before it closes it itself, on its monotonic clock. */
export const GRANT_LEASE_MS = 900_000;

/** How long it keeps what it may lose: a day, and the next day asks anew. */
const RISK_LEASE_MS = 86_400_000;
/** One tenant's risk grants are given one at a time. */
const RISK_LOCK = 7_031_966;
/** How long it keeps the grant of a member who is at home in its store: a week. */
export const HOME_LEASE_MS = 604_800_000;
/** Visits to a store within which time make it a member's home. */
const HOME_VISITS = 2;
const HOME_WITHIN_MS = 90 * 86_400_000;

/** Takes exactly the wanted points out of what is available, or nothing; once per request. */
export async function applyGrant(
  db: WritableDb,
  command: GrantCommand,
): Promise<Applied<SyncOutput<'grant'>>> {
  const { input } = command;
  const refused = (
    code: Extract<SyncOutput<'grant'>, { outcome: 'refused' }>['code'],
    available: number,
  ): Applied<SyncOutput<'grant'>> => ({
    result: { outcome: 'refused', code, available },
    changed: false,
  });
  const loaded = await loadTerminal(db, command.till);
  if (loaded === null) return refused('fenced', 0);
  const { terminal } = loaded;
  const before = await db.query<Grant & { state: string }>(
    `select ${WIRE_COLUMNS}, state from point_grant
     where tenant = $1 and till = $2 and request_id = $3`,
    [terminal.tenant, terminal.till, input.requestId],
  );
  if (before[0] !== undefined) {
    const { state, ...grant } = before[0];
    if (state === 'closed' || grant.inc !== terminal.inc) return refused('closed', 0);
    const balance = await balanceBehind(db, terminal.tenant, grant);
    return { result: { outcome: 'granted', grant, balance }, changed: false };
  }
  const { purpose = 'sale' } = input;
  if (purpose === 'risk') return applyRisk(db, terminal, command);
  await keepMembersApart(db, terminal.tenant);
  const member = (await loadMembers(db, terminal.tenant, [input.member])).get(input.member) ?? null;
  const owner = member?.owner ?? input.member;
  const pair = { owner, programme: input.programme };
  const key = accountKey(owner, input.programme);
  const account =
    member === null
      ? null
      : ((await lockAccounts(db, terminal.tenant, new Map([[key, pair]]))).get(key) ?? null);
  const planned = planGrant(
    { terminal, member, account, ...(await loadStanding(db, terminal, pair)) },
    { ...input, purpose },
  );
  if (!planned.ok) {
    const { code, available, recall } = planned.error;
    const recalled = await recallGrants(db, terminal.tenant, recall);
    if (recalled > 0) await touchMembers(db, terminal.tenant, [owner]);
    return { ...refused(code, available), changed: recalled > 0 };
  }
  const grant: Grant = {
    grant: command.grant,
    requestId: input.requestId,
    member: input.member,
    programme: input.programme,
    till: terminal.till,
    inc: terminal.inc,
    amount: planned.value.amount,
    purpose,
    leaseMs: purpose === 'sale' ? GRANT_LEASE_MS : await heldLeaseMs(db, terminal, owner, command),
  };
  const balance = await insertGrant(db, terminal.tenant, grant, owner, command.nowMs);
  return { result: { outcome: 'granted', grant, balance }, changed: true };
}

/** A till is given its part of what the shop is ready to lose; see `planRiskGrant`. */
async function applyRisk(
  db: WritableDb,
  terminal: TerminalRow,
  { input, grant, nowMs }: GrantCommand,
): Promise<Applied<SyncOutput<'grant'>>> {
  const { tenant, till, inc } = terminal;
  const { programme, requestId } = input;
  const planned = planRiskGrant(await loadRisk(db, terminal, programme, nowMs), input.want);
  if (!planned.ok) {
    const { code, available } = planned.error;
    return { result: { outcome: 'refused', code, available }, changed: false };
  }
  const { amount } = planned.value;
  const given: Grant = {
    ...{ grant, requestId, member: RISK_HOLDER, programme, till, inc, amount },
    ...{ purpose: 'risk', leaseMs: RISK_LEASE_MS },
  };
  await insertGrantRow(db, tenant, given, nowMs);
  return { result: { outcome: 'granted', grant: given, balance: null }, changed: true };
}

async function loadRisk(
  db: WritableDb,
  terminal: TerminalRow,
  programme: string,
  nowMs: number,
): Promise<RiskRows> {
  const { tenant, store, till } = terminal;
  // One at a time: two tills must not be given the same part of the budget.
  await db.query('select pg_advisory_xact_lock($1, hashtext($2))', [RISK_LOCK, tenant]);
  const shop = await readShop(db, tenant, store);
  const dayStartMs = shop === null ? nowMs : businessDayStart(businessDay(nowMs, shop), shop);
  // One statement, one moment: what is spent meanwhile is in one of the sums, never in none.
  const sums = await db.query<Pick<RiskRows, 'overdrawn' | 'outstanding' | 'givenToday'>>(
    `select
       (select coalesce(sum(granted - posted), 0) from account
        where tenant = $1 and programme = $2 and posted < granted)::bigint as overdrawn,
       coalesce(sum(amount - spent) filter (where state <> 'closed'), 0)::bigint as outstanding,
       coalesce(sum(case when state = 'closed' then spent else amount end)
         filter (where till = $3 and created_at_ms >= $4), 0)::bigint as "givenToday"
     from point_grant where tenant = $1 and programme = $2 and purpose = 'risk'`,
    [tenant, programme, till, dayStartMs],
  );
  const counts = await db.query<{ openAtTill: number }>(
    `select count(*) as "openAtTill" from point_grant
     where tenant = $1 and till = $2 and state <> 'closed'`,
    [tenant, till],
  );
  return {
    terminal,
    recovering: await waitsForTills(db, tenant),
    openAtTill: counts[0]?.openAtTill ?? 0,
    caps: shop?.offlineRisk?.find((caps) => caps.programme === programme) ?? null,
    ...(sums[0] ?? { overdrawn: 0, outstanding: 0, givenToday: 0 }),
  };
}

/** What the plan must know besides the account: open grants, and whether tills are still missing. */
async function loadStanding(
  db: WritableDb,
  terminal: TerminalRow,
  pair: { readonly owner: string; readonly programme: string },
): Promise<Pick<GrantRows, 'open' | 'openAtTill' | 'recovering'>> {
  const { tenant } = terminal;
  const counts = await db.query<{ openAtTill: number }>(
    `select count(*) as "openAtTill" from point_grant
     where tenant = $1 and till = $2 and state <> 'closed'`,
    [tenant, terminal.till],
  );
  const open = await db.query<GrantRow>(
    `select ${GRANT_COLUMNS} from point_grant
     where tenant = $1 and programme = $3 and state <> 'closed' and purpose = 'held'
       and member in (select member from member where tenant = $1 and owner = $2)
     order by grant_ref`,
    [tenant, pair.owner, pair.programme],
  );
  const recovering = await waitsForTills(db, tenant);
  return { open, openAtTill: counts[0]?.openAtTill ?? 0, recovering };
}

/** Asks grants back from their tills; returns how many had not been asked back yet. */
async function recallGrants(
  db: WritableDb,
  tenant: string,
  grants: readonly string[],
): Promise<number> {
  if (grants.length === 0) return 0;
  return db.execute(
    `update point_grant set recalled = true
     where tenant = $1 and grant_ref = any($2::text[]) and not recalled`,
    [tenant, grants],
  );
}

/** A member who comes here often is at home: their grant stays for days, anybody else's for minutes. */
async function heldLeaseMs(
  db: WritableDb,
  terminal: TerminalRow,
  owner: string,
  { nowMs }: GrantCommand,
): Promise<number> {
  const visits = await db.query<{ count: number }>(
    `select count(*) as count from sale s
       join member m on m.tenant = s.tenant and m.member = s.member
       join terminal t on t.tenant = s.tenant and t.till = s.till
     where s.tenant = $1 and m.owner = $2 and t.store = $3 and s.at_ms > $4`,
    [terminal.tenant, owner, terminal.store, nowMs - HOME_WITHIN_MS],
  );
  return (visits[0]?.count ?? 0) >= HOME_VISITS ? HOME_LEASE_MS : GRANT_LEASE_MS;
}

/** What the account has that a grant was taken from; of a risk grant there is none. */
async function balanceBehind(
  db: WritableDb,
  tenant: string,
  { member, programme }: Grant,
): Promise<MemberBalance | null> {
  const balances = await db.query<MemberBalance>(
    `select ${BALANCE_COLUMNS} from account a
       join member m on m.tenant = a.tenant and m.owner = a.owner
     where a.tenant = $1 and m.member = $2 and a.programme = $3`,
    [tenant, member, programme],
  );
  return balances[0] ?? null;
}

/** Files the grant and takes it out; returns what is left. */
async function insertGrant(
  db: WritableDb,
  tenant: string,
  grant: Grant,
  owner: string,
  nowMs: number,
): Promise<MemberBalance> {
  await insertGrantRow(db, tenant, grant, nowMs);
  const taken = await db.query<MemberBalance>(
    `update account a set granted = a.granted + $4, version = a.version + 1
     where a.tenant = $1 and a.owner = $2 and a.programme = $3 and a.posted - a.granted >= $4
     returning ${BALANCE_COLUMNS}`,
    [tenant, owner, grant.programme, grant.amount],
  );
  const balance = taken[0];
  if (balance === undefined) throw new RaceLost('grant');
  await touchMembers(db, tenant, [owner]);
  return balance;
}

async function insertGrantRow(
  db: WritableDb,
  tenant: string,
  grant: Grant,
  nowMs: number,
): Promise<void> {
  await db.execute(
    `insert into point_grant (tenant, grant_ref, request_id, member, programme, till, inc, amount, lease_ms, created_at_ms,
       purpose)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
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
      grant.purpose,
    ],
  );
}
