import { allocate } from './allocate.ts';
import { type Basket, basketLine, type BasketLine } from './basket.ts';
import { priceOf } from './money.ts';
import { multiply, rate, roundToInteger } from './rational.ts';

/** An order known by its sums only, as a web shop or a marketplace sends it; in minor units. */
export interface OrderTotals {
  readonly currency: string;
  /** All goods, with whatever tax is in their prices. */
  readonly goodsMinor: number;
  /** Pieces among them; 1 where nobody counted. */
  readonly units?: number;
  /** Tax that `goodsMinor` contains; left out where nobody said. */
  readonly goodsTaxMinor?: number;
  /** Tax on top of the goods. */
  readonly addedTaxMinor?: number;
  /** The whole order; what it has beyond the goods is delivery. */
  readonly orderMinor?: number;
  /** Tax that `orderMinor` contains. */
  readonly orderTaxMinor?: number;
  readonly deliveryMinor?: number;
}

const contained = (amountMinor: number | undefined): BasketLine['taxes'] =>
  amountMinor === undefined ? [] : [{ kind: 'contained', amountMinor }];

/**
 * The basket of such an order, so that it earns by the same rules as one rung up.
 *
 * One line per piece, the prices summing to the goods exactly, then delivery.
 */
export function basketOfTotals(totals: OrderTotals): Basket {
  const { currency, goodsMinor, units = 1, goodsTaxMinor, addedTaxMinor, orderMinor } = totals;
  const each = Array.from({ length: units }, () => 1);
  const taxes = allocate(goodsTaxMinor ?? 0, each);
  const added = allocate(addedTaxMinor ?? 0, each);
  const lines = allocate(goodsMinor, each).map((unitPriceMinor, index) =>
    basketLine({
      id: `l${index}`,
      unitPriceMinor,
      taxes:
        addedTaxMinor === undefined
          ? contained(goodsTaxMinor === undefined ? undefined : taxes[index])
          : [{ kind: 'per-unit', amountMinor: added[index] ?? 0 }],
    }),
  );
  const deliveryMinor = totals.deliveryMinor ?? (orderMinor ?? goodsMinor) - goodsMinor;
  const taxMinor = (totals.orderTaxMinor ?? goodsTaxMinor ?? 0) - (goodsTaxMinor ?? 0);
  if (deliveryMinor > 0) {
    const delivery = { id: 'delivery', kind: 'delivery', unitPriceMinor: deliveryMinor } as const;
    lines.push(basketLine({ ...delivery, taxes: contained(taxMinor) }));
  }
  return { currency, lines };
}

/** The basket under another price list: every unit price times a factor (`"0.5"`), rounded half up. */
export function repriceBasket(basket: Basket, factor: string): Basket {
  const by = rate(factor);
  const lines = basket.lines.map((line) => ({
    ...line,
    unitPriceMinor: roundToInteger(multiply(priceOf(line.unitPriceMinor, 1000), by), 'half-up'),
  }));
  return { ...basket, lines };
}
