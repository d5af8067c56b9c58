import type { ShopConfig } from '#contract/shop.ts';
import type { StaffList } from '#contract/sign-in.ts';
import { type StaffMember, type StaffState, usualStaffRules } from '#contract/staff.ts';
import { type JournalEntry, type StaffRole, TILL_ITSELF } from '#journal/entry.ts';
import { badgeOf } from './badges.ts';
import type { Core } from './core.ts';
import { waitMs } from './pin-tries.ts';

/** Who stands in an entry: somebody by reference and role, or the till itself. */
export type Actor = Pick<JournalEntry, 'cashier' | 'role'>;

/** Somebody who is signed in. */
export interface SignedIn {
  readonly cashier: string;
  readonly role: StaffRole;
}

/** Who works here where the shop has named nobody: there is nobody whose word they could ask for. */
const UNNAMED: SignedIn = { cashier: 'cashier', role: 'manager' };

/** A configuration as this till keeps it: every PIN's hash under the till's own pepper. */
export function pepperStaff(config: ShopConfig, pepper: (hash: string) => string): ShopConfig {
  const cashiers = config.cashiers.map((person) => ({
    ...person,
    pin: person.pin === null ? null : { ...person.pin, hash: pepper(person.pin.hash) },
  }));
  return { ...config, cashiers };
}

/** Who may work here now. */
export function activeStaff(config: ShopConfig): readonly StaffMember[] {
  return config.cashiers.filter(({ isActive }) => isActive);
}

/**
 * What somebody is here. Where anybody has a PIN, whoever has none is a cashier, whatever the list
 * says: a tap on a name is no proof of being more.
 */
function roleOf({ role, pin }: StaffMember, people: readonly StaffMember[]): StaffRole {
  return pin === null && people.some((other) => other.pin !== null) ? 'cashier' : role;
}

/**
 * Who works here from the start, without signing in: the first cashier who has no PIN; in a shop that
 * named nobody, somebody unnamed. Null = the till starts locked.
 */
export function openCashier(config: ShopConfig): string | null {
  const people = activeStaff(config);
  if (people.length === 0) return UNNAMED.cashier;
  const open = people.filter(({ pin }) => pin === null);
  const first = open.find(({ role }) => role === 'cashier');
  // A shop without any PIN has nothing to lock.
  return (first ?? (open.length === people.length ? open[0] : undefined))?.cashier ?? null;
}

/**
 * Who acts now; null while nobody is signed in.
 *
 * Derived from the list each time: whoever left the shop is out with the list that says so, a new role
 * counts from then on, and whoever has a PIN since, or another one, has to give it: neither a tap nor a
 * PIN that was replaced proves who they are.
 */
export function signedIn({ config, signedInAs }: Core): SignedIn | null {
  if (signedInAs === null) return null;
  const people = activeStaff(config);
  if (people.length === 0) return signedInAs.cashier === UNNAMED.cashier ? UNNAMED : null;
  const known = people.find(({ cashier }) => cashier === signedInAs.cashier);
  if (known === undefined) return null;
  const isProven = known.pin === null || known.pin.salt === signedInAs.salt;
  return isProven ? actingAs({ config }, known) : null;
}

/**
 * Whether whoever is signed in is still there, for a deed that asks the server first: it is written in the
 * name of who asked for it, or not at all.
 */
export function sameActor(core: Core): () => boolean {
  const by = signedIn(core)?.cashier;
  return () => signedIn(core)?.cashier === by;
}

/** Somebody as entries name them. */
export function actingAs({ config }: Pick<Core, 'config'>, person: StaffMember): SignedIn {
  return { cashier: person.cashier, role: roleOf(person, activeStaff(config)) };
}

/** Who an entry names as the one who did it. */
export function actor(core: Core): Actor {
  return signedIn(core) ?? { cashier: TILL_ITSELF, role: TILL_ITSELF };
}

/** What the page shows of who works here and who could. */
export function staffState(core: Core): StaffState {
  const wrong = core.ports.database.read.pinTries();
  return {
    signedIn: signedIn(core),
    people: activeStaff(core.config).map((person) => ({
      cashier: person.cashier,
      name: person.name,
      role: person.role,
      hasPin: person.pin !== null,
      waitMs: waitMs(core, person, wrong),
    })),
    badge: core.counter.badge,
    rules: core.config.staffRules ?? usualStaffRules,
  };
}

/** Everybody on the list, for the manager's page. */
export function staffList(core: Core): StaffList {
  return core.config.cashiers.map(({ cashier, name, role, isActive, pin }) => ({
    cashier,
    name,
    role,
    isActive,
    hasPin: pin !== null,
    badge: badgeOf(core, cashier),
  }));
}
