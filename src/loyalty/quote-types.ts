import type { AddedGoods } from './application.ts';
import type { BasketLine, Basket } from './basket.ts';
import type { LocalDate } from './calendar.ts';
import type { Claim } from './claim-item.ts';
import type { QuoteSettings } from './context.ts';
import type { Facts } from './facts.ts';
import type { LocalText } from './fields.ts';
import type { Member } from './member.ts';
import type { Programme } from './programme.ts';
import type { Reason } from './reason.ts';
import type { RewardValue } from './reward.ts';
import type { VoucherTemplate } from './rule.ts';
import type { TraceStep } from './trace.ts';

/** Everything a quote depends on; the same input gives the same quote on every machine. */
export interface QuoteInput {
  readonly basket: Basket;
  readonly member: Member | null;
  readonly programmes: readonly Programme[];
  readonly claims: readonly Claim[];
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
  readonly facts: Facts;
  readonly settings: QuoteSettings;
}

/** A discount on one line. */
export interface QuotedDiscount {
  readonly programme: string;
  readonly reward: string;
  readonly amountMinor: number;
  /** Whether it made units free. */
  readonly free: boolean;
}

/** A line of the basket with what it costs now. */
export interface QuotedLine {
  readonly line: BasketLine;
  /** What one unit costs now; differs from the line's where a price reward set it. */
  readonly unitPriceMinor: number;
  /** Quantity × price with all taxes, before discounts. */
  readonly grossMinor: number;
  readonly discountMinor: number;
  /** `grossMinor − discountMinor`: never below zero for goods bought. */
  readonly netMinor: number;
  /** Part of `netMinor` paid by stored value (wallet, gift card). */
  readonly paidByValueMinor: number;
  readonly freeMilli: number;
  readonly discounts: readonly QuotedDiscount[];
}

/** Lines with the same taxes, summed; rounded once per group. */
export interface TaxGroup {
  /** Canonical text of the taxes, e.g. `20%` or `15%+`. */
  readonly key: string;
  readonly taxMinor: number;
  /** What is paid without tax. */
  readonly netMinor: number;
  readonly discountMinor: number;
}

/** Points spent, or a promotion used, with what it did to which line. */
export interface QuotedRedemption {
  readonly programme: string;
  readonly version: number;
  readonly reward: string;
  readonly name: LocalText;
  readonly value: RewardValue['kind'];
  readonly stage: 'discount' | 'payment';
  /** Whose points: a member, a bearer account, or `null` for a promotion of the sale itself. */
  readonly holder: string | null;
  readonly holderKind: 'member' | 'bearer' | 'sale';
  readonly points: number;
  readonly valueMinor: number;
  /** Part of `valueMinor` that went into cash rounding. */
  readonly roundingMinor: number;
  readonly units: number;
  readonly parts: readonly { readonly line: string; readonly amountMinor: number }[];
  readonly added: AddedGoods | null;
}

/** Most programmes one sale earns in: it is written down whole. Those after it earn nothing. */
export const earningsMax = 32;

/** Most rewards one sale takes: it is written down whole. */
export const redemptionsMax = 64;

/** Most of them that come by themselves or by a promotion's code: others' points and cards find room. */
export const promotionsMax = 32;

/** Most vouchers one sale hands out. Those after them are not given. */
export const vouchersMax = 32;

/** Points the sale gives. */
export interface QuotedEarning {
  readonly programme: string;
  readonly version: number;
  readonly name: LocalText;
  readonly points: number;
  readonly qualifyingPoints: number;
  readonly basisMinor: number;
  /** Points per rule, summing to `points`. */
  readonly breakdown: Readonly<Record<string, number>>;
  /** When they can be spent. */
  readonly effectiveAtMs: number;
  /** Exclusive; `null` never. */
  readonly expiresAtMs: number | null;
  /** Money of the sale deferred for them (IFRS 15); 0 with the simple method. */
  readonly allocatedMinor: number;
}

