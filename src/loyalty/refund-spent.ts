import { allocateSteadily } from './allocate.ts';
import { isComplete, keptMinor, type Returned, totalNet } from './kept.ts';
import { add, multiply, type Rational, rational, roundToInteger, zero } from './rational.ts';
import type { SaleSnapshot, SoldRedemption } from './sale.ts';

/** What earlier returns of a sale paid out. */
export interface PaidBack {
  /** Points given back, keyed by place in `sale.redemptions`. */
  readonly givenBack: Readonly<Record<string, number>>;
  /** Stored value given back, keyed the same way. */
  readonly valueBackMinor: Readonly<Record<string, number>>;
  readonly refundedMinor: number;
}

/** Points given back from a redemption. */
export interface SpendReturn {
  /** Place in `sale.redemptions`. */
  readonly redemption: number;
  readonly programme: string;
  readonly version: number;
  readonly reward: string;
  readonly holder: string | null;
  readonly holderKind: SoldRedemption['holderKind'];
  readonly points: number;
  /** Stored value that goes back to its card or wallet instead of the till's drawer. */
  readonly valueMinor: number;
}

function shareBack(sale: SaleSnapshot, done: SoldRedemption, returned: Returned): Rational {
  if (isComplete(sale, returned)) return rational(1);
  const weight = done.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const total = totalNet(sale);
  const kept = keptMinor(sale, { ...returned, amountMinor: 0 });
  const byMoney =
    total > 0 && kept > 0 ? rational(Math.min(returned.amountMinor, kept), kept) : zero;
  if (weight <= 0) {
    return total > 0 ? rational(total - keptMinor(sale, returned), total) : zero;
  }
  const byGoods = done.parts.reduce((sum, { line, amountMinor }) => {
    const sold = sale.lines.find((candidate) => candidate.id === line);
    if (sold === undefined || sold.quantityMilli === 0) return sum;
    const back = rational(returned.milliByLine[line] ?? 0, sold.quantityMilli);
    return add(sum, multiply(back, rational(amountMinor, weight)));
  }, zero);
  const rest = add(rational(1), {
    numerator: -byGoods.numerator,
    denominator: byGoods.denominator,
  });
  return add(byGoods, multiply(rest, byMoney));
}

/** The money of a return, by what it goes back to. */
export interface Tenders {
  /** To the shopper's hand. */
  readonly refundMinor: number;
  /** Back to stored value, per place in `sale.redemptions`. */
  readonly valueMinor: ReadonlyMap<number, number>;
}

/** What stored value paid of the sale's lines; what it paid of cash rounding comes with the end. */
function carriedBy(done: SoldRedemption): number {
  return done.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/**
 * Splits the money of a return over what the sale was paid with, in proportion.
 *
 * All that came back so far is split anew and what was paid out before is left out: so parts and
 * order do not matter. Whole units, never negative, and the last return empties every tender.
 */
export function splitTenders(sale: SaleSnapshot, before: PaidBack, returned: Returned): Tenders {
  const complete = isComplete(sale, returned);
  const payments = sale.redemptions
    .map((done, index) => ({ done, index }))
    .filter(({ done }) => done.stage === 'payment');
  const weights = [
    ...payments.map(({ done }) => carriedBy(done)),
    Math.max(0, sale.totalMinor - sale.paidByValueMinor),
  ];
  const paidMinor = weights.reduce((sum, weight) => sum + weight, 0);
  const goodsMinor = totalNet(sale) - keptMinor(sale, returned);
  const backMinor = complete ? paidMinor : Math.max(0, Math.min(goodsMinor, paidMinor));
  const parts = allocateSteadily(backMinor, weights);
  const valueMinor = new Map(
    payments.map(({ done, index }, place) => {
      const rounding = complete ? done.valueMinor - carriedBy(done) : 0;
      const now = (parts[place] ?? 0) - (before.valueBackMinor[index] ?? 0);
      return [index, Math.max(0, now) + rounding] as const;
    }),
  );
  return { refundMinor: Math.max(0, (parts.at(-1) ?? 0) - before.refundedMinor), valueMinor };
}

/** The points that go back to whoever spent them, in proportion to the money they took off. */
export function spendReturns(
  sale: SaleSnapshot,
  before: PaidBack,
  returned: Returned,
  tenders: Tenders,
): SpendReturn[] {
  return sale.redemptions.flatMap((done, index): SpendReturn[] => {
    if (done.holderKind === 'sale' || done.points === 0) return [];
    const valueMinor = tenders.valueMinor.get(index) ?? 0;
    const valueSoFar = valueMinor + (before.valueBackMinor[index] ?? 0);
    const pointsSoFar = roundToInteger(
      done.stage === 'payment' && done.valueMinor > 0
        ? rational(BigInt(done.points) * BigInt(valueSoFar), BigInt(done.valueMinor))
        : multiply(rational(done.points), shareBack(sale, done, returned)),
      'floor',
    );
    const points = pointsSoFar - (before.givenBack[index] ?? 0);
    if (points === 0 && valueMinor === 0) return [];
    const { programme, version, reward, holder, holderKind } = done;
    return [
      { redemption: index, programme, version, reward, holder, holderKind, points, valueMinor },
    ];
  });
}
