import type { EntryBody } from '#journal/entry.ts';
import { businessDay, endOfLocalDay } from '#loyalty/business-day.ts';
import type { ReceiptClaim } from '#loyalty/claim.ts';
import { addSpan, expiresAt } from '#loyalty/expiry.ts';
import type { ProofLevel } from '#loyalty/proof.ts';
import type { QuotedAward, QuotedEarning, QuotedRedemption } from '#loyalty/quote-types.ts';
import { assert } from '#loyalty/result.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { programmeOf, type Core } from './core.ts';
import type { CachedMember, LocalFact } from './database.ts';
import { membershipsAmong, paidUntilMs } from './local-facts.ts';
import { memberKnown, standingKnown } from './member-facts.ts';
import type { ToldNews } from './member-news.ts';
import type { PricedSale } from './pricing.ts';
import { returnedElsewhere } from './read-sale.ts';
import type { SoldSale } from './return-in-progress.ts';
import { sameReward, type Session } from './session.ts';

/** A sale as it is settled. */
export interface SaleParts {
  readonly open: Session;
  readonly priced: PricedSale;
  readonly snapshot: SaleSnapshot;
  readonly tender: 'cash' | 'card' | 'other';
  readonly receipt: string;
  /** Changes of tier that this receipt tells. */
  readonly news: readonly ToldNews[];
}

/** Everything a sale says in the journal: itself, what it earned, spent and handed out, what it told. */
export function saleEntries(core: Core, parts: SaleParts): readonly EntryBody[] {
  const { open, priced, snapshot, tender, receipt, news } = parts;
  const { quote } = priced;
  const member = open.member?.member ?? null;
  const sale: EntryBody = {
    kind: 'sale',
    receipt,
    member,
    proof: open.member?.proof ?? null,
    currency: quote.currency,
    subtotalMinor: quote.subtotalMinor,
    discountMinor: quote.discountMinor,
    totalMinor: quote.totalMinor,
    tender,
    snapshot,
  };
  return [
    sale,
    ...(member === null ? [] : earnings(member, open.saleId, quote.earnings)),
    ...redemptions(open, quote.redemptions),
    ...issues(core, open, quote.awards, priced.input.nowMs),
    ...(member === null
      ? []
      : news.map(({ news: { programme, source } }): EntryBody => ({
          kind: 'told',
          member,
          programme,
          source,
        }))),
  ];
}

/**
 * The frozen sale without the codes of coupons and gift cards.
 *
 * What is left on a card can be spent by whoever reads its code, and a journal is read by many. Its
 * account is named in the redemption; a promotion's code is nobody's secret and stays.
 */
export function withoutVoucherCodes(open: Session, snapshot: SaleSnapshot): SaleSnapshot {
  const secret = new Set(
    open.codes.flatMap(({ text, voucher }) => (voucher === null ? [] : [text])),
  );
  if (secret.size === 0) return snapshot;
  return {
    ...snapshot,
    codes: snapshot.codes.filter((code) => !secret.has(code)),
    trace: snapshot.trace.filter(({ params }) => !secret.has(String(params['code'] ?? ''))),
  };
}

/** The entries of what a sale earns; `source` is the sale's transaction. */
export function earnings(
  member: string,
  source: string,
  earned: readonly QuotedEarning[],
): readonly EntryBody[] {
  return earned
    .filter(({ points }) => points > 0)
    .map((earning): EntryBody => {
      const { programme, version, points, qualifyingPoints } = earning;
      const { effectiveAtMs, expiresAtMs, basisMinor, breakdown, allocatedMinor } = earning;
      return {
        kind: 'earn',
        member,
        programme,
        version,
        source,
        points,
        effectiveAtMs,
        expiresAtMs,
        basisMinor,
        breakdown: { ...breakdown },
        ...(qualifyingPoints === points ? {} : { qualifyingPoints }),
        allocatedMinor,
      };
    });
}

