import { businessDayStart } from '#loyalty/business-day.ts';
import type { WritableDb } from '#server/database/database.ts';
import { runStep } from '#server/night/jobs.ts';
import { lockServerHead } from '#server/night/server-entry.ts';
import { keepMembersApart } from '#server/posting/locks.ts';
import { readShop, rulesOf } from '#server/shop.ts';
import type { Applied, NightCommand, NightDoneCommand } from './command.ts';

/**
 * Runs one page of one step of a store's night; answers after whom the next page begins.
 *
 * The night's instant is the beginning of the business day, whenever it is run. What a step finds
 * done it leaves, so a night that was cut short is run again from its start.
 */
export async function applyNight(
  db: WritableDb,
  command: NightCommand,
): Promise<Applied<string | null>> {
  const { tenant, store, day, tx } = command;
  const head = await lockServerHead(db, tenant);
  await keepMembersApart(db, tenant);
  const config = await readShop(db, tenant, store);
  if (config === null) return { result: null, changed: false };
  const done = await db.query(
    'select 1 from night where tenant = $1 and store = $2 and day = $3::date',
    [tenant, store, day],
  );
  if (done.length > 0) return { result: null, changed: false };
  const shop = rulesOf(store, config);
  const atMs = businessDayStart(day, shop.settings);
  const { next, changed, born } = await runStep(db, command.step, {
    run: { tenant, store, tx, atMs, day },
    head,
    shop,
    after: command.after,
    born: command.born ?? null,
  });
  return {
    result: next,
    changed,
    ...(born === undefined ? {} : { record: { ...command, born } }),
  };
}

/** Notes that a night was run whole. */
export async function applyNightDone(
  db: WritableDb,
  command: NightDoneCommand,
): Promise<Applied<null>> {
  const { tenant, store, day, nowMs } = command;
  const added = await db.execute(
    `insert into night (tenant, store, day, at_ms) values ($1, $2, $3::date, $4)
     on conflict do nothing`,
    [tenant, store, day, nowMs],
  );
  return { result: null, changed: added > 0 };
}
