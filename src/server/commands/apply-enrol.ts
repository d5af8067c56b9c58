import { GENESIS_HASH } from '#journal/chain.ts';
import type { SyncOutput } from '#contract/sync.ts';
import type { WritableDb } from '#server/database/database.ts';
import { readShop, renewShop } from '#server/shop.ts';
import type { Applied, EnrolCommand, PairingCommand } from './command.ts';

/** Wrong codes after which every open code is dead. */
export const PAIRING_TRIES_MAX = 5;

/** Opens a store for one till with a code; asking again with the same code gives it new time. */
export async function applyPairing(
  db: WritableDb,
  command: PairingCommand,
): Promise<Applied<null>> {
  await db.execute(
    `insert into pairing_code (tenant, code_hash, store, expires_at_ms) values ($1, $2, $3, $4)
     on conflict (tenant, code_hash) do update set expires_at_ms = excluded.expires_at_ms, tries = 0`,
    [command.tenant, command.codeHash, command.store, command.expiresAtMs],
  );
  return { result: null, changed: true };
}

interface CodeRow {
  readonly tenant: string;
  readonly store: string;
  readonly expiresAtMs: number;
  readonly tries: number;
  readonly usedBy: string | null;
}

/**
 * Takes a till in.
 *
 * A till whose answer was lost asks again with the same code and key and gets the same answer; with
 * any other key the code is used up.
 */
export async function applyEnrol(
  db: WritableDb,
  command: EnrolCommand,
): Promise<Applied<SyncOutput<'enrol'>>> {
  const refused = (
    code: 'wrong-code' | 'code-used' | 'code-expired' | 'too-many-tries',
    changed = false,
  ): Applied<SyncOutput<'enrol'>> => ({ result: { outcome: 'refused', code }, changed });
  const rows = await db.query<CodeRow>(
    `select c.tenant, c.store, c.expires_at_ms as "expiresAtMs", c.tries, c.used_by as "usedBy"
     from pairing_code c where c.code_hash = $1 for update`,
    [command.codeHash],
  );
  const code = rows[0];
  if (code === undefined) {
    const counted = await db.execute(
      `update pairing_code set tries = tries + 1
       where used_by is null and expires_at_ms > $1 and tries < $2`,
      [command.nowMs, PAIRING_TRIES_MAX],
    );
    return refused('wrong-code', counted > 0);
  }
  if (code.usedBy !== null) {
    // Asked once the code is locked: whoever used it meanwhile may be this very till.
    const same = await db.query('select 1 from terminal where till = $1 and public_key = $2', [
      code.usedBy,
      command.publicKey,
    ]);
    if (same.length === 0) return refused('code-used');
    return { result: await enrolled(db, code, code.usedBy), changed: false };
  }
  if (code.tries >= PAIRING_TRIES_MAX) return refused('too-many-tries');
  if (code.expiresAtMs <= command.nowMs) return refused('code-expired');
  await db.execute(
    `insert into terminal (tenant, till, store, name, public_key, ack_hash, enrolled_at_ms, epoch)
     select $1, $2, $3, $4, $5, $6, $7, epoch from tenant where tenant = $1`,
    [
      code.tenant,
      command.till,
      code.store,
      command.name,
      command.publicKey,
      GENESIS_HASH,
      command.nowMs,
    ],
  );
  await db.execute('update pairing_code set used_by = $3 where tenant = $1 and code_hash = $2', [
    code.tenant,
    command.codeHash,
    command.till,
  ]);
  await renewShop(db, code.tenant, code.store);
  return { result: await enrolled(db, code, command.till), changed: true };
}

async function enrolled(db: WritableDb, code: CodeRow, till: string): Promise<SyncOutput<'enrol'>> {
  const config = await readShop(db, code.tenant, code.store);
  const rows = await db.query<{ identifierKey: string; epoch: number; inc: number }>(
    `select n.identifier_key as "identifierKey", n.epoch, t.inc
     from terminal t join tenant n using (tenant) where t.tenant = $1 and t.till = $2`,
    [code.tenant, till],
  );
  const row = rows[0];
  if (config === null || row === undefined)
    throw new Error('A pairing code of a store that is not there');
  return { outcome: 'enrolled', tenant: code.tenant, store: code.store, till, ...row, config };
}
