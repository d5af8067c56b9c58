import type { Message } from '#contract/till-state.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import type { ReadableDb, WritableDb } from '#server/database/database.ts';
import { checkPin, managerProof } from '#server/setup/manager-pin.ts';

/** Whose PIN, and when it was typed. */
export interface ApprovalPlace {
  readonly tenant: string;
  readonly store: string;
  readonly nowMs: number;
}

/** A PIN as a command carries it: hashed under each manager's salt. Null where none was typed. */
export type PinProof = readonly string[] | null;

/** Hashes a typed PIN for the command; empty where no manager has a PIN to compare it with. */
export async function approvalProof(
  db: ReadableDb,
  { tenant, store }: Pick<ApprovalPlace, 'tenant' | 'store'>,
  pin: string | null,
): Promise<PinProof> {
  return pin === null ? null : ((await managerProof(db, tenant, store, pin)) ?? []);
}

/** A confirmation by a manager's staff reference, or why there is none; `changed` where a try was counted. */
export interface Approval {
  readonly outcome: Result<string, Message>;
  readonly changed: boolean;
}

/** Checks the second person's PIN inside the transaction that does what it allows. */
export async function approve(
  db: WritableDb,
  place: ApprovalPlace,
  pinProof: PinProof,
): Promise<Approval> {
  if (pinProof === null) return refuse('manager-pin-needed');
  const pin = await checkPin(db, place, pinProof);
  switch (pin.code) {
    case 'right':
      return { outcome: ok(pin.manager), changed: pin.changed };
    case 'pin-wrong':
      return refuse('manager-pin-wrong', { left: pin.triesLeft }, pin.changed);
    case 'pin-locked':
      return refuse('manager-pin-locked', { minutes: pin.minutes }, pin.changed);
    case 'no-manager-pin':
      return refuse('no-manager-pin');
  }
}

/** A manager confirms what is done outside this transaction. */
export interface ApproveCommand extends ApprovalPlace {
  readonly kind: 'approve';
  readonly pinProof: PinProof;
}

/** Who confirmed it, or why nobody did. */
export async function applyApprove(
  db: WritableDb,
  command: ApproveCommand,
): Promise<{ readonly result: Result<string, Message>; readonly changed: boolean }> {
  const { outcome, changed } = await approve(db, command, command.pinProof);
  return { result: outcome, changed };
}

function refuse(code: string, params: Message['params'] = {}, changed = false): Approval {
  return { outcome: err({ code, params }), changed };
}
