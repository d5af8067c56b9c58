import type { Result } from '#loyalty/result.ts';
import { err, ok } from '#loyalty/result.ts';
import type { GrantPurpose } from './held-grant.ts';
import type { AccountRow, GrantRow, MemberRow, TerminalRow } from './posting-rows.ts';

/** What a till asks for. */
export interface GrantWish {
  readonly member: string;
  readonly programme: string;
  readonly want: number;
  /** A `held` grant may come smaller than the wish; one for a sale is exact or not at all. */
  readonly purpose: GrantPurpose;
}

/** Why nothing is granted now. */
export interface GrantRefusal {
  /**
   * `recalled`: other tills hold enough and were asked to give it back: ask again in a moment.
   * `recovering`: the server was restored and does not know yet what tills still hold.
   */
  readonly code: 'not-enough' | 'recalled' | 'recovering' | 'unknown-member' | 'blocked' | 'fenced';
  readonly available: number;
  /** Grants their holders are to give back; to be written down. */
  readonly recall: readonly string[];
}

/** Most open grants one till may hold: more is a till that forgot to close. */
export const TILL_GRANTS_MAX = 1000;

/** Of what is available, a held grant leaves at least as much for the other tills. */
const HELD_SHARE = 2;

/** What a till is given to hold for later when it wants this much. */
export function heldOf(want: number, available: number): number {
  return Math.min(want, Math.floor(available / HELD_SHARE));
}

/** What the server knows when it is asked. */
export interface GrantRows {
  readonly terminal: TerminalRow;
  readonly member: MemberRow | null;
  readonly account: AccountRow | null;
  readonly openAtTill: number;
  /** Open grants of the same account. */
  readonly open: readonly GrantRow[];
  /** See `isRecovering`. */
  readonly recovering: boolean;
}

/** What is set aside, and from whose account. */
export interface GrantPlan {
  readonly owner: string;
  readonly amount: number;
}

/**
 * Decides a grant: out of what is available, or nothing.
 *
 * Points that are pending or held by other grants are not available; that is the whole argument why
 * no point is spent twice. What other tills hold for later is asked back, never taken: a till that
 * is away may have spent it.
 */
export function planGrant(rows: GrantRows, wish: GrantWish): Result<GrantPlan, GrantRefusal> {
  const { terminal, member, account } = rows;
  const refused = (
    code: GrantRefusal['code'],
    available = 0,
    recall: readonly string[] = [],
  ): Result<GrantPlan, GrantRefusal> => err({ code, available, recall });
  if (terminal.state !== 'active' || rows.openAtTill >= TILL_GRANTS_MAX) return refused('fenced');
  if (rows.recovering) return refused('recovering');
  if (member === null) return refused('unknown-member');
  if (member.status === 'blocked' || member.status === 'erased') return refused('blocked');
  // Below zero where earned points were taken back after they were set aside.
  const free = (account?.posted ?? 0) - (account?.granted ?? 0);
  const available = Math.max(0, free);
  if (wish.purpose === 'held') {
    // What is asked back is wanted now, and not to be held by the next till.
    if (rows.open.some(({ recalled }) => recalled)) return refused('not-enough', available);
    const amount = heldOf(wish.want, available);
    return amount > 0 ? ok({ owner: member.owner, amount }) : refused('not-enough', available);
  }
  if (wish.want <= available) return ok({ owner: member.owner, amount: wish.want });
  const recall = recallFor(rows.open, wish.want - free);
  return recall.length === 0
    ? refused('not-enough', available)
    : refused('recalled', available, recall);
}

/** Which held grants would cover what is missing, the largest first; none where all would not. */
function recallFor(open: readonly GrantRow[], missing: number): readonly string[] {
  const held = open
    .filter(({ purpose, state }) => purpose === 'held' && state !== 'closed')
    .toSorted((a, b) => b.amount - b.spent - (a.amount - a.spent) || (a.grant < b.grant ? -1 : 1));
  const recall: string[] = [];
  let covered = 0;
  for (const { grant, amount, spent } of held) {
    if (covered >= missing) break;
    covered += amount - spent;
    recall.push(grant);
  }
  return covered >= missing ? recall : [];
}