/** The member's tier in one programme around this sale. */
export interface QuotedTier {
  readonly programme: string;
  readonly before: string | null;
  /** With this sale counted where the programme says so: reached now, seen on this receipt. */
  readonly after: string | null;
  /** "188 points to Gold"; `null` at the top. */
  readonly next: {
    readonly tier: string;
    readonly name: LocalText;
    readonly metric: string;
    readonly missing: number;
    readonly atLeast: number;
  } | null;
}

/** Something other than points that a rule gives with this sale. */
export type QuotedAward =
  | {
      readonly kind: 'voucher';
      readonly programme: string;
      readonly version: number;
      readonly rule: string;
      /** Programme whose rewards the voucher opens. */
      readonly opens: string;
      readonly points: number;
      /** `null` where earning rules put the points on a card or coupon (gift card sold). */
      readonly template: VoucherTemplate | null;
    }
  | {
      readonly kind: 'badge';
      readonly programme: string;
      readonly rule: string;
      readonly badge: string;
      readonly points: number;
    }
  | {
      /** A bonus that waits for the next sale; the receipt prints its last day. */
      readonly kind: 'comeback';
      readonly programme: string;
      readonly rule: string;
      readonly name: LocalText;
      readonly lastDay: LocalDate;
    }
  | {
      readonly kind: 'benefit';
      readonly programme: string;
      readonly rule: string;
      readonly benefit: LocalText;
    };

/** Something the shopper can use now, or nearly; sorted by worth. */
export interface QuotedOffer {
  readonly programme: string;
  readonly reward: string;
  readonly name: LocalText;
  readonly value: RewardValue['kind'];
  readonly state: 'available' | 'applied' | 'unavailable';
  /** Points it costs now: for a per-point reward those of the highest amount allowed. */
  readonly costPoints: number;
  /** What it takes off now; for an unavailable one what it would at most. */
  readonly worthMinor: number;
  /** Points that stay after it. */
  readonly remainingPoints: number;
  readonly reason: Reason | null;
}

/** What became of a code. */
export interface QuotedCode {
  readonly code: string;
  readonly state: 'applied' | 'accepted' | 'refused';
  readonly reason: Reason | null;
}

/** A claim that could not be honoured; the basket is as if it had not been asked. */
export interface RefusedClaim {
  readonly claim: Claim;
  readonly reason: Reason;
}

/** What a basket costs, spends and earns, and why. */
export interface Quote {
  readonly currency: string;
  readonly lines: readonly QuotedLine[];
  readonly addedGoods: readonly AddedGoods[];
  /** All lines before discounts. */
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  /** `subtotalMinor − discountMinor + roundingMinor`. */
  readonly totalMinor: number;
  /** Cash rounding; may be negative. */
  readonly roundingMinor: number;
  /** Paid by wallet or gift card: a tender, not a discount. */
  readonly paidByValueMinor: number;
  /** `totalMinor − paidByValueMinor`: what the customer still pays. */
  readonly dueMinor: number;
  readonly taxGroups: readonly TaxGroup[];
  /** All groups summed. */
  readonly taxMinor: number;
  /** `dueMinor − taxMinor`: negative where stored value pays tax, too. */
  readonly untaxedDueMinor: number;
  readonly redemptions: readonly QuotedRedemption[];
  /** What is earned at once; empty while nobody may earn. */
  readonly earnings: readonly QuotedEarning[];
  /** What somebody who proves to be the shopper could claim with the receipt. */
  readonly claimable: readonly QuotedEarning[];
  readonly awards: readonly QuotedAward[];
  /** One per programme with tiers; empty without a member. */
  readonly tiers: readonly QuotedTier[];
  readonly offers: readonly QuotedOffer[];
  readonly codes: readonly QuotedCode[];
  readonly refused: readonly RefusedClaim[];
  readonly trace: readonly TraceStep[];
}
