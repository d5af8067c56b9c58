import type { LedgerWrite } from '#journal/posting-writes.ts';
import { accountKey } from '#journal/posting-rows.ts';
import type { WritableDb } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert.ts';
import { touchMembers } from '#server/members/feed.ts';
import { addToAccounts, lockAccounts } from '#server/posting/accounts.ts';
import { ledgerInsert } from '#server/posting/apply.ts';
import { loadMembers } from '#server/posting/load.ts';
import { keepMembersApart } from '#server/posting/locks.ts';
import type { Applied, MatureCommand, OpeningCommand } from './command.ts';

/** The server's own reference among tills. */
export const SERVER_TILL = '0';

/** Takes in members and gives them balances, each once: what is there stays as it is. */
export async function applyOpening(
  db: WritableDb,
  command: OpeningCommand,
): Promise<Applied<null>> {
  const { tenant, day, nowMs } = command;
  const added = await addMembers(db, command);
  await keepMembersApart(db, tenant);
  const members = await loadMembers(
    db,
    tenant,
    command.adjustments.map(({ member }) => member),
  );
  const existing = new Set(
    (
      await db.query<{ source: string }>(
        `select source from ledger where tenant = $1 and type = 'adjust' and source = any($2::text[])`,
        [tenant, command.adjustments.map(({ source }) => source)],
      )
    ).map(({ source }) => source),
  );
  const fresh = command.adjustments.filter(({ source }) => !existing.has(source));
  const rows = fresh.map((adjustment, index): LedgerWrite => ({
    ...adjustment,
    owner: members.get(adjustment.member)?.owner ?? adjustment.member,
    type: 'adjust',
    till: SERVER_TILL,
    inc: 1,
    seq: index + 1,
    day,
    atMs: nowMs,
    counted: true,
    effectiveAtMs: nowMs,
    expiresAtMs: null,
    basisMinor: null,
    allocatedMinor: null,
    valueMinor: null,
    grant: null,
    ofType: null,
    ofSource: null,
  }));
  await insertRows(db, ledgerInsert, tenant, rows);
  await fold(db, tenant, rows);
  await touchMembers(
    db,
    tenant,
    command.members.map(({ member }) => member),
  );
  return { result: null, changed: added + rows.length > 0 };
}

/** Members with the tiers they have; one that is there already stays as it is. Returns how many are new. */
async function addMembers(db: WritableDb, command: OpeningCommand): Promise<number> {
  const { tenant, day, nowMs, members, tiers } = command;
  return db.execute(
    `with added as (
       insert into member (tenant, member, owner, provisional, enrolled, market, proof, enrolled_till,
                           enrolled_day, enrolled_at_ms)
       select $1, u.member, u.member, false, true, u.market, u.proof, $5, $6::date, $7
       from unnest($2::text[], $3::text[], $4::text[]) as u(member, market, proof)
       on conflict do nothing returning member),
     held as (
       insert into held_tier (tenant, owner, programme, tier, since)
       select $1, u.member, $10, u.tier, $6::date
       from added join unnest($2::text[], $8::text[]) as u(member, tier) using (member))
     insert into tier_measure (tenant, owner, programme, since, earned, qualifying, spend_minor, units, visits)
     select $1, u.member, $10, $11::date, u.progress, u.progress, 0, 0, 0
     from added join unnest($2::text[], $9::bigint[]) as u(member, progress) using (member)`,
    [
      tenant,
      members.map(({ member }) => member),
      members.map(({ market }) => market),
      members.map(({ proof }) => proof),
      SERVER_TILL,
      day,
      nowMs,
      members.map(({ tier }) => tier),
      members.map(({ tierProgress }) => tierProgress),
      tiers.programme,
      tiers.since,
    ],
  );
}

async function fold(
  db: WritableDb,
  tenant: string,
  rows: readonly { owner: string; programme: string; points: number }[],
): Promise<void> {
  const deltas = new Map<string, { owner: string; programme: string; posted: number }>();
  for (const { owner, programme, points } of rows) {
    const key = accountKey(owner, programme);
    const before = deltas.get(key)?.posted ?? 0;
    deltas.set(key, { owner, programme, posted: before + points });
  }
  await lockAccounts(db, tenant, deltas);
  await addToAccounts(
    db,
    tenant,
    [...deltas.values()].map((delta) => ({ ...delta, pending: 0, held: 0, granted: 0 })),
  );
}

interface DueRow {
  readonly tenant: string;
  readonly owner: string;
  readonly programme: string;
  readonly points: number;
}

/** Points whose time has come move from pending to posted. */
export async function applyMature(db: WritableDb, command: MatureCommand): Promise<Applied<null>> {
  const due = await db.query<Omit<DueRow, 'points'>>(
    `select distinct l.tenant, m.owner, l.programme from ledger l join member m using (tenant, member)
     where not l.counted and l.effective_at_ms <= $1 order by 1, 2, 3`,
    [command.nowMs],
  );
  for (const [tenant, accounts] of Map.groupBy(due, (row) => row.tenant)) {
    await keepMembersApart(db, tenant);
    const pairs = new Map(accounts.map((row) => [accountKey(row.owner, row.programme), row]));
    await lockAccounts(db, tenant, pairs);
    const moved = await db.query<DueRow>(
      `with moved as (
         update ledger set counted = true
         where tenant = $1 and not counted and effective_at_ms <= $2
         returning tenant, member, programme, points)
       select tenant, m.owner, programme, sum(points)::bigint as points
       from moved join member m using (tenant, member) group by tenant, m.owner, programme`,
      [tenant, command.nowMs],
    );
    await addToAccounts(
      db,
      tenant,
      moved.map(({ owner, programme, points }) => ({
        owner,
        programme,
        posted: points,
        pending: -points,
        held: 0,
        granted: 0,
      })),
    );
    await touchMembers(
      db,
      tenant,
      moved.map(({ owner }) => owner),
    );
  }
  return { result: null, changed: due.length > 0 };
}
