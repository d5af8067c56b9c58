import { mayDo, type StaffMember } from '#contract/staff.ts';
import { hashPin, sameHash } from '#node/pin.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { readShop } from '#server/shop.ts';

/** Wrong PINs in a row after which nobody is let in for a while. */
export const PIN_TRIES_MAX = 5;
/** How long that while is: with it 10,000 PINs take a week. */
export const PIN_LOCK_MS = 300_000;

/** People whose PIN confirms what only a manager may do. */
function managersOf(cashiers: readonly StaffMember[]): readonly StaffMember[] {
  return cashiers.filter(({ isActive, role }) => isActive && mayDo(role, 'manage'));
}

/**
 * A typed PIN hashed under the salt of every manager of a store, to be compared inside the
 * transaction that does what it allows; null where no manager has a PIN.
 *
 * The PIN alone says who it is: what a manager confirms is asked for without a name.
 */
export async function managerProof(
  db: ReadableDb,
  tenant: string,
  store: string,
  pin: string,
): Promise<readonly string[] | null> {
  const config = await readShop(db, tenant, store);
  const salts = managersOf(config?.cashiers ?? []).flatMap(({ pin: kept }) =>
    kept === null ? [] : [kept.salt],
  );
  if (salts.length === 0) return null;
  return Promise.all(salts.map(async (salt) => (await hashPin(pin, salt)).hash));
}

/** What became of a PIN. `changed` = a try was counted or the count went back. */
export type PinCheck =
  | { readonly code: 'right'; readonly manager: string; readonly changed: boolean }
  | { readonly code: 'no-manager-pin'; readonly changed: false }
  | { readonly code: 'pin-wrong'; readonly triesLeft: number; readonly changed: true }
  | { readonly code: 'pin-locked'; readonly minutes: number; readonly changed: boolean };

interface TriesRow {
  readonly tries: number;
  readonly lockedUntilMs: number;
}

/** Compares a hashed PIN and counts wrong ones; inside the transaction that does what it allows. */
export async function checkPin(
  db: WritableDb,
  where: { readonly tenant: string; readonly store: string; readonly nowMs: number },
  proof: readonly string[],
): Promise<PinCheck> {
  const key = [where.tenant, where.store];
  const config = await readShop(db, where.tenant, where.store);
  const managers = managersOf(config?.cashiers ?? []).filter(({ pin }) => pin !== null);
  if (managers.length === 0) return { code: 'no-manager-pin', changed: false };
  await db.execute(
    'insert into manager_pin (tenant, store) values ($1, $2) on conflict do nothing',
    key,
  );
  const rows = await db.query<TriesRow>(
    `select tries, locked_until_ms as "lockedUntilMs" from manager_pin
     where tenant = $1 and store = $2 for update`,
    key,
  );
  const row = rows[0] ?? { tries: 0, lockedUntilMs: 0 };
  if (row.lockedUntilMs > where.nowMs) {
    const minutes = Math.ceil((row.lockedUntilMs - where.nowMs) / 60_000);
    return { code: 'pin-locked', minutes, changed: false };
  }
  const manager = managers.find(({ pin }) =>
    proof.some((hash) => pin !== null && sameHash(pin.hash, hash)),
  );
  if (manager !== undefined) {
    const changed = await db.execute(
      'update manager_pin set tries = 0 where tenant = $1 and store = $2 and tries > 0',
      key,
    );
    return { code: 'right', manager: manager.cashier, changed: changed > 0 };
  }
  const tries = row.tries + 1;
  const isLocked = tries >= PIN_TRIES_MAX;
  await db.execute(
    'update manager_pin set tries = $3, locked_until_ms = $4 where tenant = $1 and store = $2',
    [...key, isLocked ? 0 : tries, isLocked ? where.nowMs + PIN_LOCK_MS : 0],
  );
  return isLocked
    ? { code: 'pin-locked', minutes: PIN_LOCK_MS / 60_000, changed: true }
    : { code: 'pin-wrong', triesLeft: PIN_TRIES_MAX - tries, changed: true };
}
