import { businessDay } from '#loyalty/business-day.ts';
import type { TerminalRow } from '#journal/posting-rows.ts';
import type { WritableDb } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert.ts';
import { exceptionInsert } from '#server/posting/apply.ts';
import { readShop } from '#server/shop.ts';
import { loadTerminal } from '#server/posting/load.ts';
import type { Applied, QuarantineCommand } from './command.ts';

/** Stops taking entries of a till that has two journals, and tells the manager once. */
export async function quarantine(
  db: WritableDb,
  terminal: TerminalRow,
  at: number,
  nowMs: number,
): Promise<void> {
  await db.execute(
    `update terminal set state = 'forked', fork_at = $3 where tenant = $1 and till = $2 and state = 'active'`,
    [terminal.tenant, terminal.till, at],
  );
  const config = await readShop(db, terminal.tenant, terminal.store);
  if (config === null) throw new Error('A till of a store that is not there');
  await insertRows(db, exceptionInsert, terminal.tenant, [
    {
      id: `${terminal.till}.${terminal.inc}.${at}.fork`,
      code: 'fork' as const,
      params: { seq: at },
      till: terminal.till,
      inc: terminal.inc,
      seq: at,
      day: businessDay(nowMs, config),
      atMs: nowMs,
    },
  ]);
}

/** The same, where a HELLO showed the fork. */
export async function applyQuarantine(
  db: WritableDb,
  command: QuarantineCommand,
): Promise<Applied<null>> {
  const loaded = await loadTerminal(db, command.till);
  if (loaded === null || loaded.terminal.state !== 'active')
    return { result: null, changed: false };
  await quarantine(db, loaded.terminal, command.at, command.nowMs);
  return { result: null, changed: true };
}
