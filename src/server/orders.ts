import { randomInt } from 'node:crypto';
import { businessDay } from '#loyalty/business-day.ts';
import { assertNever } from '#loyalty/result.ts';
import type { ErasurePreview } from '#contract/member-data.ts';
import type { Executor } from './commands/executor.ts';
import { eraseMember } from './members/erase.ts';
import type { Database } from './database/database.ts';
import { readShop, VERSIONS_LOST_MOST } from './shop.ts';

/** What an operator orders when a server is started. */
export interface Orders {
  /** This database is a backup that was put back. */
  readonly restored: boolean;
  /** A till that is lost for good, by the word of two people. */
  readonly fence: { readonly till: string; readonly by: readonly [string, string] } | null;
  /** A member whose data goes for good; without the word, what would go is said and nothing done. */
  readonly erase?: {
    readonly member: string;
    readonly confirm: string | null;
    readonly by: string;
  };
}

/** Nothing is ordered. */
export const NO_ORDERS: Orders = { restored: false, fence: null };

/** An order that cannot be carried out; the message says what to do. */
export class OrderRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OrderRefused';
  }
}

/** Epochs are compared, never ordered: any number that no life before had. */
const EPOCH_MOST = 2_000_000_000;

/** Reads orders from the command line's texts. */
export function readOrders(given: {
  readonly restored: boolean;
  readonly fence: string | undefined;
  readonly by: readonly string[] | undefined;
  readonly erase?: string | undefined;
  readonly confirm?: string | undefined;
}): Orders {
  const { restored } = given;
  const erase = readErase(given);
  if (given.fence === undefined) {
    return { restored, fence: null, ...(erase === null ? {} : { erase }) };
  }
  if (erase !== null)
    throw new OrderRefused('--fence and --erase are two orders: give one at a time');
  const [first, second, ...more] = given.by ?? [];
  if (first === undefined || second === undefined || more.length > 0 || first === second) {
    throw new OrderRefused('--fence needs --by twice: two different people must say so');
  }
  return { restored, fence: { till: given.fence, by: [first, second] } };
}

function readErase(given: {
  readonly by: readonly string[] | undefined;
  readonly erase?: string | undefined;
  readonly confirm?: string | undefined;
}): NonNullable<Orders['erase']> | null {
  if (given.erase === undefined) {
    if (given.confirm !== undefined) throw new OrderRefused('--confirm belongs to --erase MEMBER');
    return null;
  }
  const confirm = given.confirm ?? null;
  const [by = ''] = given.by ?? [];
  if (confirm !== null && (given.by?.length !== 1 || by.trim() === '')) {
    throw new OrderRefused('--erase with --confirm needs --by PERSON once: who orders it is kept');
  }
  return { member: given.erase, confirm, by };
}

/** Carries orders out, before any till is served. */
export async function carryOut(
  orders: Orders,
  database: Database,
  executor: Executor,
  nowMs: number,
): Promise<void> {
  if (orders.restored) {
    const tenants = await database.query<{ tenant: string }>('select tenant from tenant');
    for (const { tenant } of tenants) {
      const epoch = randomInt(2, EPOCH_MOST);
      await executor.execute<'restored'>({
        kind: 'restored',
        tenant,
        epoch,
        versionsLost: VERSIONS_LOST_MOST,
      });
    }
  }
  if (orders.erase !== undefined) await carryOutErasure(orders.erase, database, executor, nowMs);
  if (orders.fence === null) return;
  const { till, by } = orders.fence;
  const found = await database.query<{ tenant: string; store: string }>(
    'select tenant, store from terminal where till = $1',
    [till],
  );
  const place = found[0];
  const shop = place === undefined ? null : await readShop(database, place.tenant, place.store);
  if (place === undefined || shop === null) {
    throw new OrderRefused(`There is no till ${till}; the day report lists the tills there are`);
  }
  const day = businessDay(nowMs, shop);
  const { tenant } = place;
  const done = await executor.execute<'fence'>({ kind: 'fence', nowMs, tenant, till, day, by });
  if (!done.ok) throw new OrderRefused(`Till ${till} is not fenced: ${done.error.code}`);
}

async function carryOutErasure(
  { member, confirm, by }: NonNullable<Orders['erase']>,
  database: Database,
  executor: Executor,
  nowMs: number,
): Promise<void> {
  const found = await database.query<{ tenant: string; store: string }>(
    `select m.tenant, min(s.store) as store from member m join store s using (tenant)
     where m.member = $1 group by m.tenant`,
    [member],
  );
  const [place, ...others] = found;
  const shop = place === undefined ? null : await readShop(database, place.tenant, place.store);
  if (place === undefined || shop === null || others.length > 0) {
    throw new OrderRefused(`There is no member ${member}; the members page shows each reference`);
  }
  const environment = { database, executor, nowMs: () => nowMs };
  const { tenant } = place;
  const day = businessDay(nowMs, shop);
  const done = await eraseMember(environment, { tenant, member, confirm, by, day });
  switch (done.outcome) {
    case 'erased':
      return;
    case 'refused':
      // Ordered again after it was done: the same outcome, and nothing to complain of.
      if (done.code === 'already-erased') return;
      throw new OrderRefused(`There is no member ${member}; the members page shows each reference`);
    case 'confirm':
      throw new OrderRefused(previewText(done.preview, confirm !== null));
    default:
      return assertNever(done, 'carryOutErasure');
  }
}

function previewText(preview: ErasurePreview, wasWrong: boolean): string {
  // This text goes to the log as well: no name.
  const { member, masked, points, openGrants, confirm } = preview;
  const left = points.map((row) => `${row.points} in ${row.programme}`).join(', ') || 'none';
  return [
    wasWrong ? `Nothing was erased: the word was not ${confirm}.` : 'Nothing was erased yet.',
    `Member ${member} (${masked.join(' ') || 'no card or number'}),`,
    `points: ${left}, held by tills: ${openGrants}.`,
    `To erase for good: --erase ${member} --confirm ${confirm} --by PERSON`,
  ].join(' ');
}
