import { z } from 'zod';
import { lineKinds } from './conditions.ts';
import { currencyField, percentField } from './fields.ts';

/** Most lines of one basket. */
export const basketLinesMax = 300;

/** Schema of `Tax`. */
export const taxField = z.discriminatedUnion('kind', [
  /** `included`: inside the price, as on a shelf; otherwise added on the price without its taxes. */
  z.strictObject({ kind: z.literal('rate'), percent: percentField, included: z.boolean() }),
  /** A fixed amount per unit on top of the price; never discounted. */
  z.strictObject({ kind: z.literal('per-unit'), amountMinor: z.int() }),
  /** An amount that the line's price is known to contain. */
  z.strictObject({ kind: z.literal('contained'), amountMinor: z.int() }),
]);

/** One tax on a line. */
export type Tax = Readonly<z.infer<typeof taxField>>;

/** Schema of `BasketLine`. */
export const basketLineField = z.strictObject({
  id: z.string().min(1).max(64),
  sku: z.string().max(64).nullable(),
  name: z.string().max(120).nullable(),
  categories: z.array(z.string().max(64)).max(32),
  kind: z.enum(lineKinds),
  quantityMilli: z.int(),
  unitPriceMinor: z.int(),
  taxes: z.array(taxField).max(8),
});

/**
 * One line of a basket.
 *
 * `quantityMilli` is in thousandths (2 pieces = 2000, 0.350 kg = 350); negative takes goods back.
 * `sku` is null for a typed amount. Categories are any labels: departments, brands, tags.
 */
export type BasketLine = Readonly<z.infer<typeof basketLineField>>;

/** Schema of `Basket`. */
export const basketField = z.strictObject({
  currency: currencyField,
  lines: z.array(basketLineField).max(basketLinesMax),
});

/** What is being bought; voided lines are not in it. */
export type Basket = Readonly<z.infer<typeof basketField>>;

/** A line where what goes without saying is left out: one piece of goods without tax. */
export function basketLine(of: Pick<BasketLine, 'id'> & Partial<BasketLine>): BasketLine {
  return {
    sku: null,
    name: null,
    categories: [],
    kind: 'goods',
    quantityMilli: 1000,
    unitPriceMinor: 0,
    taxes: [],
    ...of,
  };
}
