import { businessDay, endOfLocalDay } from './business-day.ts';
import { type Ledger, type LedgerSale, newLedgerMember, withMember } from './ledger.ts';
import type { Programme } from './programme.ts';
import type { RefundsBefore } from './refund.ts';
import { lastDayOfTerm } from './tiers.ts';

function soldMemberships(ledger: Ledger, sale: LedgerSale): Programme[] {
  const skus = new Set(sale.snapshot.lines.map(({ sku }) => sku));
  return ledger.programmes.filter(
    ({ membership }) => membership !== null && skus.has(membership.sku),
  );
}

/** Starts (or lengthens) the terms of the memberships a sale contains, from the day it was paid. */
export function startMemberships(ledger: Ledger, ref: string, sale: LedgerSale): Ledger {
  let next = ledger;
  for (const { id, membership } of soldMemberships(ledger, sale)) {
    if (membership === null) continue;
    const member = next.members.get(ref) ?? newLedgerMember(ref, sale.atMs);
    const running = member.membershipUntilMs[id] ?? 0;
    const from = businessDay(Math.max(sale.atMs, running), ledger.settings);
    const until = endOfLocalDay(lastDayOfTerm(from, membership.term), ledger.settings.timeZone);
    next = withMember(next, {
      ...member,
      membershipUntilMs: { ...member.membershipUntilMs, [id]: until },
    });
  }
  return next;
}

/** Ends at once what a return of the fee takes back. */
export function stopMemberships(
  ledger: Ledger,
  ref: string,
  sale: LedgerSale,
  refunds: RefundsBefore,
): Ledger {
  let next = ledger;
  for (const { id, membership } of soldMemberships(ledger, sale)) {
    const line = sale.snapshot.lines.find(({ sku }) => sku === membership?.sku);
    const member = next.members.get(ref);
    if (line === undefined || member === undefined) continue;
    if ((refunds.returned.milliByLine[line.id] ?? 0) < line.quantityMilli) continue;
    const { [id]: _, ...rest } = member.membershipUntilMs;
    next = withMember(next, { ...member, membershipUntilMs: rest });
  }
  return next;
}

/** What a member's paid memberships give at an instant, programme by programme. */
export function benefitsAt(ledger: Ledger, ref: string, atMs: number): string[] {
  const member = ledger.members.get(ref);
  return ledger.programmes.flatMap(({ id, membership }) => {
    const until = member?.membershipUntilMs[id] ?? 0;
    return membership !== null && atMs < until
      ? membership.benefits.map((benefit) => benefit['en'] ?? '')
      : [];
  });
}
