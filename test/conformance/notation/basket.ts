import { z } from 'zod';
import type { Basket, BasketLine } from '#loyalty/basket.ts';
import type { ProgrammeProblem } from '#loyalty/programme-check.ts';
import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { err, ok, type Result } from '#loyalty/result.ts';
import { multiply, rate, subtract, toNumber } from '#loyalty/rational.ts';
import { decimal, type Fields, minor, named, number, smallest } from './fields.ts';
import type { RewardDocument } from './rewards.ts';
import { problemsOf } from './shape.ts';

const one = z.union([z.string(), z.array(z.string())]).optional();

const taxNotation = z.strictObject({
  id: z.string().optional(),
  rate: z.number().optional(),
  included: z.boolean().optional(),
  fixed: z.number().optional(),
  amount: z.number().nullish(),
});

const lineNotation = z.strictObject({
  sku: z.string().optional(),
  price: z.number(),
  qty: z.number().optional(),
  taxes: z.array(taxNotation).optional(),
  type: z.string().optional(),
  card: z.string().optional(),
  voided: z.boolean().optional(),
  category: one,
  tag: one,
  tags: one,
  line_discount_percent: z.number().optional(),
});

type Line = z.infer<typeof lineNotation>;

/** Kinds of line, by the word for the kind or by the product code that is always of it. */
const kinds: Readonly<Record<string, BasketLine['kind']>> = {
  gift_card: 'gift-card',
  GIFTCARD: 'gift-card',
  MEMBERSHIP: 'membership',
  delivery: 'delivery',
  fee: 'fee',
};

function taxOf(tax: z.infer<typeof taxNotation>, currency: string): BasketLine['taxes'][number] {
  const { fixed, amount, rate = 0, included = false } = tax;
  if (fixed !== undefined) return { kind: 'per-unit', amountMinor: minor(fixed, currency) };
  if (typeof amount === 'number') {
    return { kind: 'contained', amountMinor: minor(amount, currency) };
  }
  return { kind: 'rate', percent: decimal(rate), included };
}

const listed = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [value].flat();
const offName = (percent: number): string => `off:${decimal(percent)}`;

function lineOf(line: Line, index: number, currency: string): BasketLine {
  const { sku = '', qty = 1, line_discount_percent: off } = line;
  const tags = [...listed(line.tag), ...listed(line.tags)].map((tag) => `tag:${tag}`);
  return {
    id: `l${index}`,
    sku,
    name: null,
    categories: [...listed(line.category), ...tags, ...(off === undefined ? [] : [offName(off)])],
    kind: kinds[line.type ?? sku] ?? 'goods',
    quantityMilli: smallest(qty, 3),
    unitPriceMinor: minor(line.price, currency),
    taxes: (line.taxes ?? []).map((tax) => taxOf(tax, currency)),
  };
}

function promotion(
  id: string,
  currency: string,
  given: Pick<RewardDocument, 'value' | 'scope'>,
): ProgrammeDocument {
  const reward = { ...given, id, name: named(id), costPoints: 0, applies: 'automatic' as const };
  const of = { id, version: 1, name: named(id), currencies: [currency] };
  return { ...of, holder: 'sale', rewards: [reward] };
}

/** The cashier's own discounts, as promotions that only this basket has: on lines, then on all. */
function cashierDiscounts(
  lines: readonly Line[],
  discount: number | null,
  currency: string,
): ProgrammeDocument[] {
  const offs = [...new Set(lines.flatMap((line) => line.line_discount_percent ?? []))];
  const whole = discount === null ? [] : [minor(discount, currency)];
  return [
    ...offs.map((off, index) =>
      promotion(`off${index}`, currency, {
        value: { kind: 'percent', percent: decimal(off) },
        scope: { kind: 'lines', lines: { categories: [offName(off)] } },
      }),
    ),
    ...whole.map((amountMinor) =>
      promotion('manual', currency, { value: { kind: 'fixed', amountMinor } }),
    ),
  ];
}

/** A basket that was written down, and the discounts written on it. */
export interface NotedBasket {
  readonly basket: Basket;
  readonly promotions: readonly ProgrammeDocument[];
}

/**
 * A basket from the short notation: `[{ sku, price, qty, taxes }]`, money in major units.
 *
 * A voided line is not there; line ids are `l` and the place it was written at. A discount on the
 * whole basket or a percentage on a line becomes a promotion of its own, so it is allocated,
 * explained and returned like any other.
 */
export function basketFromNotation(
  written: unknown,
  currency: string,
  discount: number | null = null,
): Result<NotedBasket, readonly ProgrammeProblem[]> {
  const parsed = z.array(lineNotation).safeParse(written);
  if (!parsed.success) return err(problemsOf(parsed.error));
  const lines = parsed.data.flatMap((line, index) =>
    line.voided === true ? [] : [lineOf(line, index, currency)],
  );
  const promotions = cashierDiscounts(parsed.data, discount, currency);
  return ok({ basket: { currency, lines }, promotions });
}

/** Written lines at other prices: each price times a factor, exactly. */
export function repriced(lines: readonly Fields[], factor: number): Fields[] {
  const by = rate(decimal(factor));
  return lines.map((line) => {
    const price = multiply(rate(decimal(number(line, 'price') ?? 0)), by);
    return { ...line, price: toNumber(price) };
  });
}

function remainder(of: Fields, whole: string, part: string): number {
  const [left, right] = [number(of, whole) ?? 0, number(of, part) ?? 0];
  return toNumber(subtract(rate(decimal(left)), rate(decimal(right))));
}

const goodsWords = ['basis', 'subtotal', 'items_net', 'items_total', 'order_total'];

/**
 * Written lines of a basket that is known by its sums only: goods, then delivery.
 *
 * What the whole order has beyond its items is delivery, with the tax beyond theirs.
 */
export function linesFromSums(of: Fields): Fields[] {
  const price = goodsWords.flatMap((word) => number(of, word) ?? [])[0] ?? 0;
  const fixed = number(of, 'tax');
  const included = (amount: number | null): Fields[] => [{ amount, included: true }];
  const goods = {
    sku: 'A',
    price,
    qty: number(of, 'units') ?? 1,
    taxes:
      fixed !== null
        ? [{ fixed }]
        : of['items_tax'] === undefined
          ? []
          : included(number(of, 'items_tax')),
  };
  const shipping = number(of, 'shipping');
  if (shipping !== null) return [goods, { price: shipping, type: 'delivery' }];
  if (of['items_total'] === undefined || of['order_total'] === undefined) return [goods];
  const taxes = included(remainder(of, 'order_tax', 'items_tax'));
  return [goods, { price: remainder(of, 'order_total', 'items_total'), type: 'delivery', taxes }];
}
