import type { StaffMember } from '#contract/staff.ts';
import type { Core } from './core.ts';

/** What stands before a badge's letters, as `R:` before a receipt's. */
const PREFIX = 'S:';
/** 48 bits in letters alone: no digits that could look like a payment card's. */
const LETTERS = 12;
const FORM = /^S:[A-P]{12}$/;
const A = 65;

/**
 * What stands on somebody's badge. It follows from the staff reference and opens nothing by itself: a
 * scanned badge says the name, as a tap does, and the PIN is asked for all the same.
 */
export function badgeOf(core: Core, cashier: string): string {
  const digest = core.ports.crypto.sha256Hex(`badge:${cashier}`).slice(0, LETTERS);
  const letters = [...digest].map((digit) => String.fromCodePoint(A + Number.parseInt(digit, 16)));
  return PREFIX + letters.join('');
}

/** Whether a scanned text has the form of a badge, whoever's. */
export function isBadge(text: string): boolean {
  return FORM.test(text);
}

/** Whose badge it is, of the given people; null where nobody has it. */
export function badgeHolder(
  core: Core,
  people: readonly StaffMember[],
  text: string,
): StaffMember | null {
  return people.find(({ cashier }) => badgeOf(core, cashier) === text) ?? null;
}
