import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { holderOfCard } from '#loyalty/ledger-cards.ts';
import { creditPoints, redeemPoints, setBalance } from '#loyalty/ledger-points.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import {
  memberByIdentifier,
  newLedgerMember,
  spendable,
  stateOf,
  withMember,
} from '#loyalty/ledger.ts';
import { messagesOnBalance } from '#loyalty/milestones.ts';
import { pointsBlocks } from '#loyalty/points-block.ts';
import { roundToMultiple } from '#loyalty/money.ts';
import {
  type Fields,
  fields,
  instant,
  isFields,
  list,
  major,
  minor,
  names,
  NotTranslated,
  number,
  text,
} from './fields.ts';
import type { Player } from './loyalty.ts';
import {
  extrasOf,
  type Order,
  orderOf,
  requestOf,
  type Shown,
  showQuote,
  statedRewards,
} from './orders.ts';

/** Performs one step. */
export type Verb = (player: Player, step: Fields) => Shown;

function prepare(player: Player, order: Order): void {
  const { step } = order;
  const validity = fields(step, 'validity');
  const override = names(step, 'reward_products_override');
  const changes: Record<string, unknown> = {};
  if (step['validity'] !== undefined) {
    changes['valid_from'] = text(validity, 'from');
    changes['valid_to'] = text(validity, 'to');
  }
  const rewards = list(player.program, 'rewards');
  if (override !== null) changes['rewards'] = rewards.map((of) => ({ ...of, products: override }));
  player.load(text(step, 'variant'), extrasOf(order), changes);
  const stated = statedRewards(order, player.ledger.programmes);
  if (stated.length > 0) {
    player.load(text(step, 'variant'), extrasOf(order), {
      ...changes,
      rewards: [...rewards, ...stated],
    });
  }
  player.orders.set(order.id, order);
}

/** Shows an order without settling it. */
export function preview(player: Player, order: Order): Shown {
  prepare(player, order);
  const quoted = previewSale(player.ledger, requestOf(order, player.ledger.programmes));
  const shown = showQuote(order, quoted, player.main, player.ledger.programmes);
  const state = stateOf(player.ledger, spendable(order.member ?? 'm', player.main.id), order.atMs);
  const earned = quoted.earnings.find(({ programme }) => programme === player.main.id)?.points ?? 0;
  return {
    ...player.sideEffects(order),
    ...shown,
    preview_balance: player.show(state.balance + earned),
    available_points_min: player.show(state.available),
    ledger_entries_for_order: player.ledger.entries.filter(({ source }) => source === order.id)
      .length,
  };
}

const rowNames: Readonly<Record<string, string>> = {
  won: 'points_earned',
  spent: 'points_spent',
  balance: 'points_balance',
};

/** Settles an order. */
export function pay(player: Player, order: Order): Shown {
  prepare(player, order);
  player.nowMs = order.atMs;
  const [claim] = order.claims;
  if (order.lines.length === 0 && isFields(claim) && claim['amount'] !== undefined) {
    const points = minor(number(claim, 'amount') ?? 0);
    const account = player.account({ member: order.member });
    const shown = player.take(
      redeemPoints(player.ledger, { account, points, source: order.id, atMs: order.atMs }),
    );
    return { ...player.balances({ member: order.member }), ...shown };
  }
  const settled = settleSale(player.ledger, requestOf(order, player.ledger.programmes));
  if (!settled.ok) return { error: settled.error.code };
  player.ledger = settled.value.ledger;
  const shown = showQuote(order, settled.value.quote, player.main, player.ledger.programmes);
  const { tier: _, ...balances } = player.balances({ member: order.member });
  const request = {
    ...requestOf(order, player.ledger.programmes),
    id: `${order.id}-next`,
    claims: [],
  };
  const next = previewSale(player.ledger, request).offers.filter(
    ({ state }) => state === 'available',
  );
  const claimable = next.map(({ name }) => name['en'] ?? '');
  const blocks = pointsBlocks(settled.value.sale, {});
  const { cashRoundingMinor } = player.ledger.settings;
  const { subtotalMinor } = settled.value.quote;
  return {
    ...balances,
    ...shown,
    claimable,
    [`claimable_on_${order.id}`]: shown['claimable'],
    receipt_shows: blocks.flatMap((block) =>
      Object.keys(block).flatMap((row) => rowNames[row] ?? []),
    ),
    total_rounded_before: major(roundToMultiple(subtotalMinor, cashRoundingMinor, 'half-up')),
    ...player.sideEffects(order),
  };
}

