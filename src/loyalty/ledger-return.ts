import type { LedgerEntry } from './entry.ts';
import { expiresAt } from './expiry.ts';
import {
  append,
  findEntry,
  type IdempotencyConflict,
  type Ledger,
  type LedgerSale,
  type NewEntry,
  resolveMember,
  spendable,
  stateOf,
  withSale,
} from './ledger.ts';
import { stopMemberships } from './membership.ts';
import { afterRefund, refund, type Refund, type RefundRefusal, type Returning } from './refund.ts';
import { err, ok, type Result } from './result.ts';

/** What a return did. */
export interface ReturnedSale {
  readonly ledger: Ledger;
  readonly refund: Refund;
  readonly entries: readonly LedgerEntry[];
}

function reversalEntry(entry: LedgerEntry, amount: number, source: string, atMs: number): NewEntry {
  return {
    account: entry.account,
    type: 'reverse',
    amount,
    source: `${source}:${entry.type}`,
    sourceType: 'refund',
    ofEntryId: entry.id,
    atMs,
    effectiveAtMs: Math.max(atMs, entry.effectiveAtMs),
    programmeVersion: entry.programmeVersion,
  };
}

/** The end of points that come back after theirs; `null` where the programme keeps the old one. */
function renewedEnd(ledger: Ledger, spent: LedgerEntry, atMs: number): number | null {
  const sold = ledger.programmes.filter(({ id }) => id === spent.account.programme);
  const programme = sold.find(({ version }) => version === spent.programmeVersion) ?? sold.at(-1);
  if (programme?.refund.returnedExpired !== 'renew') return null;
  return expiresAt(programme.expiry, atMs, ledger.settings);
}

/** Referral rewards that came with the sale go when nothing of it is left. */
function referralReversals(
  ledger: Ledger,
  sale: LedgerSale,
  source: string,
  atMs: number,
): NewEntry[] {
  return ledger.entries
    .filter((entry) => entry.sourceType === 'referral' && entry.source.startsWith(`${sale.id}:`))
    .map((entry) => reversalEntry(entry, -entry.amount, `${source}:${entry.source}`, atMs));
}

function refundEntries(
  ledger: Ledger,
  sale: LedgerSale,
  done: Refund,
  source: string,
  atMs: number,
): NewEntry[] {
  const entries: NewEntry[] = [];
  const member = sale.member;
  for (const { programme, points, qualifyingPoints } of done.reversals) {
    if (member === null) continue;
    const holder = resolveMember(ledger, member);
    const earned = findEntry(ledger, spendable(holder, programme), 'earn', sale.id);
    if (earned !== null && points !== 0) {
      entries.push(reversalEntry(earned, -points, source, atMs));
    }
    const account = { ...spendable(holder, programme), purpose: 'qualifying' as const };
    const qualifying = findEntry(ledger, account, 'earn', sale.id);
    if (qualifying !== null && qualifyingPoints !== 0) {
      entries.push(reversalEntry(qualifying, -qualifyingPoints, source, atMs));
    }
  }
  const back = new Map<string, { entry: LedgerEntry; points: number }>();
  for (const { holder, programme, points } of done.returns) {
    if (holder === null || points === 0) continue;
    const account = spendable(resolveMember(ledger, holder), programme);
    const spent = findEntry(ledger, account, 'redeem', sale.id);
    if (spent === null) continue;
    const there = back.get(spent.id) ?? { entry: spent, points: 0 };
    there.points += points;
    back.set(spent.id, there);
  }
  for (const { entry, points } of back.values()) {
    const expiresAtMs = renewedEnd(ledger, entry, atMs);
    entries.push({ ...reversalEntry(entry, points, source, atMs), expiresAtMs });
  }
  if (done.complete) entries.push(...referralReversals(ledger, sale, source, atMs));
  for (const { rule, opens, points } of done.vouchers) {
    const voucher = ledger.vouchers.find(
      (item) => item.sale === sale.id && item.rule === rule && item.programme === opens,
    );
    if (voucher === undefined) continue;
    const account = spendable(voucher.holder, voucher.programme);
    const issued = findEntry(ledger, account, 'earn', sale.id);
    if (issued !== null) entries.push(reversalEntry(issued, -points, source, atMs));
  }
  return entries;
}

/** Takes goods back: money, earned and spent points, vouchers and memberships of the sale. */
export function returnSale(
  ledger: Ledger,
  request: {
    readonly saleId: string;
    readonly source: string;
    readonly returning: Returning;
    readonly nowMs: number;
  },
): Result<ReturnedSale, RefundRefusal | { readonly code: 'unknown-sale' } | IdempotencyConflict> {
  const sale = ledger.sales.get(request.saleId);
  if (sale === undefined) return err({ code: 'unknown-sale' });
  const { nowMs, source } = request;
  const holder = sale.member === null ? null : resolveMember(ledger, sale.member);
  const available = Object.fromEntries(
    sale.snapshot.earnings.map(({ programme }) => {
      if (holder === null) return [programme, 0] as const;
      const state = stateOf(ledger, spendable(holder, programme), nowMs);
      return [programme, state.available + Math.max(0, state.pending)] as const;
    }),
  );
  const done = refund({
    sale: sale.snapshot,
    programmes: ledger.programmes,
    returning: request.returning,
    before: sale.refunds,
    settings: ledger.settings,
    available,
  });
  if (!done.ok) return done;
  const written = append(ledger, refundEntries(ledger, sale, done.value, source, nowMs));
  if (!written.ok) return written;
  const refunds = afterRefund(sale.refunds, done.value);
  let next = withSale(written.value, { ...sale, refunds, complete: done.value.complete });
  if (holder !== null) next = stopMemberships(next, holder, sale, refunds);
  return ok({
    ledger: next,
    refund: done.value,
    entries: next.entries.slice(ledger.entries.length),
  });
}
