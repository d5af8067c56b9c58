import { z } from 'zod';
import { ref, staffRole, type StaffRole } from '#journal/entry.ts';

/** Longest name of somebody who works in the shop. */
export const STAFF_NAME_MAX = 40;
/** Most people a store's list holds, those who left included: the journal still names them. */
export const STAFF_MAX = 500;
/** Longest PIN that is looked at; `pinProblem` says what a new one must be. */
export const PIN_LENGTH_MAX = 40;
/** Minutes without a touch after which a till locks itself. */
export const AUTO_LOCK_MINUTES = 5;
/** What a cashier may pay back without somebody's word, in minor units. */
export const REFUND_MAX_MINOR = 100_000;

/** scrypt of a PIN under a salt of its own, hex. A till keeps the hash under its own pepper. */
export const pinVerifier = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Somebody who works in the shop.
 *
 * The list is the store's configuration at the centre and reaches every till by PULL, so that signing
 * in needs no network. The centre keeps and sends the PIN salted and slow to try; it cannot mix in a
 * till's pepper, which no other till could then check. Each till mixes its own in before it stores the
 * list: a copy of a till's database tries no PINs without the key that lies in its SecretStore.
 */
export const staffMember = z.strictObject({
  /** Random; stands in every journal entry in place of the name. */
  cashier: ref,
  name: z.string().min(1).max(64),
  role: staffRole,
  /** False once somebody has left: kept, because the journal names them. */
  isActive: z.boolean(),
  /** Null = signs in with a tap; the first of these works here from the start. */
  pin: pinVerifier.nullable(),
});
export type StaffMember = z.infer<typeof staffMember>;

/** What a store decides about its staff; whatever is missing is as the constants say. */
export const staffRules = z.strictObject({
  autoLockMinutes: z.int().min(1).max(120),
  refundMaxMinor: z.int().nonnegative(),
});
export type StaffRules = z.infer<typeof staffRules>;

/** The rules of a shop that decided nothing. */
export const usualStaffRules: StaffRules = {
  autoLockMinutes: AUTO_LOCK_MINUTES,
  refundMaxMinor: REFUND_MAX_MINOR,
};

/**
 * What not everybody may do, and the least role that may. Everything else is for all who are signed in.
 *
 * Whoever may not is asked for the PIN of somebody who may; that person stands in the entry as its
 * approver.
 */
export const rights = {
  /** Pay back more than `refundMaxMinor` for one sale, at once or in parts. */
  'refund-over-limit': 'supervisor',
  /** Open the drawer without a sale. */
  'open-drawer': 'supervisor',
  /** Close the day without counting the drawer; with a count anybody closes their own. */
  'close-uncounted': 'supervisor',
  /** Programmes, staff, points by hand, exceptions: always by PIN, checked at the centre. */
  manage: 'manager',
} as const satisfies Readonly<Record<string, StaffRole>>;
export type Right = keyof typeof rights;
export const right = z.enum(['refund-over-limit', 'open-drawer', 'close-uncounted', 'manage']);

/** Whether a role is enough for something. */
export function mayDo(role: StaffRole, what: Right): boolean {
  const order = staffRole.options;
  return order.indexOf(role) >= order.indexOf(rights[what]);
}

/** Who may sign in, as the page shows them. */
const staffView = z.strictObject({
  cashier: ref,
  name: z.string().max(64),
  role: staffRole,
  hasPin: z.boolean(),
  /** How long after wrong PINs no further one is looked at; 0 = now. */
  waitMs: z.int().nonnegative(),
});
export type StaffView = z.infer<typeof staffView>;

/** Who works at the till, and who could. */
export const staffState = z.strictObject({
  /** Null = locked: the till does nothing until somebody signs in. */
  signedIn: z.strictObject({ cashier: ref, role: staffRole }).nullable(),
  people: z.array(staffView).max(STAFF_MAX),
  /** Whose badge was scanned last; another `scan` is another scan. */
  badge: z.strictObject({ cashier: ref, scan: z.int().positive() }).nullable(),
  rules: staffRules,
});
export type StaffState = z.infer<typeof staffState>;
