import { resolveMember, type Ledger, spendable, stateOf } from './ledger.ts';
import type { LocalText } from './fields.ts';
import { roundToMultiple } from './money.ts';
import type { Programme } from './programme.ts';
import * as figures from './quote-figures.ts';
import type { Quote } from './quote-types.ts';
import type { ReasonCode } from './reason.ts';

/** A quote as its customer, a cashier or an invoice reads it, for one of its programmes. */
export interface SaleStatement extends Omit<figures.QuoteFigures, 'tier'>, figures.QuoteWords {
  /** The buyer's points with the sale, once what it earns counts. */
  readonly balanceAfter: number;
  /** What the buyer could still spend beside it, of points held before the sale. */
  readonly availableLeft: number;
  /** The tier reached with the sale, by name; `null` for none. */
  readonly tier: LocalText | null;
  /** Units that rewards made free, by product. */
  readonly free: Readonly<Record<string, number>>;
  /** What was taken off the goods of each category. */
  readonly takenByCategoryMinor: Readonly<Record<string, number>>;
  /** The goods before anything was taken off, as cash would be rounded. */
  readonly roundedSubtotalMinor: number;
  /** Rows of an invoice: the goods, and each reward that has a value. */
  readonly invoiceRows: number;
  /** The first refusal of a code or claim; `null` where everything was given. */
  readonly refusal: ReasonCode | null;
}

/**
 * What a quote says beside its sums, of one programme and of the whole basket.
 *
 * The ledger is the one the quote was made of: without the sale. Nobody's points are none.
 */
export function saleStatement(
  ledger: Ledger,
  quote: Quote,
  programme: Programme,
  buyer: string | null,
  atMs: number,
): SaleStatement {
  const { tier, ...own } = figures.programmeFigures(quote, programme);
  const { balance, available } =
    buyer === null
      ? { balance: 0, available: 0 }
      : stateOf(ledger, spendable(resolveMember(ledger, buyer), programme.id), atMs);
  const rewarded = quote.redemptions.filter(({ valueMinor }) => valueMinor > 0);
  const { cashRoundingMinor } = ledger.settings;
  return {
    ...own,
    ...figures.quoteWords(quote, ledger.programmes),
    balanceAfter: balance + own.earned - own.spent,
    availableLeft: available - own.spent,
    tier: programme.tiers.find(({ id }) => id === tier)?.name ?? null,
    free: figures.freeUnits(quote),
    takenByCategoryMinor: figures.discountByCategory(quote),
    roundedSubtotalMinor: roundToMultiple(quote.subtotalMinor, cashRoundingMinor, 'half-up'),
    invoiceRows: quote.lines.length + rewarded.length,
    refusal: figures.firstRefusal(quote),
  };
}
