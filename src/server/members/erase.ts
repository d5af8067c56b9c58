import { createHash } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import type { ErasurePreview } from '#contract/member-data.ts';
import { errorText, type Log } from '#node/log.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { Database, ReadableDb } from '#server/database/database.ts';
import { firstRules } from '#server/shop.ts';
import { displayNames } from './sealed-profiles.ts';

/** What an erasure came to. */
export interface Erased {
  /** Every reference of the person: their keys are to be destroyed. */
  readonly members: readonly string[];
  /** Had been erased before. */
  readonly already: boolean;
}

/** What erasing works on. */
export interface ErasingEnvironment {
  readonly database: Database;
  readonly executor: Executor;
  nowMs(): number;
}

/** Whom to erase, by whose word, on which business day. */
export interface ErasureOrder {
  readonly tenant: string;
  readonly member: string;
  /** The word of the preview; null asks for it. */
  readonly confirm: string | null;
  readonly by: string;
  readonly day: string;
}

/** What became of an order. */
export type ErasureOutcome =
  | { readonly outcome: 'confirm'; readonly preview: ErasurePreview }
  | { readonly outcome: 'erased'; readonly member: string }
  | { readonly outcome: 'refused'; readonly code: 'unknown-member' | 'already-erased' };

/**
 * Erases a person in two steps: a preview with a word, then the deed for whoever repeats the word.
 *
 * First the fact goes to the log and the database, then the keys go. Where the process ends between
 * the two, the next start destroys them (`settleErasures`).
 */
export async function eraseMember(
  environment: ErasingEnvironment,
  order: ErasureOrder,
): Promise<ErasureOutcome> {
  const { database, executor } = environment;
  const { tenant, confirm, by, day } = order;
  const found = await preview(database, tenant, order.member);
  if (found === null) return { outcome: 'refused', code: 'unknown-member' };
  if (found === 'erased') return { outcome: 'refused', code: 'already-erased' };
  if (confirm === null || confirm.trim().toUpperCase() !== found.confirm) {
    return { outcome: 'confirm', preview: found };
  }
  const { member } = found;
  const nowMs = environment.nowMs();
  const done = await executor.execute<'erase'>({ kind: 'erase', nowMs, tenant, member, day, by });
  if (!done.ok) return { outcome: 'refused', code: done.error.code };
  await database.keys.destroy(tenant, done.value.members);
  return { outcome: 'erased', member };
}

interface PreviewRow {
  readonly owner: string;
  readonly status: string;
  readonly changes: number;
  readonly masked: readonly string[];
  readonly points: readonly { programme: string; points: number; version: number }[];
  readonly openGrants: number;
}

const PREVIEW = `
  select o.member as owner, o.status, o.changes,
    coalesce((select json_agg(i.masked order by i.kind, i.hash) from identifier i
              where i.tenant = o.tenant and i.member = o.member), '[]') as masked,
    coalesce((select json_agg(json_build_object('programme', a.programme, 'points', a.posted,
                'version', a.version) order by a.programme)
              from account a where a.tenant = o.tenant and a.owner = o.member), '[]') as points,
    (select count(*) from point_grant g join member h on h.tenant = g.tenant and h.member = g.member
     where g.tenant = o.tenant and h.owner = o.member and g.state <> 'closed')::integer as "openGrants"
  from member m join member o on o.tenant = m.tenant and o.member = m.owner
  where m.tenant = $1 and m.member = $2
    and not exists (select 1 from voucher v where v.tenant = m.tenant and v.holder = m.member)`;

async function preview(
  db: ReadableDb,
  tenant: string,
  member: string,
): Promise<ErasurePreview | 'erased' | null> {
  const row = (await db.query<PreviewRow>(PREVIEW, [tenant, member]))[0];
  if (row === undefined) return null;
  const { owner, status, changes, masked, points, openGrants } = row;
  if (status === 'erased') return 'erased';
  const state = JSON.stringify([tenant, owner, changes, points, openGrants]);
  return {
    member: owner,
    name: (await displayNames(db, tenant, [owner])).get(owner) ?? null,
    masked: [...masked],
    points: points.map(({ programme, points: posted }) => ({ programme, points: posted })),
    openGrants,
    confirm: createHash('sha256').update(state).digest('hex').slice(0, 6).toUpperCase(),
  };
}

/**
 * Brings members and keys to agree on who was erased, before anybody is served.
 *
 * For a process that ended between the deed and the keys, and for a backup of the one put back beside
 * the other: keys of erased members are destroyed, members whose key is destroyed are erased again.
 */
export async function settleErasures(environment: ErasingEnvironment, log: Log): Promise<void> {
  await destroyErasedKeys(environment.database, log);
  await eraseAgain(environment, log);
}

async function destroyErasedKeys(database: Database, log: Log): Promise<void> {
  const rows = await database.query<{ tenant: string; member: string }>(
    `select m.tenant, m.member from member m
       join member o on o.tenant = m.tenant and o.member = m.owner
     where o.status = 'erased' order by m.tenant, m.member`,
  );
  for (const [tenant, erased] of Map.groupBy(rows, (row) => row.tenant)) {
    const members = erased.map(({ member }) => member);
    const left = await database.keys.of(tenant, members);
    if (left.size === 0) continue;
    try {
      await database.keys.destroy(tenant, [...left.keys()]);
      log.warn('keys of erased members destroyed', { count: left.size });
    } catch (error) {
      log.error('keys of erased members not destroyed', { reason: errorText(error) });
      throw error;
    }
  }
}

/** Who orders an erasure that was ordered before: its first order went with the newer database. */
const BY_SERVER = 'server';

async function eraseAgain(environment: ErasingEnvironment, log: Log): Promise<void> {
  const { database, executor } = environment;
  const nowMs = environment.nowMs();
  const tenants = await database.query<{ tenant: string }>(
    'select tenant from tenant order by tenant',
  );
  for (const { tenant } of tenants) {
    // By the owner's key: an erasure destroys the key of each of a person's references, theirs too.
    const back = await database.query<{ member: string }>(
      `select member from member where tenant = $1 and member = any($2::text[])
         and owner = member and status <> 'erased' order by member`,
      [tenant, await database.keys.destroyed(tenant)],
    );
    if (back.length === 0) continue;
    const day = businessDay(nowMs, (await firstRules(database, tenant)).settings);
    for (const { member } of back) {
      const order = { nowMs, tenant, member, day, by: BY_SERVER };
      const done = await executor.execute<'erase'>({ kind: 'erase', ...order });
      if (done.ok) await database.keys.destroy(tenant, done.value.members);
    }
    log.warn('members erased again', { count: back.length });
  }
}
