import { businessDay } from './business-day.ts';
import type { LocalDate } from './calendar.ts';
import type { Ledger } from './ledger.ts';
import { replay } from './lots.ts';
import { accountKey, type LedgerEntry } from './entry.ts';

/** A business day in money and points; loyalty is a discount in it, never a tender or a sale. */
export interface DayTotals {
  readonly sales: number;
  readonly salesWithMember: number;
  /** Before anything was taken off. */
  readonly grossMinor: number;
  /** What spent points took off. */
  readonly loyaltyDiscountMinor: number;
  /** What promotions took off. */
  readonly promotionDiscountMinor: number;
  /** `gross − discounts`. */
  readonly netMinor: number;
  readonly refundedMinor: number;
  readonly pointsEarned: number;
  readonly pointsRedeemed: number;
}

/** The totals of one business day, from the sales and entries themselves. */
export function dayTotals(ledger: Ledger, day: LocalDate): DayTotals {
  const onDay = (atMs: number): boolean => businessDay(atMs, ledger.settings) === day;
  const sales = [...ledger.sales.values()].filter(({ atMs }) => onDay(atMs));
  const done = sales.flatMap(({ snapshot }) =>
    snapshot.redemptions.filter(({ stage }) => stage === 'discount'),
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  const taken = (loyalty: boolean): number =>
    sum(
      done
        .filter(({ holderKind }) => (holderKind === 'member') === loyalty)
        .map(({ valueMinor }) => valueMinor),
    );
  const points = (type: LedgerEntry['type']): number =>
    sum(
      ledger.entries
        .filter((entry) => entry.type === type && entry.account.purpose === 'spendable')
        .filter(({ atMs, sourceType }) => onDay(atMs) && sourceType !== 'manual')
        .map(({ amount }) => Math.abs(amount)),
    );
  return {
    sales: sales.length,
    salesWithMember: sales.filter(({ member }) => member !== null).length,
    grossMinor: sum(sales.map(({ snapshot }) => snapshot.subtotalMinor)),
    loyaltyDiscountMinor: taken(true),
    promotionDiscountMinor: taken(false),
    netMinor: sum(sales.map(({ snapshot }) => snapshot.totalMinor)),
    refundedMinor: sum(sales.map(({ refunds }) => refunds.refundedMinor)),
    pointsEarned: points('earn'),
    pointsRedeemed: points('redeem'),
  };
}

/** Accounts below zero: what a manager must see, whatever order the sales arrived in. */
export function overdrawnAccounts(ledger: Ledger, atMs: number): string[] {
  const byAccount = new Map<string, LedgerEntry[]>();
  for (const entry of ledger.entries) {
    const key = accountKey(entry.account);
    byAccount.set(key, [...(byAccount.get(key) ?? []), entry]);
  }
  return [...byAccount].flatMap(([key, entries]) =>
    replay(entries, atMs).balance < 0 ? [key] : [],
  );
}

/** Points a programme owes at an instant: all its spendable accounts, those below zero too. */
export function outstandingPoints(ledger: Ledger, programme: string, atMs: number): number {
  return ledger.entries
    .filter(({ account }) => account.programme === programme && account.purpose === 'spendable')
    .reduce((sum, { amount, effectiveAtMs }) => (effectiveAtMs > atMs ? sum : sum + amount), 0);
}
