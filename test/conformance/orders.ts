import { redeemPoints } from '#loyalty/ledger-points.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { roundToMultiple } from '#loyalty/money.ts';
import { basketFromNotation } from './notation/basket.ts';
import { claimsFromNotation, statedRewards } from './notation/claims.ts';
import { type Fields, fields, isFields, list, names, number, text } from './notation/fields.ts';
import { receiptBlocks } from '#loyalty/points-block.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { SaleRequest } from '#loyalty/sale-request.ts';
import { quoteShown } from './shown.ts';
import { type Shown, withRewards, type World, written } from './world.ts';

/** A basket of a case, which later steps change. */
export interface Order {
  readonly id: string;
  readonly step: Fields;
  readonly lines: readonly Fields[];
  readonly claims: readonly unknown[];
  readonly codes: readonly string[];
  readonly member: string | null;
  readonly atMs: number;
}

/** An order as its step says. */
export function orderOf(world: World, step: Fields): Order {
  const { claim } = step;
  return {
    id: text(step, 'id') ?? '',
    step,
    lines: list(step, 'lines'),
    claims: Array.isArray(claim) ? claim : [],
    codes: names(step, 'codes') ?? [],
    member: text(step, 'member'),
    atMs: world.at(step),
  };
}

/** The case's programme with what a step changes for its own basket. */
function programOf({ program }: World, step: Fields): Fields {
  const { validity, reward_products_override: products } = step;
  const { from: valid_from, to: valid_to } = fields(step, 'validity');
  const dated = validity === undefined ? program : { ...program, valid_from, valid_to };
  return products === undefined ? dated : withRewards(dated, (of) => ({ ...of, products }));
}

/** Loads the programmes for a basket and puts it in the engine's words. */
export function requestOf(world: World, order: Order): SaleRequest {
  const { step, claims } = order;
  const currency = text(step, 'currency') ?? world.main.currencies[0] ?? 'EUR';
  const noted = written(basketFromNotation(order.lines, currency, number(step, 'manual_discount')));
  const program = programOf(world, step);
  world.load(step, program, noted.promotions);
  const stated = statedRewards(claims, world.ledger.programmes);
  if (stated.length > 0) {
    const rewards = [...list(program, 'rewards'), ...stated];
    world.load(step, { ...program, rewards }, noted.promotions);
  }
  world.orders.set(order.id, order);
  const asked = written(claimsFromNotation(claims, world.ledger.programmes, currency));
  const codes = order.codes.map((code) => ({ kind: 'code' as const, code }));
  return {
    id: order.id,
    basket: noted.basket,
    member: order.member,
    proof: 'verified',
    claims: step['code_last'] === true ? [...asked, ...codes] : [...codes, ...asked],
    nowMs: order.atMs,
    channel: text(step, 'channel') ?? 'pos',
  };
}

/** The quote of a basket. */
export function quoteOf(world: World, order: Order): Quote {
  const request = requestOf(world, order);
  return previewSale(world.ledger, request);
}

/** Shows a basket without settling it. */
export function preview(world: World, order: Order): Shown {
  return quoteShown(world, order, quoteOf(world, order));
}

/** Settles a basket; one of nothing but an amount to pay is paid from the points. */
export function pay(world: World, order: Order): Shown {
  const request = requestOf(world, order);
  world.nowMs = order.atMs;
  const [claim] = order.claims;
  if (order.lines.length === 0 && isFields(claim) && claim['amount'] !== undefined) {
    const points = world.minor(number(claim, 'amount'));
    const account = world.account({ member: order.member });
    const spending = { account, points, source: order.id, atMs: order.atMs };
    return world.take(redeemPoints(world.ledger, spending));
  }
  return world.take(settleSale(world.ledger, request), ({ ledger, sale, quote }) => {
    const shown = quoteShown(world, order, quote);
    const next = previewSale(ledger, { ...request, id: `${order.id}-next`, claims: [] });
    const { cashRoundingMinor } = ledger.settings;
    const rounded = roundToMultiple(quote.subtotalMinor, cashRoundingMinor, 'half-up');
    return {
      ...shown,
      claimable: next.offers.flatMap(({ state, name }) =>
        state === 'available' ? name['en'] : [],
      ),
      receipt_shows: receiptBlocks(ledger, sale).flatMap((block) =>
        Object.keys(block).flatMap((row) => rowNames[row] ?? []),
      ),
      total_rounded_before: world.money(rounded),
    };
  });
}

const rowNames: Readonly<Record<string, string>> = {
  won: 'points_earned',
  spent: 'points_spent',
  balance: 'points_balance',
};

/** Shows a step's basket with a change. */
export function changed(
  world: World,
  step: Fields,
  change: (order: Order) => Partial<Order> = () => ({}),
): Shown {
  const order = world.order(step);
  return preview(world, { ...order, ...change(order) });
}
