import { joinLife } from '#journal/recovery.ts';
import type { WritableDb } from '#server/database/database.ts';
import { touchConfig } from '#server/members/feed.ts';
import { loadTerminal } from '#server/posting/load.ts';
import type { Applied, JoinCommand, RestoredCommand } from './command.ts';

/** Notes where a till's journal ended when it joined this life of the server, and when all came back. */
export async function applyJoin(db: WritableDb, command: JoinCommand): Promise<Applied<null>> {
  const loaded = await loadTerminal(db, command.till);
  if (loaded === null || loaded.epoch !== command.epoch) return { result: null, changed: false };
  const joined = joinLife(loaded.terminal, command.epoch, command);
  if (joined === null) return { result: null, changed: false };
  await db.execute(
    'update terminal set epoch = $2, recover_through = $3, recovered = $4 where till = $1',
    [command.till, joined.epoch, joined.recoverThrough, joined.recovered],
  );
  return { result: null, changed: true };
}

/**
 * Begins a new life after a backup was put back: every till is told, and sends again what is missing.
 *
 * Versions that the lost life gave are passed over: a till takes a configuration that is newer than the
 * one it has, and sales may have been made by a programme that is not here any more.
 */
export async function applyRestored(
  db: WritableDb,
  command: RestoredCommand,
): Promise<Applied<null>> {
  const begun = await db.execute('update tenant set epoch = $2 where tenant = $1 and epoch <> $2', [
    command.tenant,
    command.epoch,
  ]);
  const { tenant, versionsLost = 0 } = command;
  if (begun > 0 && versionsLost > 0) {
    const stores = await db.query<{ store: string }>(
      'update store set version = version + $2 where tenant = $1 returning store',
      [tenant, versionsLost],
    );
    for (const { store } of stores) await touchConfig(db, tenant, store);
  }
  return { result: null, changed: begun > 0 };
}
