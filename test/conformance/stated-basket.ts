import { newLedgerMember, withMember } from '#loyalty/ledger.ts';
import { type Fields, number, text } from './fields.ts';
import type { Player } from './loyalty.ts';
import { type Order, orderOf } from './orders.ts';

/** A line of goods at a price. */
export const lineOf = (price: unknown, more: Fields = {}): Fields => ({
  sku: 'A',
  price,
  qty: 1,
  ...more,
});
/** The basket a step states by its amounts only. */
export function basketOf(player: Player, step: Fields): Order {
  const discount = number(step, 'discount');
  const units = number(step, 'units');
  const net = number(step, 'items_net');
  const tax = number(step, 'tax');
  const shipping = number(step, 'shipping');
  const price = number(step, 'basis') ?? number(step, 'subtotal') ?? net ?? 0;
  const goods = lineOf(price, { qty: units ?? 1, taxes: tax === null ? [] : [{ fixed: tax }] });
  const delivery = shipping === null ? [] : [lineOf(shipping, { type: 'delivery' })];
  const currency = text(step, 'currency');
  return {
    ...orderOf(
      { id: `${text(step, 'id') ?? ''}-basket`, variant: text(step, 'variant') },
      player.at(step),
    ),
    step: { variant: step['variant'], manual_discount: discount ?? undefined, currency },
    lines: [goods, ...delivery],
    member: 'm',
  };
}

/** Changes what is known of a member. */
export function setMember(
  player: Player,
  ref: string,
  change: Partial<ReturnType<typeof newLedgerMember>>,
): void {
  const known = player.ledger.members.get(ref) ?? newLedgerMember(ref, 0);
  player.ledger = withMember(player.ledger, { ...known, ...change });
}
