import { claimSale, type ClaimRefusal } from './claim.ts';
import {
  append,
  currentProgrammes,
  type IdempotencyConflict,
  type Ledger,
  type LedgerSale,
  newLedgerMember,
  resolveMember,
  withMember,
  withSale,
} from './ledger.ts';
import { recordReferral } from './ledger-events.ts';
import { factsFor, memberFor } from './ledger-facts.ts';
import { earnEntries, issueVouchers, redeemEntries } from './ledger-issue.ts';
import { reviewMember } from './ledger-tiers.ts';
import { startMemberships } from './membership.ts';
import type { ProofLevel } from './proof.ts';
import { quote } from './quote.ts';
import type { Quote, QuotedEarning, QuoteInput } from './quote-types.ts';
import { noRefunds } from './refund.ts';
import { err, ok, type Result } from './result.ts';
import { freezeSale } from './sale.ts';
import type { SaleRequest } from './sale-request.ts';

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
    if (input.facts.visits === 0) {
      next = recordReferral(next, ref, 'first', `${sale.id}:first`, request.nowMs);
    }
    next = recordReferral(next, ref, 'every', `${sale.id}:every`, request.nowMs);
    next = reviewMember(next, ref, request.nowMs);
  }
  return ok({ ledger: next, sale, quote: quoted });
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
    facts: factsFor(ledger, ref, request.nowMs),
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
  const mine: LedgerSale = {
    ...sale,
    claimedBy: ref,
    member: ref,
    snapshot: claimed.value.sale,
  };
  return ok({ ledger: withSale(written.value, mine), earnings });
}
