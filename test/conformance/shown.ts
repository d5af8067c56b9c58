import { accountStatement } from './account-statement.ts';
import { spendable, stateOf } from '#loyalty/ledger.ts';
import { benefitsAt, membershipEnd } from '#loyalty/membership.ts';
import { list, text } from './notation/fields.ts';
import { firstRefusal, freeUnits, programmeFigures } from './quote-figures.ts';
import type { Quote } from '#loyalty/quote-types.ts';
import type { Order } from './orders.ts';
import type { Shown, World } from './world.ts';

/** Words of expectations that say the same. */
export const sameAs: Readonly<Record<string, string>> = {
  local_balance: 'balance',
  wallet: 'balance',
  loyalty_balance: 'balance',
  available_points_min: 'available',
  level: 'tier',
  due: 'total',
  preview_earned: 'earned',
  credited: 'earned',
  reward_gross: 'reward_amount',
  not_auto_applied: 'not_applied',
  server_balance_if_allowed: 'server_balance',
};

/** An account and its member. */
export function accountShown(world: World, ref: string): Shown {
  const { main, ledger, nowMs } = world;
  const state = accountStatement(ledger, spendable(ref, main.id), nowMs);
  const byLot = new Map(state.lots.map((lot) => [lot.id, lot.open] as const));
  const lots = [...world.lots].map(([name, id]) => [name, byLot.get(id) ?? 0] as const);
  const orders = [...world.orders.keys()].map((id) => [id, state.openBySource[id] ?? 0] as const);
  const through = state.tier?.through ?? null;
  const until = membershipEnd(ledger, main, ref, nowMs) ?? 0;
  return {
    balance: world.points(state.balance),
    available: world.points(state.available),
    pending: world.points(state.pending),
    deficit: world.points(state.deficit),
    lot_open: world.points(state.lots.at(-1)?.open ?? 0),
    lots: world.points(Object.fromEntries(lots)),
    lots_open: world.points(Object.fromEntries(orders)),
    lifetime_earned: world.points(state.earnedInWindow),
    open_lots: state.lots.length,
    ledger_entries: state.rows.length,
    entries: state.rows.filter(({ sourceType }) => sourceType !== 'manual').length,
    rollback_entries: state.rows.filter(({ type }) => type === 'reverse').length,
    tier: state.tier?.name['en'] ?? null,
    tier_through: through === null ? null : `${through}T23:59:59`,
    membership_active: until > nowMs,
    benefits: benefitsAt(ledger, ref, nowMs),
    vouchers_active: ledger.vouchers.filter(
      ({ owner, holder, programme }) =>
        owner === ref && stateOf(ledger, spendable(holder, programme), nowMs).available > 0,
    ).length,
  };
}

/** Balance of every member, for expectations that name several. */
export function everyBalance(world: World): Shown {
  const holders = new Set([
    ...world.ledger.members.keys(),
    ...world.ledger.entries.map(({ account }) => account.holder),
  ]);
  return Object.fromEntries(
    [...holders].map((ref) => [
      ref,
      world.points(stateOf(world.ledger, spendable(ref, world.main.id), world.nowMs).balance),
    ]),
  );
}

/** The voucher or card that an order issued, and what the ledger has of the order. */
export function issuedShown(world: World, id: string): Shown {
  const { ledger, nowMs } = world;
  const first = ledger.vouchers.find(({ sale }) => sale === id);
  const value =
    first === undefined
      ? 0
      : stateOf(ledger, spendable(first.holder, first.programme), nowMs).available;
  return {
    voucher_value: world.money(value),
    coupon_points: value,
    card_balance: world.points(value),
    ledger_entries_for_order: ledger.entries.filter(
      ({ source, account }) => source === id && account.purpose === 'spendable',
    ).length,
  };
}

/** Discounts by the names the case gives to taxes. */
function byTax(world: World, order: Order, quote: Quote): Shown {
  return Object.fromEntries(
    order.lines.flatMap((line, index) => {
      const tax = list(line, 'taxes').flatMap((of) => text(of, 'id') ?? [])[0];
      const quoted = quote.lines.find((candidate) => candidate.line.id === `l${index}`);
      const off = quoted?.discountMinor ?? 0;
      return tax === undefined || off <= 0 ? [] : [[tax, world.money(off)] as const];
    }),
  );
}

/** A quote in the words of expectations. */
export function quoteShown(world: World, order: Order, quote: Quote): Shown {
  const { main, ledger } = world;
  const money = (amountMinor: number): unknown => world.money(amountMinor, quote.currency);
  const figures = programmeFigures(quote, main);
  const { earned, spent, breakdown } = figures;
  const used = quote.redemptions.filter(({ valueMinor }) => valueMinor > 0);
  const applied = quote.redemptions.map(({ reward }) => reward);
  const rewards = ledger.programmes.flatMap((of) => of.rewards.map(({ id }) => id));
  const offered = quote.offers.filter(({ state }) => state === 'available');
  const claimable = offered.map(({ name }) => name['en'] ?? '');
  const refusal = firstRefusal(quote);
  const state = stateOf(ledger, spendable(order.member ?? 'm', main.id), order.atMs);
  return {
    total: money(quote.dueMinor),
    tax: money(quote.taxMinor),
    untaxed: money(quote.untaxedDueMinor),
    discount: money(-quote.discountMinor),
    basis: money(figures.basisMinor),
    reward_amount: money(-(quote.redemptions.at(-1)?.valueMinor ?? 0)),
    gift_card_used: money(quote.paidByValueMinor),
    unit_price: money(quote.lines[0]?.unitPriceMinor ?? 0),
    reward_lines: used
      .filter(({ stage }) => stage === 'discount')
      .map(({ reward, valueMinor }) => ({ reward, amount: money(-valueMinor) })),
    discounts_by_tax: byTax(world, order, quote),
    discount_lines: quote.taxGroups.filter(({ discountMinor }) => discountMinor > 0).length,
    line_count: [...quote.lines, ...used].length,
    earned: world.points(earned),
    spent: world.points(spent),
    points_left: world.points(figures.remaining),
    breakdown: world.points(breakdown),
    bonus: world.points(figures.comebackPoints),
    preview_balance: world.points(state.balance + earned),
    receipt_offer_until: figures.comebackUntil,
    receipt_rows: [
      ...(earned === 0 ? [] : [['Won', world.points(earned)]]),
      ...(spent === 0 ? [] : [['Spent', world.points(spent)]]),
    ],
    promotion_applied: Object.keys(breakdown).find((rule) => rule !== 'base'),
    tier: main.tiers.find(({ id }) => id === figures.tier)?.name['en'] ?? null,
    applied,
    not_applied: rewards.filter((id) => !applied.includes(id)),
    applies: applied.length > 0,
    free: freeUnits(quote),
    claimable,
    [`claimable_on_${order.id}`]: claimable,
    codes_kept: quote.codes.flatMap(({ state: of, code }) => (of === 'refused' ? [] : code)),
    coupons_issued: quote.awards.filter(({ kind }) => kind === 'voucher').length,
    error: refusal ?? undefined,
    allowed_or_explained: spent > 0 || refusal !== null,
  };
}
