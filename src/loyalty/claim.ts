import { businessDay } from './business-day.ts';
import { addDays, type LocalDate } from './calendar.ts';
import type { Context, QuoteSettings } from './context.ts';
import { calculateEarned } from './earn.ts';
import { effectiveAt, expiresAt } from './expiry.ts';
import type { Facts } from './facts.ts';
import { contextForMember, keptLines, type Returned } from './kept.ts';
import { mayEarn } from './market.ts';
import { type Member, standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import type { QuotedEarning } from './quote-types.ts';
import { err, ok, type Result } from './result.ts';
import { countedNow } from './counted.ts';
import { freezeEarning, type SaleSnapshot } from './sale.ts';
import { Trace, type TraceStep } from './trace.ts';

/** What a claim by receipt depends on. */
export interface ClaimInput {
  readonly sale: SaleSnapshot;
  readonly member: Member;
  /** The member's counters as they are now. */
  readonly facts: Facts;
  /** Must hold every version the sale names. */
  readonly programmes: readonly Programme[];
  /** Whether this receipt was claimed before. */
  readonly claimed: boolean;
  readonly returned: Returned;
  readonly nowMs: number;
  readonly settings: QuoteSettings;
}

/** What a claim brings. */
export interface ReceiptClaim {
  readonly earnings: readonly QuotedEarning[];
  /** The sale as it stands now: what was claimable is earned, so that a return takes it back. */
  readonly sale: SaleSnapshot;
  readonly trace: readonly TraceStep[];
}

/** Why a receipt brings nothing; nothing was changed. */
export type ClaimRefusal =
  | { readonly code: 'already-claimed' }
  | { readonly code: 'had-a-member' }
  | { readonly code: 'too-old'; readonly lastDay: LocalDate }
  | { readonly code: 'proof-needed' }
  | { readonly code: 'account-blocked' }
  | { readonly code: 'nothing-to-claim' }
  | {
      readonly code: 'programme-version-missing';
      readonly programme: string;
      readonly version: number;
    };

/** The last business day on which the receipt can be claimed in a programme. */
export function lastClaimDay(
  sale: SaleSnapshot,
  programme: Programme,
  settings: QuoteSettings,
): LocalDate {
  return addDays(businessDay(sale.nowMs, settings), programme.receiptClaim.days);
}

/** What counted for whoever stood there before counts no more, where the claim has earned. */
function claimedSale(
  { sale, programmes }: ClaimInput,
  context: Context,
  earnings: readonly QuotedEarning[],
): SaleSnapshot {
  const claimed = programmes.filter(({ id, version }) =>
    earnings.some((earning) => earning.programme === id && earning.version === version),
  );
  const isClaimed = (key: string): boolean =>
    claimed.some(({ id }) => key === id || key.startsWith(`${id}/`));
  const without = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => !isClaimed(key)));
  const { held, tiers, used } = countedNow(claimed, context);
  return {
    ...sale,
    earnings: earnings.map(freezeEarning),
    claimable: [],
    held: [...sale.held.filter((rule) => !isClaimed(rule)), ...held],
    tiers: { ...without(sale.tiers), ...tiers },
    used: { ...without(sale.used), ...used },
  };
}

/**
 * Gives a member the points of a sale that nobody earned, once, within the programme's days.
 *
 * The sale is computed again as it was sold (goods returned since are left out), with the member in
 * front of it: tier, segment and counters count as they are now, time and place as they were.
 */
export function claimSale(input: ClaimInput): Result<ReceiptClaim, ClaimRefusal> {
  const { sale, member, settings, nowMs } = input;
  if (input.claimed) return err({ code: 'already-claimed' });
  if (sale.claimable.length === 0) {
    return err({ code: sale.earnings.length > 0 ? 'had-a-member' : 'nothing-to-claim' });
  }
  if (!mayEarn(settings.market, member.proof)) return err({ code: 'proof-needed' });
  const context = contextForMember(sale, settings, member, input.facts);
  const trace = new Trace();
  const earnings: QuotedEarning[] = [];
  let late: LocalDate | null = null;
  let blocked = false;
  for (const { programme: id, version } of sale.claimable) {
    const programme = input.programmes.find(
      (candidate) => candidate.id === id && candidate.version === version,
    );
    if (programme === undefined) {
      return err({ code: 'programme-version-missing', programme: id, version });
    }
    if (!standingIn(member, id).enabled) {
      blocked = true;
      continue;
    }
    const lastDay = lastClaimDay(sale, programme, settings);
    if (businessDay(nowMs, settings) > lastDay) {
      late = lastDay;
      continue;
    }
    const lines = keptLines(sale, input.returned);
    const result = calculateEarned({ programme, lines, context, trace });
    if (result.points === 0) continue;
    const effectiveAtMs = effectiveAt(programme.earning.pendingDays, nowMs, settings);
    earnings.push({
      programme: id,
      version,
      name: programme.name,
      points: result.points,
      qualifyingPoints: result.qualifyingPoints,
      basisMinor: result.basisMinor,
      breakdown: result.breakdown,
      effectiveAtMs,
      expiresAtMs: expiresAt(programme.expiry, effectiveAtMs, settings),
      allocatedMinor: 0,
    });
  }
  if (earnings.length > 0) {
    return ok({ earnings, sale: claimedSale(input, context, earnings), trace: trace.steps });
  }
  if (blocked) return err({ code: 'account-blocked' });
  return late === null
    ? err({ code: 'nothing-to-claim' })
    : err({ code: 'too-old', lastDay: late });
}
