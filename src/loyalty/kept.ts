import type { BasketLine } from './basket.ts';
import { type Context, makeContext, type QuoteSettings } from './context.ts';
import { normaliseCode } from './card.ts';
import { type Facts, noFacts } from './facts.ts';
import { freshMember, newStanding, type Member } from './member.ts';
import { multiply, one, type Rational, rational, roundToInteger } from './rational.ts';
import type { SaleSnapshot, SoldLine } from './sale.ts';
import { isReducibleKind, type WorkingLine, workingLine } from './working.ts';

/** What of a sale has been returned: thousandths per line id, and money without goods. */
export interface Returned {
  readonly milliByLine: Readonly<Record<string, number>>;
  readonly amountMinor: number;
}

/** Nothing was returned. */
export const nothingReturned: Returned = { milliByLine: {}, amountMinor: 0 };

/** The line as it stood in the basket. */
export function basketLineOf(sale: SaleSnapshot, sold: SoldLine): BasketLine {
  return {
    id: sold.id,
    sku: sold.sku,
    name: null,
    categories: sold.categories,
    kind: sold.kind,
    quantityMilli: sold.quantityMilli,
    unitPriceMinor: sold.unitPriceMinor,
    taxes: sale.taxSets[sold.taxSet] ?? [],
  };
}

function part(amount: number, share: Rational): number {
  if (share === one) return amount;
  return roundToInteger(multiply(rational(amount), share), 'half-up');
}

/** Share of a line that is kept, goods only. */
export function keptShare(sold: SoldLine, returned: Returned): Rational {
  const back = returned.milliByLine[sold.id] ?? 0;
  if (back === 0 || sold.quantityMilli === 0) return one;
  return rational(sold.quantityMilli - back, sold.quantityMilli);
}

/** What the kept part of a line cost, by goods: falls to exactly 0 with the last piece. */
export function keptNetMinor(sold: SoldLine, returned: Returned): number {
  return part(sold.netMinor, keptShare(sold, returned));
}

/** Share of the kept goods' price that was not returned as money without goods. */
function keptByMoney(sale: SaleSnapshot, returned: Returned): Rational {
  if (returned.amountMinor === 0) return one;
  const goods = sale.lines.reduce((sum, sold) => sum + keptNetMinor(sold, returned), 0);
  return goods > 0 ? rational(Math.max(0, goods - returned.amountMinor), goods) : one;
}

/**
 * The lines that are kept, with their original prices and discounts in proportion.
 *
 * Money returned without goods lowers all kept lines in proportion to their price.
 */
export function keptLines(sale: SaleSnapshot, returned: Returned): WorkingLine[] {
  const byMoney = keptByMoney(sale, returned);
  return sale.lines.flatMap((sold) => {
    const byGoods = keptShare(sold, returned);
    const share = multiply(byGoods, byMoney);
    if (sold.quantityMilli === 0 || share.numerator === 0n) return [];
    const line = basketLineOf(sale, sold);
    const whole = workingLine(line);
    const fixedTaxMinor = part(whole.fixedTaxMinor, share);
    const remainingMinor = part(sold.netMinor - whole.fixedTaxMinor, share);
    const discounts = sold.discounts.map((discount) => ({
      ...discount,
      amountMinor: part(discount.amountMinor, share),
    }));
    const quantityMilli = sold.quantityMilli - (returned.milliByLine[sold.id] ?? 0);
    return [
      {
        line: { ...line, quantityMilli },
        taxShare: whole.taxShare,
        fixedTaxMinor,
        remainingMinor,
        grossMinor: discounts.reduce((sum, { amountMinor }) => sum + amountMinor, remainingMinor),
        discounts,
        paidMinor: part(sold.paidByValueMinor, share),
        freeMilli: part(sold.freeMilli, byGoods),
        unitPriceMinor: sold.unitPriceMinor,
      },
    ];
  });
}

/** Whether nothing of the sale is kept. */
export function isComplete(sale: SaleSnapshot, returned: Returned): boolean {
  return keptLines(sale, returned).length === 0;
}

/** Money of the sale that is kept after these returns. */
export function keptMinor(sale: SaleSnapshot, returned: Returned): number {
  const goods = sale.lines.reduce((sum, line) => sum + keptNetMinor(line, returned), 0);
  return Math.max(0, goods - returned.amountMinor);
}

/** Money of all that was sold. */
export function totalNet(sale: SaleSnapshot): number {
  return sale.lines.reduce((sum, line) => sum + line.netMinor, 0);
}

/**
 * What is kept of the goods of a sale: money, and whole units that were paid for.
 *
 * Stored value, tips and deposits are no goods; it is what a tier by spending or units counts.
 */
export function keptGoods(
  sale: SaleSnapshot,
  returned: Returned,
): { readonly spendMinor: number; readonly units: number } {
  const byMoney = keptByMoney(sale, returned);
  let spendMinor = 0;
  let milli = 0;
  for (const sold of sale.lines) {
    const byGoods = keptShare(sold, returned);
    const share = multiply(byGoods, byMoney);
    if (!isReducibleKind(sold.kind) || sold.quantityMilli === 0 || share.numerator === 0n) continue;
    // A part of a line rounds its fixed tax apart.
    const fixed = share === one ? 0 : workingLine(basketLineOf(sale, sold)).fixedTaxMinor;
    spendMinor += part(sold.netMinor - fixed, share) + part(fixed, share);
    const back = returned.milliByLine[sold.id] ?? 0;
    milli += sold.quantityMilli - back - part(sold.freeMilli, byGoods);
  }
  return { spendMinor, units: Math.floor(milli / 1000) };
}

/**
 * The circumstances of the sale: rules that held then hold now, whatever has changed since.
 *
 * With these no condition looks at the member, the clock, the place or a counter again; limits on
 * points find the counters as they were.
 */
export function contextOfSale(sale: SaleSnapshot, settings: QuoteSettings): Context {
  const standings = Object.fromEntries(
    Object.entries(sale.tiers).map(([programme, tier]) => [programme, { ...newStanding, tier }]),
  );
  const uses = Object.fromEntries(
    Object.entries(sale.used).map(([key, points]) => [key, { times: 0, points }]),
  );
  const member = { ...freshMember('frozen', 'verified'), standings };
  return {
    ...contextForMember(sale, settings, member, { ...noFacts, uses }),
    held: new Set(sale.held),
  };
}

/** Time and place of the sale with another member in front of it. */
export function contextForMember(
  sale: SaleSnapshot,
  settings: QuoteSettings,
  member: Member,
  facts: Facts,
): Context {
  return makeContext({
    nowMs: sale.nowMs,
    currency: sale.currency,
    member,
    facts,
    settings: { ...settings, store: sale.store, channel: sale.channel },
    codes: new Set(sale.codes.map(normaliseCode)),
  });
}
