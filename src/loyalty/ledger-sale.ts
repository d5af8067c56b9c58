import type { Basket } from './basket.ts';
import { type Claim } from './claim-item.ts';
import { claimSale, type ClaimRefusal } from './claim.ts';
import { endOfLocalDay } from './business-day.ts';
import type { AccountRef, LedgerEntry, SourceType } from './entry.ts';
import { addSpan, expiresAt } from './expiry.ts';
import {
  append,
  currentProgrammes,
  findEntry,
  type IdempotencyConflict,
  type Ledger,
  type LedgerSale,
  type LedgerVoucher,
  type NewEntry,
  newLedgerMember,
  resolveMember,
  spendable,
  stateOf,
  withMember,
  withSale,
} from './ledger.ts';
import { factsFor, memberFor } from './ledger-facts.ts';
import { businessDay } from './business-day.ts';
import { reviewMember } from './ledger-tiers.ts';
import { startMemberships, stopMemberships } from './membership.ts';
import type { ProofLevel } from './proof.ts';
import { quote } from './quote.ts';
import type { Quote, QuotedAward, QuotedEarning, QuoteInput } from './quote-types.ts';
import {
  afterRefund,
  noRefunds,
  refund,
  type Refund,
  type RefundRefusal,
  type Returning,
} from './refund.ts';
import { err, ok, type Result } from './result.ts';
import { freezeSale } from './sale.ts';

/** A basket on the counter. */
export interface SaleRequest {
  readonly id: string;
  readonly basket: Basket;
  readonly member: string | null;
  readonly proof: ProofLevel;
  readonly claims: readonly Claim[];
  readonly nowMs: number;
  readonly channel: string;
}

/** A quote's input with everything the ledger knows. */
export function quoteInputFor(ledger: Ledger, request: SaleRequest): QuoteInput {
  const ref = request.member === null ? null : resolveMember(ledger, request.member);
  return {
    basket: request.basket,
    member: ref === null ? null : memberFor(ledger, ref, request.proof, request.nowMs),
    programmes: currentProgrammes(ledger),
    claims: request.claims,
    nowMs: request.nowMs,
    facts: factsFor(ledger, ref, request.nowMs),
    settings: { ...ledger.settings, channel: request.channel },
  };
}

/** What a basket costs and earns now; writes nothing. */
export function previewSale(ledger: Ledger, request: SaleRequest): Quote {
  return quote(quoteInputFor(ledger, request));
}

function earnEntries(
  holder: string,
  earnings: readonly QuotedEarning[],
  source: string,
  sourceType: SourceType,
  atMs: number,
): NewEntry[] {
  return earnings.flatMap((earning): NewEntry[] => {
    const common = {
      type: 'earn' as const,
      source,
      sourceType,
      atMs,
      effectiveAtMs: earning.effectiveAtMs,
      programmeVersion: earning.version,
      basisMinor: earning.basisMinor,
      breakdown: { ...earning.breakdown },
    };
    const account = spendable(holder, earning.programme);
    const spendableEntry = {
      ...common,
      account,
      amount: earning.points,
      expiresAtMs: earning.expiresAtMs,
      allocatedMinor: earning.allocatedMinor,
    };
    const qualifying = {
      ...common,
      account: { ...account, purpose: 'qualifying' as const },
      amount: earning.qualifyingPoints,
    };
    return earning.qualifyingPoints > 0 ? [spendableEntry, qualifying] : [spendableEntry];
  });
}

function redeemEntries(quoted: Quote, source: string, atMs: number): NewEntry[] {
  const sums = new Map<
    string,
    { account: AccountRef; points: number; breakdown: Record<string, number> }
  >();
  for (const done of quoted.redemptions) {
    if (done.holder === null || done.points === 0) continue;
    const key = `${done.holder}/${done.programme}`;
    const there = sums.get(key) ?? {
      account: spendable(done.holder, done.programme),
      points: 0,
      breakdown: {},
    };
    there.points += done.points;
    there.breakdown[done.reward] = (there.breakdown[done.reward] ?? 0) + done.points;
    sums.set(key, there);
  }
  return [...sums.values()].map(({ account, points, breakdown }) => ({
    account,
    type: 'redeem',
    amount: -points,
    source,
    sourceType: 'sale',
    atMs,
    breakdown,
  }));
}

function issueVouchers(
  ledger: Ledger,
  request: SaleRequest,
  awards: readonly QuotedAward[],
): { readonly vouchers: LedgerVoucher[]; readonly entries: NewEntry[] } {
  const vouchers: LedgerVoucher[] = [];
  const entries: NewEntry[] = [];
  awards.forEach((award, index) => {
    if (award.kind !== 'voucher') return;
    const holder = `v-${request.id}-${index}`;
    const day = businessDay(request.nowMs, ledger.settings);
    const span = award.template?.validFor ?? null;
    const programme = currentProgrammes(ledger).find(({ id }) => id === award.opens);
    const expiresAtMs =
      span === null
        ? expiresAt(programme?.expiry ?? { kind: 'never' }, request.nowMs, ledger.settings)
        : endOfLocalDay(addSpan(day, span), ledger.settings.timeZone);
    vouchers.push({
      code: holder,
      programme: award.opens,
      holder,
      owner: request.member,
      sale: request.id,
      rule: award.rule,
      expiresAtMs,
      state: 'active',
    });
    entries.push({
      account: spendable(holder, award.opens),
      type: 'earn',
      amount: award.points,
      source: request.id,
      sourceType: 'voucher',
      atMs: request.nowMs,
      expiresAtMs,
    });
  });
  return { vouchers, entries };
}

