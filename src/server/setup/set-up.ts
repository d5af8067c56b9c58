import { randomBytes } from 'node:crypto';
import { shopFromAnswers, choiceProblem, presetProduct } from '#contract/setup-shop.ts';
import { ITEM_SKU, type SetupDone } from '#contract/setup.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { SyncInput } from '#contract/sync.ts';
import { fitChoice } from '#loyalty/presets/catalogue.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { pairingCodeHash } from '#server/pairing-code.ts';
import { readShop } from '#server/shop.ts';
import { hashPin, pinSalt } from './manager-pin.ts';

/** References of the one shop that a server is set up for. */
export const SHOP_TENANT = 'main';
export const SHOP_STORE = 'main';

/** What the two calls work on. */
interface Environment {
  readonly database: Database;
  readonly executor: Executor;
  nowMs(): number;
}

/** The door to a server without a shop. */
export interface SetUpDoor {
  /** Hash of the code that opens it; null = nobody may set this server up. */
  readonly codeHash: string | null;
  /** How long the code then lets the first till in. */
  readonly pairingMs: number;
}

/** Wrong codes after which the door stays shut until the server is started again. */
const WRONG_CODES_MAX = 5;

/**
 * Makes the call that sets a shop up.
 *
 * The pairing code opens it, and only while there is no shop; the same code then lets the till in
 * that asked. Asked again with the right code, a shop that is there is told as such.
 */
export function setUpCall(
  environment: Environment,
  door: SetUpDoor,
): (input: SyncInput<'set-up'>) => Promise<SetupDone> {
  let wrong = 0;
  return async ({ code, answers }) => {
    if (door.codeHash === null || wrong >= WRONG_CODES_MAX) return refused('set-up-closed');
    if (pairingCodeHash(code) !== door.codeHash) {
      wrong += 1;
      return refused('code-wrong');
    }
    const shop = shopFromAnswers(answers);
    if (!shop.ok) return { outcome: 'refused', problems: [...shop.error] };
    const nowMs = environment.nowMs();
    const done = await environment.executor.execute<'set-up'>({
      kind: 'set-up',
      nowMs,
      tenant: SHOP_TENANT,
      store: SHOP_STORE,
      identifierKey: randomBytes(32).toString('hex'),
      config: shop.value.config,
      pin: await hashPin(answers.managerPin),
    });
    if (done.outcome === 'refused') return done;
    await environment.executor.execute<'pairing'>({
      kind: 'pairing',
      tenant: SHOP_TENANT,
      store: SHOP_STORE,
      codeHash: door.codeHash,
      expiresAtMs: nowMs + door.pairingMs,
    });
    return done;
  };
}

/** A till of the store asks for other programmes, with its manager's PIN. */
export async function changeProgrammes(
  { database, executor, nowMs }: Environment,
  { tenant, store }: { readonly tenant: string; readonly store: string },
  { choice, managerPin }: SyncInput<'programmes'>,
): Promise<SetupDone> {
  const config = await readShop(database, tenant, store);
  if (config === null) throw new Error('A till of a store that is not there');
  const fitted = fitChoice(choice, {
    currency: config.currency,
    item: exampleItem(config),
  });
  if (!fitted.ok) return { outcome: 'refused', problems: fitted.error.map(choiceProblem) };
  const salt = await pinSalt(database, tenant, store);
  if (salt === null) return refused('no-manager-pin');
  return executor.execute<'programmes'>({
    kind: 'programmes',
    nowMs: nowMs(),
    tenant,
    store,
    pinHash: (await hashPin(managerPin, salt)).hash,
    choice,
    programmes: [...fitted.value.programmes],
    products: fitted.value.products.map(presetProduct),
    dropSkus: presetSkus(config),
  });
}

/** The goods that the present preset brought. */
function presetSkus(config: ShopConfig): string[] {
  const { choice, currency } = config;
  if (choice === undefined) return [];
  const fitted = fitChoice(choice, { currency, item: exampleItem(config) });
  return fitted.ok ? fitted.value.products.map(({ sku }) => sku) : [];
}

function exampleItem({ products }: ShopConfig): {
  readonly sku: string;
  readonly priceMinor: number;
} {
  const goods = products.find(({ kind }) => kind === undefined);
  return { sku: goods?.sku ?? ITEM_SKU, priceMinor: goods?.unitPriceMinor ?? 1 };
}

function refused(code: string): SetupDone {
  return { outcome: 'refused', problems: [{ path: '', code, params: {} }] };
}
