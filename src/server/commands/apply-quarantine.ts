import type { TerminalRow } from '#journal/posting-rows.ts';
import type { WritableDb } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert.ts';
import { exceptionInsert } from '#server/posting/apply.ts';
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
  await insertRows(db, exceptionInsert, terminal.tenant, [
    {
      id: `${terminal.till}.${terminal.inc}.${at}.fork`,
      code: 'fork' as const,
      params: { seq: at },
      till: terminal.till,
      inc: terminal.inc,
      seq: at,
      day: new Date(nowMs).toISOString().slice(0, 10),
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
