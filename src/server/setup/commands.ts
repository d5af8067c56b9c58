import type { ShopConfig } from '#contract/shop.ts';
import type { SetupDone, SetupProblem } from '#contract/setup.ts';
import type { WritableDb } from '#server/database/database.ts';
import { recountFor } from '#server/facts/shared.ts';
import { touchConfig } from '#server/members/feed.ts';
import { lockForMerge } from '#server/posting/locks.ts';
import { applyShop, lastLostVersion, programmesOf, readShop } from '#server/shop.ts';
import { checkPin, type PinCheck } from './manager-pin.ts';
import { nextProgrammes } from './next-programmes.ts';

/** The first shop of a server that has none. */
export interface SetUpCommand {
  readonly kind: 'set-up';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly identifierKey: string;
  readonly config: ShopConfig;
}

/** A manager's change of a store's programmes. Holds the programmes themselves, not the preset: a
 * later release may fit a preset otherwise, and the log must still do what it did. */
export interface ProgrammesCommand {
  readonly kind: 'programmes';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly pinProof: readonly string[];
  readonly choice: NonNullable<ShopConfig['choice']>;
  readonly programmes: ShopConfig['programmes'];
  /** Goods the preset needs. */
  readonly products: ShopConfig['products'];
  /** Goods that only the preset before it needed. */
  readonly dropSkus: readonly string[];
}

/** A command's answer with whether anything changed that must be kept. */
export interface Applied {
  readonly result: SetupDone;
  readonly changed: boolean;
}

/** Takes the shop in, unless there is one: what is set up is changed by its manager only. */
export async function applySetUp(db: WritableDb, command: SetUpCommand): Promise<Applied> {
  // Two set-ups at once: the second waits here and then sees the first one's shop.
  await db.execute('lock table store in exclusive mode');
  const stores = await db.query('select 1 from store limit 1');
  if (stores.length > 0) return refused('', 'already-set-up');
  await applyShop(db, { ...command, kind: 'shop' });
  return { result: { outcome: 'done' }, changed: true };
}

/** Changes a store's programmes where the PIN is the manager's, and counts what the new ones ask. */
export async function applyProgrammes(
  db: WritableDb,
  command: ProgrammesCommand,
): Promise<Applied> {
  const { tenant, store } = command;
  // A sale posted while all are counted would be counted twice. Before the PIN: whoever settles an
  // exception takes the two in this order.
  await lockForMerge(db, tenant);
  const pin = await checkPin(db, command, command.pinProof);
  if (pin.code !== 'right') return { ...pinRefused(pin), changed: pin.changed };
  const config = await readShop(db, tenant, store);
  if (config === null) throw new Error('A till of a store that is not there');
  const gone = new Set([...command.dropSkus, ...command.products.map(({ sku }) => sku)]);
  const next: ShopConfig = {
    ...config,
    choice: command.choice,
    programmes: [
      ...nextProgrammes(config.programmes, command.programmes, lastLostVersion(config.version)),
    ],
    products: [...config.products.filter(({ sku }) => !gone.has(sku)), ...command.products],
  };
  const before = await programmesOf(db, tenant);
  const changed = await saveConfig(db, command, next);
  if (changed) await recountFor(db, tenant, before, await programmesOf(db, tenant));
  return { result: { outcome: 'done' }, changed: changed || pin.changed };
}

/** Gives a store another configuration, and its tills word of it; false where it says the same. */
export async function saveConfig(
  db: WritableDb,
  { tenant, store }: { readonly tenant: string; readonly store: string },
  next: ShopConfig,
): Promise<boolean> {
  const changed = await db.execute(
    `update store set version = version + 1, config = $3::jsonb - 'version' - 'tills'
     where tenant = $1 and store = $2 and config <> ($3::jsonb - 'version' - 'tills')`,
    [tenant, store, JSON.stringify(next)],
  );
  if (changed > 0) await touchConfig(db, tenant, store);
  return changed > 0;
}

/** Why a PIN did not do, as the page words it. */
export function pinRefused(pin: Exclude<PinCheck, { code: 'right' }>): Pick<Applied, 'result'> {
  const params: SetupProblem['params'] =
    pin.code === 'pin-wrong'
      ? { left: pin.triesLeft }
      : pin.code === 'pin-locked'
        ? { minutes: pin.minutes }
        : {};
  return refused('managerPin', pin.code, params);
}

function refused(path: string, code: string, params: SetupProblem['params'] = {}): Applied {
  return { result: { outcome: 'refused', problems: [{ path, code, params }] }, changed: false };
}
