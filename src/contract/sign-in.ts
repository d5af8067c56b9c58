import { z } from 'zod';
import { ref, staffRole } from '#journal/entry.ts';
import { shopRuleChanges } from './shop-rules.ts';
import { setupProblem } from './setup.ts';
import { PIN_LENGTH_MAX, right, staffRules } from './staff.ts';
import { message } from './till-state.ts';

const pin = z.string().max(PIN_LENGTH_MAX);

const answered = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  z.strictObject({ outcome: z.literal('refused'), refusal: message }),
]);

/** Page ↔ till: who works here. */
export const signInCalls = {
  /** By name and PIN; an empty PIN for somebody who has none. Whoever was signed in is relieved. */
  'sign-in': { input: z.strictObject({ cashier: ref, pin }), output: answered },
  /** Nobody is signed in any more. The open sale stays. */
  'sign-in.lock': { input: z.null(), output: answered },
  /** Somebody touches the screen: the till does not lock itself yet. */
  'sign-in.active': { input: z.null(), output: z.null() },
  /**
   * Somebody who may allows one deed, with their PIN. It holds for the next such deed, for a minute,
   * and while the same person is signed in.
   */
  approve: {
    input: z.strictObject({ right: z.enum(right.options), cashier: ref, pin }),
    output: answered,
  },
  /** Opens the cash drawer without a sale. */
  'drawer.open': { input: z.null(), output: answered },
} as const;

/**
 * One change of a store's staff, or of what the store decided for itself. Names, PINs and numbers are
 * checked by the centre, with words for each mistake.
 */
export const staffChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('add'),
    name: z.string().max(400),
    role: staffRole,
    /** Null = signs in with a tap. */
    pin: pin.nullable(),
  }),
  z.strictObject({ kind: z.literal('rename'), cashier: ref, name: z.string().max(400) }),
  z.strictObject({ kind: z.literal('role'), cashier: ref, role: staffRole }),
  /** Leaves, or comes back. */
  z.strictObject({ kind: z.literal('active'), cashier: ref, isActive: z.boolean() }),
  z.strictObject({ kind: z.literal('pin'), cashier: ref, pin: pin.nullable() }),
  z.strictObject({ kind: z.literal('rules'), rules: staffRules }),
  ...shopRuleChanges,
]);
export type StaffChange = z.infer<typeof staffChange>;

const changeAsked = z.strictObject({ change: staffChange, managerPin: pin });
const changeDone = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done') }),
  z.strictObject({ outcome: z.literal('refused'), problems: z.array(setupProblem).min(1).max(20) }),
]);

/** Everybody on the list, for the manager; those who left, too. */
const staffList = z
  .array(
    z.strictObject({
      cashier: ref,
      name: z.string().max(64),
      role: staffRole,
      isActive: z.boolean(),
      hasPin: z.boolean(),
      /** What stands on their badge: scanned, it chooses the name. */
      badge: z.string().max(32),
    }),
  )
  .max(500);
export type StaffList = z.infer<typeof staffList>;

/** Page ↔ till: the manager's list of staff. */
export const staffCalls = {
  'staff.list': { input: z.null(), output: staffList },
  'staff.change': { input: changeAsked, output: changeDone },
} as const;

/** Till ↔ server: the change of a store's staff, by a manager's PIN. */
export const staffSyncCalls = {
  staff: { input: changeAsked, output: changeDone },
} as const;
