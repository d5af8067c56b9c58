import { randomBytes } from 'node:crypto';
import { MANAGER, shopFromAnswers, choiceProblem, presetProduct } from '#contract/setup-shop.ts';
import { ITEM_SKU, type SetupDone } from '#contract/setup.ts';
import type { ShopConfig } from '#contract/shop.ts';
import type { SyncInput } from '#contract/sync.ts';
import type { StaffMember } from '#contract/staff.ts';
import { fitChoice } from '#loyalty/presets/catalogue.ts';
import { hashPin } from '#node/pin.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { Database } from '#server/database/database.ts';
import { pairingCodeHash } from '#server/pairing-code.ts';
import { readShop } from '#server/shop.ts';
import { managerProof } from './manager-pin.ts';

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
      config: {
        ...shop.value.config,
        cashiers: await staffOf(shop.value.config.cashiers, answers.managerPin),
      },
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

/** The people of a new shop under random references, the manager with their PIN. */
function staffOf(people: readonly StaffMember[], managerPin: string): Promise<StaffMember[]> {
  return Promise.all(
    people.map(async (person) => ({
      ...person,
      cashier: newStaffRef(),
      pin: person.cashier === MANAGER ? await hashPin(managerPin) : null,
    })),
  );
}

/** A random staff reference; it says nothing of who it is. */
export function newStaffRef(): string {
  return `staff_${randomBytes(8).toString('hex')}`;
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
  const pinProof = await managerProof(database, tenant, store, managerPin);
  if (pinProof === null) return refused('no-manager-pin');
  return executor.execute<'programmes'>({
    kind: 'programmes',
    nowMs: nowMs(),
    tenant,
    store,
    pinProof,
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
