import { businessDay, endOfLocalDay, localTime } from './business-day.ts';
import type { LocalDate } from './calendar.ts';
import {
  currentProgrammes,
  type Ledger,
  type LedgerSale,
  newLedgerMember,
  withMember,
} from './ledger.ts';
import type { Programme } from './programme.ts';
import type { RefundsBefore } from './refund.ts';
import type { MembershipSettings } from './settings.ts';
import { lastDayOfTerm } from './tiers.ts';

function soldMemberships(ledger: Ledger, sale: LedgerSale): Programme[] {
  const skus = new Set(sale.snapshot.lines.map(({ sku }) => sku));
  return ledger.programmes.filter(
    ({ membership }) => membership !== null && skus.has(membership.sku),
  );
}

/** The first day after an exclusive end: terms end at local midnight, whatever the cut-over. */
function dayAfter(ledger: Ledger, untilMs: number): LocalDate {
  return localTime(untilMs, ledger.settings.timeZone).date;
}

/**
 * Starts (or lengthens) the terms of the memberships a sale contains.
 *
 * From the day it was paid; where a membership renews, from the end of the last term that was paid.
 */
export function startMemberships(ledger: Ledger, ref: string, sale: LedgerSale): Ledger {
  let next = ledger;
  for (const { id, membership } of soldMemberships(ledger, sale)) {
    if (membership === null) continue;
    const member = next.members.get(ref) ?? newLedgerMember(ref, sale.atMs);
    const running = member.membershipUntilMs[id] ?? 0;
    const owed = membership.autoRenew && running > 0 && !member.notRenewed.includes(id);
    const from =
      owed || running > sale.atMs
        ? dayAfter(ledger, running)
        : businessDay(sale.atMs, ledger.settings);
    const until = endOfLocalDay(lastDayOfTerm(from, membership.term), ledger.settings.timeZone);
    next = withMember(next, {
      ...member,
      membershipUntilMs: { ...member.membershipUntilMs, [id]: until },
      notRenewed: member.notRenewed.filter((stopped) => stopped !== id),
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

/** Terms a membership may run on for; more than a life, and a bound for a wrong clock. */
const renewalsMax = 1200;

function termAfter(ledger: Ledger, membership: MembershipSettings, untilMs: number): number {
  const last = lastDayOfTerm(dayAfter(ledger, untilMs), membership.term);
  return endOfLocalDay(last, ledger.settings.timeZone);
}

/**
 * The exclusive end of the term a membership is in at an instant; `null` for who never paid.
 *
 * One that renews runs on term by term from the paid end, until it is stopped or its fee returned.
 */
export function membershipEnd(
  ledger: Ledger,
  programme: Programme,
  ref: string,
  atMs: number,
): number | null {
  const { id, membership } = programme;
  const member = ledger.members.get(ref);
  let until = member?.membershipUntilMs[id];
  if (until === undefined || member === undefined || membership === null) return until ?? null;
  if (!membership.autoRenew || member.notRenewed.includes(id)) return until;
  for (let terms = 0; until <= atMs && terms < renewalsMax; terms += 1) {
    until = termAfter(ledger, membership, until);
  }
  return until;
}

/** A fee that a renewed term owes. */
export interface RenewalFee {
  readonly member: string;
  readonly programme: string;
  /** The product to ring up; selling it pays the term. */
  readonly sku: string;
  /** Exclusive end of the last term that was paid. */
  readonly paidUntilMs: number;
}

/** Memberships that run on unpaid at an instant: whom the shop charges, or stops. */
export function renewalFees(ledger: Ledger, atMs: number): RenewalFee[] {
  return currentProgrammes(ledger).flatMap((programme) => {
    const { id, membership } = programme;
    if (membership === null || !membership.autoRenew) return [];
    return [...ledger.members.values()].flatMap((member): RenewalFee[] => {
      const paidUntilMs = member.membershipUntilMs[id];
      if (paidUntilMs === undefined || paidUntilMs > atMs) return [];
      if (member.notRenewed.includes(id)) return [];
      return [{ member: member.ref, programme: id, sku: membership.sku, paidUntilMs }];
    });
  });
}

/** Ends a membership with its paid term; buying it again starts it anew. */
export function stopRenewal(ledger: Ledger, ref: string, programme: string): Ledger {
  const member = ledger.members.get(ref);
  if (member === undefined || member.notRenewed.includes(programme)) return ledger;
  return withMember(ledger, { ...member, notRenewed: [...member.notRenewed, programme] });
}

/** What a member's paid memberships give at an instant, programme by programme. */
export function benefitsAt(ledger: Ledger, ref: string, atMs: number): string[] {
  const member = ledger.members.get(ref);
  return currentProgrammes(ledger).flatMap((programme) => {
    const { membership } = programme;
    const until = member === undefined ? null : membershipEnd(ledger, programme, ref, atMs);
    return membership !== null && until !== null && atMs < until
      ? membership.benefits.map((benefit) => benefit['en'] ?? '')
      : [];
  });
}
