import { mayDo, type StaffMember } from '#contract/staff.ts';
import type { JournalEntry } from '#journal/entry.ts';
import { WRONG_AT_TILL_MAX, WRONG_MAX } from '#journal/pin-guessing.ts';
import type { Core } from './core.ts';

/** The first wait; each further wrong PIN doubles it. */
export const WAIT_FIRST_MS = 30_000;
/** The longest: nobody is shut out for good, and 10,000 guesses take a hundred days. */
export const WAIT_MOST_MS = 900_000;

/** The row that counts for all names of this till together. */
export const WHOLE_TILL = '';

/** How long the next PIN waits after so many wrong ones. */
export function waitAfter(wrong: number, from: number): number {
  if (wrong < from) return 0;
  return Math.min(WAIT_MOST_MS, WAIT_FIRST_MS * 2 ** Math.min(wrong - from, 16));
}

/** What an entry does to the counts of wrong PINs. */
export type TriesChange =
  | { readonly kind: 'wrong'; readonly of: string }
  | { readonly kind: 'right'; readonly of: string; readonly all: boolean };

/**
 * The counts are a fold of the journal, like everything the till keeps beside it: a wrong PIN is on
 * stable storage before anybody hears that it was wrong, so neither a kill nor a restart gives a try
 * back. A right PIN shows as a sign-in or as an entry's approver; a manager's clears all counts.
 */
export function triesChangeOf({
  body,
  cashier,
  role,
  approver,
}: Pick<JournalEntry, 'body' | 'cashier' | 'role' | 'approver'>): TriesChange | null {
  if (body.kind === 'pin-wrong') return { kind: 'wrong', of: body.of };
  if (approver !== undefined) {
    return { kind: 'right', of: approver.cashier, all: mayDo(approver.role, 'manage') };
  }
  if (body.kind !== 'sign-in' || body.how !== 'pin' || role === 'till') return null;
  return { kind: 'right', of: cashier, all: mayDo(role, 'manage') };
}

/**
 * How long no PIN of this person is looked at; 0 = now.
 *
 * Counted on the monotonic clock from the last wrong PIN, or from the start of this process, which
 * waits anew: setting the clock or restarting shortens nothing. The wait of the whole till does not
 * hold for managers, each of whom has a count of their own: a manager can always end it.
 */
export function waitMs(
  core: Core,
  { cashier, role }: Pick<StaffMember, 'cashier' | 'role'>,
  wrong = core.ports.database.read.pinTries(),
): number {
  const own = Math.max(
    left(core, cashier, waitAfter(wrong.get(cashier) ?? 0, WRONG_MAX)),
    Math.ceil(core.pins.shutUntilMs - core.ports.clock.monoMs()),
    0,
  );
  if (mayDo(role, 'manage')) return own;
  const all = waitAfter(wrong.get(WHOLE_TILL) ?? 0, WRONG_AT_TILL_MAX);
  return Math.max(own, left(core, WHOLE_TILL, all));
}

/** Wrong PINs this person still has before the next one must wait. */
export function triesLeft(core: Core, cashier: string): number {
  return Math.max(0, WRONG_MAX - (core.ports.database.read.pinTries().get(cashier) ?? 0));
}

/** A try that could not be counted: nobody is let in for a while, or a full disk would be a way in. */
export function shutFor(core: Core): void {
  core.pins.shutUntilMs = core.ports.clock.monoMs() + WAIT_FIRST_MS;
}

function left(core: Core, whose: string, wholeMs: number): number {
  const { lastWrongMs, startedMs } = core.pins;
  const sinceMs = core.ports.clock.monoMs() - (lastWrongMs.get(whose) ?? startedMs);
  return Math.max(0, Math.ceil(wholeMs - sinceMs));
}