function changed(player: Player, step: Fields, change: (order: Order) => Partial<Order>): Shown {
  const order = player.order(step);
  return preview(player, { ...order, ...change(order) });
}

/** Verbs about baskets, and what is there before them. */
export const saleVerbs: Readonly<Record<string, Verb>> = {
  order(player, step) {
    const order = orderOf(step, player.at(step));
    const happened = step['pay'] === undefined && step['at'] !== undefined && order.member !== null;
    return step['pay'] === true || happened ? pay(player, order) : preview(player, order);
  },
  pay: (player, step) => pay(player, player.order(step)),
  replay: (player, step) => pay(player, player.order(step)),
  claim: (player, step) =>
    changed(player, step, ({ claims }) => ({ claims: [...claims, step['reward']] })),
  enter_code: (player, step) =>
    changed(player, step, ({ codes }) => ({ codes: [...codes, text(step, 'code') ?? ''] })),
  save_draft: (player, step) => changed(player, step, () => ({})),
  reopen_draft: (player, step) => changed(player, step, () => ({})),
  set_reward_qty: (player, step) =>
    changed(player, step, () => ({ claims: [{ reward: step['reward'], qty: step['qty'] }] })),
  set_qty: (player, step) =>
    changed(player, step, ({ lines, codes }) => ({
      lines: lines.map((line) =>
        line['sku'] === step['sku'] ? { ...line, qty: step['qty'] } : line,
      ),
      codes: [...codes, ...(names(step, 'then_code') ?? [])],
    })),
  set_reward_cap(player, step) {
    player.program = JSON.parse(JSON.stringify(player.program), (_, value: unknown) =>
      typeof value === 'object' && value !== null && 'id' in value && value.id === step['reward']
        ? { ...value, max_amount: step['max_amount'] }
        : value,
    );
    return changed(player, step, () => ({}));
  },
  abandon(player, step) {
    const { member, id } = player.order(step);
    const own = player.ledger.entries.filter(({ source }) => source === id);
    return { ...player.balances({ member }), ledger_entries_for_order: own.length };
  },
  scan(player, step) {
    const owner = text(step, 'code_of');
    if (owner !== null)
      return { selected_member: memberByIdentifier(player.ledger, `card-${owner}`) };
    const [order] = [...player.orders.values()];
    const code = text(step, 'code') ?? '';
    const card = holderOfCard(player.ledger, code);
    if (order === undefined && !card.ok) return { error: card.error.code.replaceAll('-', '_') };
    if (order === undefined) throw new NotTranslated('scan without an order');
    const shown = changed(player, { order: order.id }, ({ codes }) => ({
      codes: [...codes, code],
    }));
    return {
      ...shown,
      unknown_code: shown['error'] === 'code-unknown',
      order_total: shown['total'],
    };
  },
  now(player, step) {
    player.nowMs = player.at(step);
    return {};
  },
  advance_days(player, step) {
    const day = businessDay(player.nowMs, player.ledger.settings);
    player.nowMs = instant(addDays(day, number(step, 'days') ?? 0));
    return {};
  },
  set_balance(player, step) {
    const wanted = text(step, 'program');
    const programme =
      player.ledger.programmes.find(({ name }) => name['en'] === wanted) ?? player.main;
    const account = player.account(step, programme.id);
    const before = stateOf(player.ledger, account, player.nowMs).balance;
    const balance = player.points(step, 'points', programme);
    if (!player.ledger.members.has(account.holder)) {
      player.ledger = withMember(player.ledger, newLedgerMember(account.holder, 0));
    }
    player.take(
      setBalance(player.ledger, {
        account,
        balance,
        source: player.source('opening'),
        atMs: player.nowMs,
      }),
    );
    const sent = messagesOnBalance(player.milestones(), player.show(before), player.show(balance));
    return { ...player.balances(step), sent };
  },
  issue_voucher(player, step) {
    const code = text(step, 'code') ?? '';
    const programme =
      player.ledger.programmes.find(({ holder }) => holder === 'bearer') ?? player.main;
    player.ledger = {
      ...player.ledger,
      vouchers: [
        ...player.ledger.vouchers,
        {
          code,
          programme: programme.id,
          holder: code,
          owner: null,
          sale: null,
          rule: null,
          expiresAtMs: null,
          state: 'active',
        },
      ],
    };
    const account = spendable(code, programme.id);
    return player.take(
      creditPoints(player.ledger, {
        account,
        points: player.points(step, 'points', programme),
        source: player.source('issue'),
        atMs: player.nowMs,
      }),
    );
  },
};
