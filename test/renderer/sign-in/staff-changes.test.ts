import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StaffChange } from '#contract/sign-in.ts';
import {
  changesOf,
  draftOf,
  newPerson,
  ruleChanges,
  type StaffDraft,
  type StaffPerson,
} from '#renderer/sign-in/staff-changes.ts';

const role = fc.constantFrom('cashier', 'supervisor', 'manager');
const name = fc.constantFrom('Ada', 'Ben', ' Ada ');

/** Somebody whom the centre would have taken: more than a cashier only with a PIN. */
const person: fc.Arbitrary<StaffPerson> = fc
  .record({ name, role, isActive: fc.boolean(), hasPin: fc.boolean() })
  .filter((one) => one.role === 'cashier' || one.hasPin)
  .map((one) => ({ ...one, name: one.name.trim(), cashier: 'staff-1', badge: 'S:ABCDEFGHIJKL' }));

const pin: fc.Arbitrary<StaffDraft['pin']> = fc.constantFrom(
  { kind: 'keep' as const },
  { kind: 'none' as const },
  { kind: 'new' as const, digits: '' },
  { kind: 'new' as const, digits: '4711' },
);

/** What one change leaves behind, as the centre carries it out. */
function after(one: StaffPerson, change: StaffChange): StaffPerson {
  switch (change.kind) {
    case 'rename':
      return { ...one, name: change.name.trim() };
    case 'role':
      return { ...one, role: change.role };
    case 'pin':
      return { ...one, hasPin: change.pin !== null };
    case 'active':
      return { ...one, isActive: change.isActive };
    default:
      throw new Error(`nobody asked for ${change.kind}`);
  }
}

describe('what the staff form changes', () => {
  test('leads to what the form says, and no step on the way is one the centre refuses', () => {
    fc.assert(
      fc.property(
        person,
        name,
        role,
        fc.boolean(),
        pin,
        (before, typed, wanted, active, typedPin) => {
          const draft: StaffDraft = {
            ...draftOf(before),
            name: typed,
            role: wanted,
            isActive: active,
            pin: typedPin,
          };
          const keeps =
            typedPin.kind === 'keep' || (typedPin.kind === 'new' && typedPin.digits === '');
          const hasPin = keeps ? before.hasPin : typedPin.kind === 'new';
          fc.pre(wanted === 'cashier' || hasPin);
          let now = before;
          for (const change of changesOf(draft, before)) {
            now = after(now, change);
            expect(now.role === 'cashier' || now.hasPin).toBe(true);
          }
          expect(now).toEqual({
            ...before,
            name: typed.trim(),
            role: wanted,
            isActive: active,
            hasPin,
          });
        },
      ),
    );
  });

  test('is nothing where nothing was changed', () => {
    fc.assert(
      fc.property(person, (before) => {
        expect(changesOf(draftOf(before), before)).toEqual([]);
      }),
    );
    const rules = { autoLockMinutes: 5, refundMaxMinor: 100 };
    expect(ruleChanges(rules, { ...rules })).toEqual([]);
    expect(ruleChanges({ ...rules, autoLockMinutes: 6 }, rules)).toHaveLength(1);
  });

  test('adds somebody new whole, without a PIN where none was typed', () => {
    const added = { ...newPerson, name: 'Ece' };
    expect(changesOf(added, null)).toEqual([
      { kind: 'add', name: 'Ece', role: 'cashier', pin: null },
    ]);
    expect(changesOf({ ...added, pin: { kind: 'new', digits: '8642' } }, null)).toMatchObject([
      { pin: '8642' },
    ]);
  });
});
