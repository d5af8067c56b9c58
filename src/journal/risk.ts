import { err, ok, type Result } from '#loyalty/result.ts';
import { TILL_GRANTS_MAX, type GrantRefusal } from './grant-plan.ts';
import { leftOf, type TillGrant } from './held-grant.ts';
import type { TerminalRow } from './posting-rows.ts';

/** Who holds a risk grant: nobody's account. */
export const RISK_HOLDER = 'risk';

/**
 * What a shop is ready to lose so that members can spend points offline that no grant holds. Points of
 * one programme, in its smallest unit. A shop that says nothing is ready to lose nothing.
 */
export interface RiskCaps {
  /** Most that one redemption takes. */
  readonly perRedemption: number;
  /** Most that one member spends at a till before the server has heard of it. */
  readonly perMember: number;
  /** Most that one till may spend so in a day. */
  readonly perTillDay: number;
  /** Most that may be overdrawn or in tills' hands at a time, all stores together. */
  readonly budget: number;
}

/** What the server knows when a till asks for a risk grant. */
export interface RiskRows {
  readonly terminal: TerminalRow;
  readonly recovering: boolean;
  readonly openAtTill: number;
  /** Null where this shop takes no risk. */
  readonly caps: RiskCaps | null;
  /** By how much accounts of the programme fall short of what was promised out of them, summed. */
  readonly overdrawn: number;
  /** What is left in open risk grants of the programme, of all tills. */
  readonly outstanding: number;
  /** What this till was given today, less what it gave back unspent. */
  readonly givenToday: number;
}

/**
 * Decides a risk grant. It is taken out of nobody's account: what bounds the loss is the budget.
 *
 * Every point spent from it overdraws the accounts by one at most, so all overdrafts together stay
 * within what was overdrawn before, what is outstanding and what is given here.
 */
export function planRiskGrant(
  rows: RiskRows,
  want: number,
): Result<{ readonly amount: number }, GrantRefusal> {
  const refused = (code: GrantRefusal['code'], available = 0) =>
    err({ code, available, recall: [] });
  if (rows.terminal.state !== 'active' || rows.openAtTill >= TILL_GRANTS_MAX) {
    return refused('fenced');
  }
  if (rows.recovering) return refused('recovering');
  if (rows.caps === null) return refused('not-enough');
  const { perTillDay, budget } = rows.caps;
  const left = Math.min(perTillDay - rows.givenToday, budget - rows.overdrawn - rows.outstanding);
  const amount = Math.min(want, left);
  return amount > 0 ? ok({ amount }) : refused('not-enough', Math.max(0, left));
}

/** A redemption that no other grant covers. */
export interface RiskWish {
  readonly programme: string;
  readonly points: number;
  /** What the member spent here that the server has not heard of. */
  readonly unheard: number;
}

/** Most that may be spent now on a member at this till's risk; 0 where nothing may. */
export function riskLeft<Held extends TillGrant>(
  open: readonly Held[],
  wish: Omit<RiskWish, 'points'>,
  caps: RiskCaps | null,
): number {
  if (caps === null) return 0;
  const inGrants = open
    .filter((held) => held.purpose === 'risk' && held.programme === wish.programme)
    .map(leftOf);
  const inOne = Math.max(0, ...inGrants);
  return Math.max(0, Math.min(caps.perRedemption, caps.perMember - wish.unheard, inOne));
}

/** The risk grant that pays a redemption; null where its caps forbid it. */
export function riskFor<Held extends TillGrant>(
  open: readonly Held[],
  wish: RiskWish,
  caps: RiskCaps | null,
): Held | null {
  return open.find((held) => riskLeft([held], wish, caps) >= wish.points) ?? null;
}