/** Everything a claim says in the journal: itself, and what it earned with the sale as its source. */
export function claimEntries(
  sale: SoldSale,
  by: { readonly member: string; readonly proof: ProofLevel },
  { sale: counted, earnings: earned }: ReceiptClaim,
): readonly EntryBody[] {
  const { held, tiers, used } = counted;
  const returned = returnedElsewhere(sale);
  const claim: EntryBody = {
    kind: 'claim',
    of: sale.tx,
    receipt: sale.receipt,
    member: by.member,
    proof: by.proof,
    counted: { held, tiers, used },
    ...(returned.length === 0 ? {} : { returned: [...returned] }),
  };
  return [claim, ...earnings(by.member, sale.tx, earned)];
}

type Redeem = Extract<EntryBody, { kind: 'redeem' }>;

/** One entry per account that is spent from: two rewards of one coupon are one spending of it. */
function redemptions(open: Session, redeemed: readonly QuotedRedemption[]): readonly EntryBody[] {
  const byAccount = new Map<string, Redeem>();
  for (const done of redeemed) {
    const { holder, programme, version, reward, points, valueMinor } = done;
    if (holder === null || points === 0) continue;
    const key = `${holder} ${programme}`;
    const there = byAccount.get(key);
    const grant = grantFor(open, done);
    assert(grant !== null, 'points are only spent from a grant this till has accepted');
    byAccount.set(key, {
      kind: 'redeem',
      member: holder,
      programme,
      version,
      source: open.saleId,
      reward: there?.reward ?? reward,
      grant,
      points: (there?.points ?? 0) + points,
      valueMinor: (there?.valueMinor ?? 0) + valueMinor,
    });
  }
  return [...byAccount.values()];
}

/** The grant that a redemption of the open sale spends from; null where none is there for it. */
export function grantFor(open: Session, done: QuotedRedemption): string | null {
  if (done.holderKind === 'member') {
    return open.rewards.find((reward) => sameReward(reward, done))?.hold?.grant ?? null;
  }
  const code = open.codes.find(({ voucher }) => voucher?.record.holder === done.holder);
  return code?.voucher?.hold.grant ?? null;
}

/** One entry per voucher, in the order of the snapshot: the place is part of its holder's name. */
function issues(
  core: Core,
  open: Session,
  awards: readonly QuotedAward[],
  nowMs: number,
): readonly EntryBody[] {
  const vouchers = awards.flatMap((award) => (award.kind === 'voucher' ? [award] : []));
  return vouchers.flatMap((award, index): EntryBody[] => {
    const programme = programmeOf(core, award.opens);
    if (programme === undefined || award.points <= 0) return [];
    const span = award.template?.validFor ?? null;
    const { timeZone } = core.config;
    return [
      {
        kind: 'issue',
        member: voucherHolder(open.saleId, index),
        owner: award.template === null ? null : (open.member?.member ?? null),
        programme: award.opens,
        version: programme.version,
        by: { programme: award.programme, rule: award.rule },
        source: open.saleId,
        points: award.points,
        effectiveAtMs: nowMs,
        expiresAtMs:
          span === null
            ? expiresAt(programme.expiry, nowMs, core.config)
            : endOfLocalDay(addSpan(businessDay(nowMs, core.config), span), timeZone),
      },
    ];
  });
}

/** The account of a voucher: named after the sale that gave it and its place among that sale's. */
export function voucherHolder(tx: string, index: number): string {
  return `v-${tx}-${index}`;
}

/** Until when each membership holds that this sale pays. */
export function membershipsPaid(
  core: Core,
  member: CachedMember,
  open: Session,
  atMs: number,
): LocalFact['memberships'] {
  const known = memberKnown(core, member);
  const paid = membershipsAmong(
    core.config.programmes,
    open.lines.map(({ sku }) => sku),
  );
  return Object.fromEntries(
    paid.map((programme) => {
      const running = standingKnown(core, known, programme).membershipUntilMs;
      return [programme.id, paidUntilMs(core, programme, running, atMs)];
    }),
  );
}
