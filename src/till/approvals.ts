import { mayDo, rights, type Right } from '#contract/staff.ts';
import type { Message } from '#contract/till-state.ts';
import type { JournalEntry } from '#journal/entry.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { Core } from './core.ts';
import { refusal } from './session.ts';
import { checkPin } from './sign-in.ts';
import { activeStaff, signedIn } from './staff.ts';

/** Somebody who allowed one deed with their PIN. */
export type Approver = NonNullable<JournalEntry['approver']>;

/** One word given, for the next deed of its kind. */
export interface Approval {
  readonly right: Right;
  readonly approver: Approver;
  /** Who it was given to. */
  readonly by: string;
  /** On the monotonic clock. */
  readonly untilMs: number;
}

/** How long a word holds that is not used. */
const APPROVAL_MS = 60_000;

/** Takes the word of somebody who may, by their PIN. The open sale is not touched. */
export async function approve(
  core: Core,
  asked: { readonly right: Right; readonly cashier: string; readonly pin: string },
): Promise<Result<null, Message>> {
  const acting = signedIn(core);
  if (acting === null) return err(refusal('locked'));
  const person = core.config.cashiers.find(({ cashier }) => cashier === asked.cashier);
  if (person !== undefined && !mayDo(person.role, asked.right)) {
    return err(refusal('may-not-approve', { role: rights[asked.right] }));
  }
  if (person?.pin === null) return err(refusal('approver-needs-pin'));
  const checked = await checkPin(core, asked.cashier, asked.pin, 'approval');
  if (!checked.ok) return checked;
  const { cashier, role } = checked.value;
  core.approval = {
    right: asked.right,
    approver: { cashier, role },
    by: acting.cashier,
    untilMs: core.ports.clock.monoMs() + APPROVAL_MS,
  };
  return ok(null);
}

/**
 * Whether whoever is signed in may do something now: by their role, or by the word of somebody who may.
 * `null` = their own right; else the approver, to stand in the entry.
 *
 * Once the deed is written its word is forgotten, by `forgetApproval`: it is for one deed, and not spent
 * on one that fails.
 */
export function permit(core: Core, right: Right): Result<Approver | null, Message> {
  const acting = signedIn(core);
  if (acting === null) return err(refusal('locked'));
  if (mayDo(acting.role, right)) return ok(null);
  const { approval } = core;
  const holds =
    approval !== null &&
    approval.right === right &&
    approval.by === acting.cashier &&
    core.ports.clock.monoMs() < approval.untilMs &&
    mayStill(core, approval);
  if (!holds) return err(refusal('approval-needed', { right, role: rights[right] }));
  return ok(approval.approver);
}

/** Whoever has left the shop since, or may do it no more, has no word in it either. */
function mayStill({ config }: Core, { right, approver }: Approval): boolean {
  const person = activeStaff(config).find(({ cashier }) => cashier === approver.cashier);
  return person !== undefined && mayDo(person.role, right);
}

/** A word was for what was on the screen: once that is done, or changes, it does not hold any more. */
export function forgetApproval(core: Core, right: Right): void {
  if (core.approval?.right === right) core.approval = null;
}
