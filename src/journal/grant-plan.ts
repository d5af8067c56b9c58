import type { Result } from '#loyalty/result.ts';
import { err, ok } from '#loyalty/result.ts';
import type { AccountRow, MemberRow, TerminalRow } from './posting-rows.ts';

/** What a till asks for. */
export interface GrantWish {
  readonly member: string;
  readonly programme: string;
  readonly want: number;
}

/** Why nothing is granted; nothing was changed. */
export interface GrantRefusal {
  readonly code: 'not-enough' | 'unknown-member' | 'blocked' | 'fenced';
  readonly available: number;
}

/** Most open grants one till may hold: more is a till that forgot to close. */
export const TILL_GRANTS_MAX = 1000;

/** What the server knows when it is asked. */
export interface GrantRows {
  readonly terminal: TerminalRow;
  readonly member: MemberRow | null;
  readonly account: AccountRow | null;
  readonly openAtTill: number;
}

/**
 * Decides a grant: exactly the amount, out of what is available, or nothing.
 *
 * Points that are pending or held by other grants are not available; that is the whole argument why
 * no point is spent twice.
 */
export function planGrant(
  rows: GrantRows,
  wish: GrantWish,
): Result<{ readonly owner: string }, GrantRefusal> {
  const { terminal, member, account } = rows;
  const available = Math.max(0, (account?.posted ?? 0) - (account?.granted ?? 0));
  if (terminal.state !== 'active' || rows.openAtTill >= TILL_GRANTS_MAX) {
    return err({ code: 'fenced', available: 0 });
  }
  if (member === null) return err({ code: 'unknown-member', available: 0 });
  if (member.status === 'blocked' || member.status === 'erased')
    return err({ code: 'blocked', available: 0 });
  if (wish.want > available) return err({ code: 'not-enough', available });
  return ok({ owner: member.owner });
}
