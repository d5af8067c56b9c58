import { randomBytes, scrypt } from 'node:crypto';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';

/** A PIN as it is kept: salted and slow to try (scrypt, Node's defaults: N 16384, r 8, p 1). */
export interface PinHash {
  readonly salt: string;
  readonly hash: string;
}

/** Wrong PINs in a row after which nobody is let in for a while. */
export const PIN_TRIES_MAX = 5;
/** How long that while is: with it 10,000 PINs take a week. */
export const PIN_LOCK_MS = 300_000;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes a PIN with a salt of its own, or with a known one to compare. */
export function hashPin(
  pin: string,
  salt = randomBytes(SALT_BYTES).toString('hex'),
): Promise<PinHash> {
  return new Promise((resolve, reject) => {
    scrypt(pin, Buffer.from(salt, 'hex'), HASH_BYTES, (error, key) => {
      if (error === null) resolve({ salt, hash: key.toString('hex') });
      else reject(error);
    });
  });
}

/** The salt of a store's PIN; null where it has none. */
export async function pinSalt(
  db: ReadableDb,
  tenant: string,
  store: string,
): Promise<string | null> {
  const rows = await db.query<{ salt: string }>(
    'select salt from manager_pin where tenant = $1 and store = $2',
    [tenant, store],
  );
  return rows[0]?.salt ?? null;
}

/** Keeps a store's PIN from now on. */
export async function savePin(
  db: WritableDb,
  tenant: string,
  store: string,
  pin: PinHash,
): Promise<void> {
  await db.execute(
    `insert into manager_pin (tenant, store, salt, hash) values ($1, $2, $3, $4)
     on conflict (tenant, store) do update
     set salt = excluded.salt, hash = excluded.hash, tries = 0, locked_until_ms = 0`,
    [tenant, store, pin.salt, pin.hash],
  );
}

/** What became of a PIN. `changed` = a try was counted or the count went back. */
export type PinCheck =
  | { readonly code: 'right'; readonly changed: boolean }
  | { readonly code: 'no-manager-pin'; readonly changed: false }
  | { readonly code: 'pin-wrong'; readonly triesLeft: number; readonly changed: true }
  | { readonly code: 'pin-locked'; readonly minutes: number; readonly changed: boolean };

interface PinRow {
  readonly hash: string;
  readonly tries: number;
  readonly lockedUntilMs: number;
}

/** Compares a hashed PIN and counts wrong ones; inside the transaction that does what it allows. */
export async function checkPin(
  db: WritableDb,
  where: { readonly tenant: string; readonly store: string; readonly nowMs: number },
  hash: string,
): Promise<PinCheck> {
  const key = [where.tenant, where.store];
  const rows = await db.query<PinRow>(
    `select hash, tries, locked_until_ms as "lockedUntilMs" from manager_pin
     where tenant = $1 and store = $2 for update`,
    key,
  );
  const row = rows[0];
  if (row === undefined) return { code: 'no-manager-pin', changed: false };
  if (row.lockedUntilMs > where.nowMs) {
    const minutes = Math.ceil((row.lockedUntilMs - where.nowMs) / 60_000);
    return { code: 'pin-locked', minutes, changed: false };
  }
  if (row.hash === hash) {
    const changed = await db.execute(
      'update manager_pin set tries = 0 where tenant = $1 and store = $2 and tries > 0',
      key,
    );
    return { code: 'right', changed: changed > 0 };
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
