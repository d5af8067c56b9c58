import { err, ok, type Result } from '#loyalty/result.ts';
import type { AccountDelta, ExceptionWrite, GrantWrite } from './posting-writes.ts';
import type { GrantRow, TerminalRow } from './posting-rows.ts';

/** Two people say that a till is lost. */
export interface FenceWish {
  readonly by: readonly [string, string];
  readonly day: string;
  readonly atMs: number;
}

/** What the server knows of it. */
export interface FenceRows {
  readonly terminal: TerminalRow;
  /** Its open grants, each with the account it was taken from. */
  readonly open: readonly (GrantRow & { readonly owner: string })[];
}

/** What fencing changes. */
export interface FencePlan {
  readonly grants: readonly GrantWrite[];
  readonly accounts: readonly AccountDelta[];
  readonly exceptions: readonly ExceptionWrite[];
  /** What the till may have spent unseen: exactly what was left in its open grants. */
  readonly exposure: number;
}

/** Why a till is not fenced. */
export interface FenceRefusal {
  readonly code: 'two-people-needed' | 'already-fenced';
}

/**
 * Gives up a till that is lost: its key is no longer taken, what its open grants hold goes back to
 * the members, and exactly that much may turn out to be spent.
 *
 * No clock does this and no single person: it is the one place where a point can be spent twice.
 */
export function planFence(rows: FenceRows, wish: FenceWish): Result<FencePlan, FenceRefusal> {
  const { terminal } = rows;
  if (terminal.state === 'fenced') return err({ code: 'already-fenced' });
  if (wish.by[0] === wish.by[1]) return err({ code: 'two-people-needed' });
  const place = {
    till: terminal.till,
    inc: terminal.inc,
    seq: terminal.ackSeq,
    day: wish.day,
    atMs: wish.atMs,
  };
  const prefix = `${terminal.till}.${terminal.inc}`;
  const open = rows.open.filter(({ state }) => state !== 'closed');
  const exposure = open.reduce((sum, { amount, spent }) => sum + amount - spent, 0);
  return ok({
    grants: open.map(({ grant, spent }) => ({ grant, spent, state: 'closed' })),
    accounts: deltasOf(open),
    exposure,
    exceptions: [
      {
        ...place,
        id: `${prefix}.fenced`,
        code: 'till-fenced',
        params: { by: wish.by[0], and: wish.by[1], exposure },
      },
      ...open.map(({ grant, owner, amount, spent }): ExceptionWrite => ({
        ...place,
        id: `${prefix}.fenced.${grant}`,
        code: 'grant-written-off',
        params: { grant, member: owner, points: amount - spent },
      })),
    ],
  });
}

function deltasOf(open: FenceRows['open']): readonly AccountDelta[] {
  const deltas = new Map<string, AccountDelta>();
  for (const { owner, programme, amount, spent, purpose } of open) {
    if (purpose === 'risk') continue;
    const key = `${owner} ${programme}`;
    const before = deltas.get(key)?.granted ?? 0;
    deltas.set(key, {
      owner,
      programme,
      posted: 0,
      pending: 0,
      held: 0,
      granted: before - (amount - spent),
    });
  }
  return [...deltas.values()];
}
