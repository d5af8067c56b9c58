/** A counter that a limit needs: how often and how many points, in the limit's period. */
export interface UseCount {
  readonly times: number;
  readonly points: number;
}

/** A coupon, gift card or unique code the till has looked up. */
export interface VoucherFact {
  /** As normalised by `normaliseCode`, or the shop's own text. */
  readonly code: string;
  readonly programme: string;
  /** Reference of the bearer account that holds its points. */
  readonly holder: string;
  /** Points on it that can be spent now. */
  readonly available: number;
  readonly expiresAtMs: number | null;
  readonly state: 'active' | 'used' | 'blocked';
}

/**
 * Counters a rule may need, and when they were true.
 *
 * A till offline has older ones; the server re-runs the quote with its own and notes a difference.
 */
export interface Facts {
  /** `null` is now. */
  readonly asOfMs: number | null;
  /** Completed sales of this member before this one. */
  readonly visits: number;
  readonly lastSaleAtMs: number | null;
  /** Keyed by `useKey`. */
  readonly uses: Readonly<Record<string, UseCount>>;
  /** When a rule or reward was last used, keyed by `programme/id`. */
  readonly lastUsedAtMs: Readonly<Record<string, number>>;
  readonly vouchers: readonly VoucherFact[];
  /** Points a programme has given so far, for its budget. */
  readonly givenPoints: Readonly<Record<string, number>>;
  /** Prices of goods that a reward may add, keyed by SKU. */
  readonly pricesMinor: Readonly<Record<string, number>>;
}

/** Nothing is known: a first sale. */
export const noFacts: Facts = {
  asOfMs: null,
  visits: 0,
  lastSaleAtMs: null,
  uses: {},
  lastUsedAtMs: {},
  vouchers: [],
  givenPoints: {},
  pricesMinor: {},
};

/** The key under which a use counter stands in `Facts.uses`. */
export function useKey(
  programme: string,
  id: string,
  of: 'member' | 'programme',
  per: string,
): string {
  return `${programme}/${id}/${of}/${per}`;
}
