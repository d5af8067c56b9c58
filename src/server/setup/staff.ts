import type { StaffChange } from '#contract/sign-in.ts';
import { pinProblem, textProblem } from '#contract/setup-text.ts';
import type { SetupDone, SetupProblem } from '#contract/setup.ts';
import { capsFit } from '#contract/shop-rules.ts';
import type { ShopConfig } from '#contract/shop.ts';
import { mayDo, STAFF_MAX, STAFF_NAME_MAX, type StaffMember } from '#contract/staff.ts';
import type { SyncInput } from '#contract/sync.ts';
import { assertNever, err, ok, type Result } from '#loyalty/result.ts';
import { hashPin } from '#node/pin.ts';
import type { Executor } from '#server/commands/executor.ts';
import type { Database, WritableDb } from '#server/database/database.ts';
import { readShop } from '#server/shop.ts';
import { type Applied, pinRefused, saveConfig } from './commands.ts';
import { checkPin, managerProof } from './manager-pin.ts';
import { newStaffRef } from './set-up.ts';

/** A change as it is carried out: a new person has a reference, a PIN is hashed. */
export type PlannedChange =
  | { readonly kind: 'add'; readonly person: StaffMember }
  | { readonly kind: 'set'; readonly cashier: string; readonly set: Partial<StaffMember> }
  | Extract<StaffChange, { kind: 'rules' | 'survey' | 'offline-risk' }>;

/** A manager's change of a store's staff. */
export interface StaffCommand {
  readonly kind: 'staff';
  readonly nowMs: number;
  readonly tenant: string;
  readonly store: string;
  readonly pinProof: readonly string[];
  readonly change: PlannedChange;
}

/** A till of the store asks for another list of staff, with its manager's PIN. */
export async function changeStaff(
  environment: {
    readonly database: Database;
    readonly executor: Executor;
    nowMs(): number;
  },
  { tenant, store }: { readonly tenant: string; readonly store: string },
  { change, managerPin }: SyncInput<'staff'>,
): Promise<SetupDone> {
  const problem = changeProblem(change);
  if (problem !== null) return refused(problem);
  const { database, executor } = environment;
  const pinProof = await managerProof(database, tenant, store, managerPin);
  if (pinProof === null) return refused({ path: '', code: 'no-manager-pin', params: {} });
  return executor.execute<'staff'>({
    kind: 'staff',
    nowMs: environment.nowMs(),
    tenant,
    store,
    pinProof,
    change: await planned(change),
  });
}

/** Changes a store's staff where the PIN is a manager's. */
export async function applyStaff(db: WritableDb, command: StaffCommand): Promise<Applied> {
  const { tenant, store } = command;
  const pin = await checkPin(db, command, command.pinProof);
  if (pin.code !== 'right') return { ...pinRefused(pin), changed: pin.changed };
  const config = await readShop(db, tenant, store);
  if (config === null) throw new Error('A till of a store that is not there');
  const next = changed(config, command.change);
  if (!next.ok) return { result: refused(next.error), changed: pin.changed };
  const saved = await saveConfig(db, command, next.value);
  return { result: { outcome: 'done' }, changed: saved || pin.changed };
}

function changeProblem(change: StaffChange): SetupProblem | null {
  if (change.kind === 'add' || change.kind === 'rename') {
    const code = textProblem(change.name, { min: 1, max: STAFF_NAME_MAX });
    const params = { most: STAFF_NAME_MAX, length: change.name.trim().length };
    if (code !== null) return { path: 'name', code, params };
  }
  if ((change.kind === 'add' || change.kind === 'pin') && change.pin !== null) {
    const code = pinProblem(change.pin);
    if (code !== null) return { path: 'pin', code, params: {} };
  }
  return null;
}

async function planned(change: StaffChange): Promise<PlannedChange> {
  switch (change.kind) {
    case 'add':
      return {
        kind: 'add',
        person: {
          cashier: newStaffRef(),
          name: change.name.trim(),
          role: change.role,
          isActive: true,
          pin: change.pin === null ? null : await hashPin(change.pin),
        },
      };
    case 'rename':
      return { kind: 'set', cashier: change.cashier, set: { name: change.name.trim() } };
    case 'role':
      return { kind: 'set', cashier: change.cashier, set: { role: change.role } };
    case 'active':
      return { kind: 'set', cashier: change.cashier, set: { isActive: change.isActive } };
    case 'pin': {
      const pin = change.pin === null ? null : await hashPin(change.pin);
      return { kind: 'set', cashier: change.cashier, set: { pin } };
    }
    case 'rules':
    case 'survey':
    case 'offline-risk':
      return change;
    default:
      return assertNever(change, 'change of staff');
  }
}

function changed(config: ShopConfig, change: PlannedChange): Result<ShopConfig, SetupProblem> {
  if (change.kind === 'rules') return ok({ ...config, staffRules: change.rules });
  if (change.kind === 'survey') return ok({ ...config, survey: change.rules });
  if (change.kind === 'offline-risk') return withRisk(config, change);
  const { cashiers } = config;
  const known = change.kind === 'add' || cashiers.some(({ cashier }) => cashier === change.cashier);
  if (!known) return err({ path: '', code: 'staff-unknown', params: {} });
  const next =
    change.kind === 'add'
      ? [...cashiers, change.person]
      : cashiers.map((person) =>
          person.cashier === change.cashier ? { ...person, ...change.set } : person,
        );
  if (next.length > STAFF_MAX) {
    return err({ path: '', code: 'staff-too-many', params: { most: STAFF_MAX } });
  }
  const active = next.filter(({ isActive }) => isActive);
  const names = active.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) {
    return err({ path: 'name', code: 'name-twice', params: {} });
  }
  // Without a manager nobody could ever change anything again, and the till could lock for good.
  const managers = active.filter(({ role, pin }) => mayDo(role, 'manage') && pin !== null);
  if (managers.length === 0) return err({ path: '', code: 'staff-last-manager', params: {} });
  // Whoever may more than a cashier is known by a PIN: their name alone must not be enough.
  const open = active.some(({ role, pin }) => role !== 'cashier' && pin === null);
  if (open) return err({ path: 'pin', code: 'staff-needs-pin', params: {} });
  return ok({ ...config, cashiers: next });
}

/** The shop's risk with one programme's caps put in place of what they were, or taken out. */
function withRisk(
  config: ShopConfig,
  { programme, caps }: Extract<StaffChange, { kind: 'offline-risk' }>,
): Result<ShopConfig, SetupProblem> {
  if (!config.programmes.some(({ id }) => id === programme)) {
    return err({ path: '', code: 'risk-programme-gone', params: {} });
  }
  if (caps !== null && !capsFit({ programme, ...caps })) {
    return err({ path: '', code: 'risk-order', params: {} });
  }
  const others = (config.offlineRisk ?? []).filter((known) => known.programme !== programme);
  const offlineRisk = caps === null ? others : [...others, { programme, ...caps }];
  return ok({ ...config, offlineRisk });
}

function refused(problem: SetupProblem): SetupDone {
  return { outcome: 'refused', problems: [problem] };
}