/** A settled sale and the quote it was settled by. */
export interface Settled {
  readonly ledger: Ledger;
  readonly sale: LedgerSale;
  readonly quote: Quote;
}

/**
 * Settles a basket: freezes it and writes what it spends and earns, once per sale id.
 *
 * The same sale again is a retry and changes nothing; the answer is the first one's.
 */
export function settleSale(
  ledger: Ledger,
  request: SaleRequest,
): Result<Settled, IdempotencyConflict> {
  const input = quoteInputFor(ledger, request);
  const quoted = quote(input);
  const there = ledger.sales.get(request.id);
  if (there !== undefined) return ok({ ledger, sale: there, quote: quoted });
  const ref = input.member?.ref ?? null;
  const issued = issueVouchers(ledger, request, quoted.awards);
  const written = append(ledger, [
    ...redeemEntries(quoted, request.id, request.nowMs),
    ...(ref === null ? [] : earnEntries(ref, quoted.earnings, request.id, 'sale', request.nowMs)),
    ...issued.entries,
  ]);
  if (!written.ok) return written;
  const sale: LedgerSale = {
    id: request.id,
    atMs: request.nowMs,
    member: ref,
    snapshot: freezeSale(input, quoted),
    refunds: noRefunds,
    complete: false,
    claimedBy: null,
  };
  let next = withSale(
    { ...written.value, vouchers: [...ledger.vouchers, ...issued.vouchers] },
    sale,
  );
  if (ref !== null) {
    const member = next.members.get(ref) ?? newLedgerMember(ref, request.nowMs);
    const badges = quoted.awards.flatMap((award) => (award.kind === 'badge' ? [award.badge] : []));
    next = withMember(next, { ...member, badges: [...new Set([...member.badges, ...badges])] });
    next = startMemberships(next, ref, sale);
    next = reviewMember(next, ref, request.nowMs);
  }
  return ok({ ledger: next, sale, quote: quoted });
}

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

function refundEntries(
  ledger: Ledger,
  sale: LedgerSale,
  done: Refund,
  source: string,
  atMs: number,
): NewEntry[] {
  const entries: NewEntry[] = [];
  const member = sale.member;
  for (const { programme, points, owed } of done.reversals) {
    if (member === null) continue;
    const holder = resolveMember(ledger, member);
    const earned = findEntry(ledger, spendable(holder, programme), 'earn', sale.id);
    if (earned !== null && points > 0) entries.push(reversalEntry(earned, -points, source, atMs));
    const account = { ...spendable(holder, programme), purpose: 'qualifying' as const };
    const qualifying = findEntry(ledger, account, 'earn', sale.id);
    if (qualifying !== null && earned !== null && owed > 0) {
      const already = ledger.entries.reduce(
        (sum, { ofEntryId, amount }) => (ofEntryId === qualifying.id ? sum + amount : sum),
        qualifying.amount,
      );
      const part = done.complete ? already : Math.min(already, owed);
      if (part > 0) entries.push(reversalEntry(qualifying, -part, source, atMs));
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
    entries.push(reversalEntry(entry, points, source, atMs));
  }
  for (const { rule, points } of done.vouchers) {
    const voucher = ledger.vouchers.find((item) => item.sale === sale.id && item.rule === rule);
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

/** Gives a member the points of a sale nobody earned. */
export function claimReceipt(
  ledger: Ledger,
  request: {
    readonly saleId: string;
    readonly member: string;
    readonly proof: ProofLevel;
    readonly nowMs: number;
  },
): Result<
  { readonly ledger: Ledger; readonly earnings: readonly QuotedEarning[] },
  ClaimRefusal | { readonly code: 'unknown-sale' } | IdempotencyConflict
> {
  const sale = ledger.sales.get(request.saleId);
  if (sale === undefined) return err({ code: 'unknown-sale' });
  const ref = resolveMember(ledger, request.member);
  const claimed = claimSale({
    sale: sale.snapshot,
    member: memberFor(ledger, ref, request.proof, request.nowMs),
    programmes: ledger.programmes,
    claimed: sale.claimedBy !== null,
    returned: sale.refunds.returned,
    nowMs: request.nowMs,
    settings: ledger.settings,
  });
  if (!claimed.ok) return claimed;
  const { earnings } = claimed.value;
  const written = append(ledger, earnEntries(ref, earnings, sale.id, 'claim', request.nowMs));
  if (!written.ok) return written;
  const mine: LedgerSale = { ...sale, claimedBy: ref };
  return ok({ ledger: withSale(written.value, mine), earnings });
}
