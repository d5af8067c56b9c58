import type { StaffChange, StaffList } from '#contract/sign-in.ts';
import type { StaffRules } from '#contract/staff.ts';

export type StaffPerson = StaffList[number];

/** A person as the form has them; `cashier` null = somebody new. */
export interface StaffDraft {
  readonly cashier: string | null;
  readonly name: string;
  readonly role: StaffPerson['role'];
  readonly isActive: boolean;
  /** What to do with the PIN: leave it, take it away, or another one. */
  readonly pin:
    | { readonly kind: 'keep' | 'none' }
    | { readonly kind: 'new'; readonly digits: string };
}

/** The form for somebody new. */
export const newPerson: StaffDraft = {
  cashier: null,
  name: '',
  role: 'cashier',
  isActive: true,
  pin: { kind: 'new', digits: '' },
};

/** The form for somebody on the list. */
export function draftOf({ cashier, name, role, isActive }: StaffPerson): StaffDraft {
  return { cashier, name, role, isActive, pin: { kind: 'keep' } };
}

/**
 * What the form changes, in an order in which each step may stand alone: the PIN before the role that
 * needs one, and leaving last.
 */
export function changesOf(draft: StaffDraft, before: StaffPerson | null): readonly StaffChange[] {
  const { cashier, name, role, isActive, pin } = draft;
  const digits = pin.kind === 'new' && pin.digits !== '' ? pin.digits : null;
  if (cashier === null || before === null) return [{ kind: 'add', name, role, pin: digits }];
  const pinChange: readonly StaffChange[] =
    pin.kind === 'keep' || (pin.kind === 'new' && digits === null)
      ? []
      : [{ kind: 'pin', cashier, pin: digits }];
  const roleChange: readonly StaffChange[] =
    role === before.role ? [] : [{ kind: 'role', cashier, role }];
  return [
    ...(name.trim() === before.name ? [] : [{ kind: 'rename', cashier, name } as const]),
    // Down to cashier first, where the PIN is then taken away.
    ...(digits === null ? [...roleChange, ...pinChange] : [...pinChange, ...roleChange]),
    ...(isActive === before.isActive ? [] : [{ kind: 'active', cashier, isActive } as const]),
  ];
}

/** The rules as a change; empty where they stay. */
export function ruleChanges(rules: StaffRules, before: StaffRules): readonly StaffChange[] {
  const same =
    rules.autoLockMinutes === before.autoLockMinutes &&
    rules.refundMaxMinor === before.refundMaxMinor;
  return same ? [] : [{ kind: 'rules', rules }];
}
