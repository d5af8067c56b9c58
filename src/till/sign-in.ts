import type { Message } from '#contract/till-state.ts';
import type { StaffMember } from '#contract/staff.ts';
import type { EntryBody } from '#journal/entry.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { commit, type Core } from './core.ts';
import { appendEntries } from './journal-writer.ts';
import { shutFor, triesLeft, waitMs, WHOLE_TILL } from './pin-tries.ts';
import { refusal } from './session.ts';
import { activeStaff, actingAs, signedIn, type Actor } from './staff.ts';

/** What was confirmed with the PIN. */
export type PinPurpose = Extract<EntryBody, { kind: 'pin-wrong' }>['purpose'];

/**
 * Lets somebody work here, by name and PIN. The open sale is the till's: it stays, whoever signs in.
 *
 * The sign-in is journalled before it counts.
 */
export async function signIn(
  core: Core,
  { cashier, pin }: { readonly cashier: string; readonly pin: string },
): Promise<Result<null, Message>> {
  const checked = await checkPin(core, cashier, pin, 'sign-in');
  if (!checked.ok) return checked;
  const person = checked.value;
  const how = person.pin === null ? 'open' : 'pin';
  const written = note(core, { kind: 'sign-in', how }, actingAs(core, person));
  if (!written.ok) return written;
  core.signedInAs = { cashier: person.cashier, salt: person.pin?.salt ?? null };
  core.approval = null;
  core.activeAtMs = core.ports.clock.monoMs();
  core.changed();
  core.wakeSync();
  return ok(null);
}

/** Nobody works here any more until somebody signs in. Twice is once. */
export function signOut(core: Core, why: 'asked' | 'idle'): Result<null, Message> {
  if (signedIn(core) === null) return ok(null);
  const written = note(core, { kind: 'sign-out', why });
  if (!written.ok) core.ports.log.warn('sign-out-not-noted', { problem: written.error.code });
  // Locked all the same: a full disk must not keep a till open.
  core.signedInAs = null;
  core.approval = null;
  core.changed();
  return ok(null);
}

/**
 * Whether the PIN is this person's; whoever has none needs none.
 *
 * One at a time: a second question meanwhile is turned away uncounted, so that a hundred at once are
 * no hundred tries. A wrong one is in the journal before it is answered.
 */
export async function checkPin(
  core: Core,
  cashier: string,
  pin: string,
  purpose: PinPurpose,
): Promise<Result<StaffMember, Message>> {
  const person = activeStaff(core.config).find((known) => known.cashier === cashier);
  if (person === undefined) return err(refusal('staff-unknown'));
  const before = waitMs(core, person);
  if (before > 0) return err(waits(before));
  if (person.pin === null) return ok(person);
  if (core.pins.isChecking) return err(refusal('pin-busy'));
  core.pins.isChecking = true;
  try {
    if (await core.ports.crypto.pinFits(pin, person.pin)) return ok(person);
    return err(countWrong(core, person, purpose));
  } finally {
    core.pins.isChecking = false;
  }
}

function countWrong(core: Core, person: StaffMember, purpose: PinPurpose): Message {
  const before = core.ports.database.read.pinTries();
  const wrong = (before.get(person.cashier) ?? 0) + 1;
  const wrongAtTill = (before.get(WHOLE_TILL) ?? 0) + 1;
  const of = person.cashier;
  const written = note(core, { kind: 'pin-wrong', of, purpose, wrong, wrongAtTill });
  if (!written.ok) {
    shutFor(core);
    return written.error;
  }
  const nowMs = core.ports.clock.monoMs();
  core.pins.lastWrongMs.set(person.cashier, nowMs);
  core.pins.lastWrongMs.set(WHOLE_TILL, nowMs);
  core.changed();
  core.wakeSync();
  const wait = waitMs(core, person);
  return wait > 0 ? waits(wait) : refusal('pin-wrong', { left: triesLeft(core, person.cashier) });
}

function waits(ms: number): Message {
  return refusal('pin-wait', { seconds: Math.ceil(ms / 1000) });
}

function note(core: Core, body: EntryBody, by?: Actor): Result<unknown, Message> {
  return commit(core, (writes) =>
    appendEntries(core, writes, core.ports.ids.uuid(), [body], by === undefined ? {} : { by }),
  );
}
