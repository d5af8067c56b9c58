import { err, ok } from '#loyalty/result.ts';
import type { WritableDb } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert.ts';
import { lockProfiles } from '#server/posting/locks.ts';
import { consentInsert } from './apply-profile.ts';
import type { Applied, CommandResults, ConsentCommand } from './command.ts';

/** Notes one more answer to a question of consent; the answers before it stay, as the proof of their time. */
export async function applyConsent(
  db: WritableDb,
  command: ConsentCommand,
): Promise<Applied<CommandResults['consent']>> {
  const { tenant, consent } = command;
  // Erasures wait for this, too: an answer that is written meanwhile would outlive its member.
  await lockProfiles(db, tenant);
  const rows = await db.query<{ owner: string; status: string }>(
    `select o.member as owner, o.status from member m
       join member o on o.tenant = m.tenant and o.member = m.owner
     where m.tenant = $1 and m.member = $2`,
    [tenant, command.member],
  );
  const row = rows[0];
  if (row === undefined) return { result: err({ code: 'unknown-member' }), changed: false };
  if (row.status === 'erased') return { result: err({ code: 'erased' }), changed: false };
  const added = await insertRows(db, consentInsert, tenant, [{ ...consent, member: row.owner }]);
  return { result: ok(null), changed: added > 0 };
}
