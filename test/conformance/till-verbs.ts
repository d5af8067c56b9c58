import { businessDay } from '#loyalty/business-day.ts';
import { dayTotals, overdrawnAccounts } from '#loyalty/day-totals.ts';
import { holderOfCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { creditPoints } from '#loyalty/ledger-points.ts';
import { previewSale } from '#loyalty/ledger-sale.ts';
import { append, spendable, stateOf } from '#loyalty/ledger.ts';
import { replay } from '#loyalty/lots.ts';
import { pointsBlocks } from '#loyalty/points-block.ts';
import { type Fields, list, major, NotTranslated, text } from './fields.ts';
import type { Player } from './loyalty.ts';
import { type Order, requestOf, type Shown } from './orders.ts';
import { wedgeScan } from './scanner.ts';
import { lineOf } from './stated-basket.ts';
import { pay, type Verb } from './verbs.ts';

function print(player: Player, step: Fields): Shown {
  const id = text(step, 'order') ?? '';
  const sale = player.ledger.sales.get(id);
  if (sale === undefined) throw new NotTranslated(`receipt of ${id}`);
  const { balance } = stateOf(
    player.ledger,
    spendable(sale.member ?? '', player.main.id),
    sale.atMs,
  );
  const [block] = pointsBlocks(sale, { [player.main.id]: balance });
  const rows = {
    won: player.show(block?.won ?? 0),
    spent: player.show(block?.spent ?? 0),
    balance: player.show(block?.balance ?? 0),
  };
  return { rows };
}

/** Verbs about cards, held rewards, receipts, days and several tills. */
export const tillVerbs: Readonly<Record<string, Verb>> = {
  issue_card(player, step) {
    const code = text(step, 'code') ?? '';
    player.ledger = {
      ...player.ledger,
      vouchers: [
        {
          code,
          programme: player.main.id,
          holder: code,
          owner: null,
          sale: null,
          rule: null,
          expiresAtMs: null,
          state: 'active',
        },
      ],
    };
    return player.take(
      creditPoints(player.ledger, {
        account: spendable(code, player.main.id),
        points: player.points(step),
        source: 'issue',
        atMs: player.nowMs,
      }),
    );
  },
  replace_card(player, step) {
    const shown = player.take(
      replaceCard(player.ledger, text(step, 'old') ?? '', text(step, 'new') ?? ''),
    );
    const balanceOf = (code: string): number => {
      const holder = holderOfCard(player.ledger, code);
      return holder.ok
        ? player.show(
            stateOf(player.ledger, spendable(holder.value, player.main.id), player.nowMs).balance,
          )
        : 0;
    };
    const codes = player.ledger.vouchers.map(({ code }) => [code, balanceOf(code)] as const);
    return { ...shown, card_balance: Object.fromEntries(codes) };
  },
  hold_reward(player, step) {
    player.heldRewards.add(text(step, 'reward') ?? '');
    return availableWithHolds(player);
  },
  release_reward(player, step) {
    const reward = text(step, 'reward') ?? '';
    if (player.redeemedRewards.has(reward))
      return { ...availableWithHolds(player), error: 'reward_already_redeemed' };
    player.heldRewards.delete(reward);
    return availableWithHolds(player);
  },
  redeem_held(player, step) {
    const order = openBasket(player);
    const shown = pay(player, { ...order, id: player.source('held') });
    player.heldRewards.clear();
    player.redeemedRewards.add(text(step, 'reward') ?? '');
    return { ...shown, ...availableWithHolds(player), state: 'REDEEMED' };
  },
  print,
  reprint(player, step) {
    const [first] = [...player.shown].filter(([, shown]) => shown['rows'] !== undefined);
    const copy = print(player, step);
    const same = JSON.stringify(copy['rows']) === JSON.stringify(first?.[1]['rows']);
    return { ...copy, same_as: same ? first?.[0] : null, marked: 'COPY' };
  },
  day_report(player) {
    const totals = dayTotals(player.ledger, businessDay(player.nowMs, player.ledger.settings));
    return {
      gross_sales: major(totals.grossMinor),
      loyalty_discount: major(totals.loyaltyDiscountMinor),
      net_sales: major(totals.netMinor),
      points_earned: player.show(totals.pointsEarned),
      points_redeemed: player.show(totals.pointsRedeemed),
    };
  },
  entries(player, step) {
    player.listed = list(step, 'list');
    return {};
  },
  apply_in_all_orders(player) {
    const entries = player.listed.map((of, index) => ({
      id: text(of, 'id') ?? '',
      type: text(of, 'type') === 'redeem' ? ('redeem' as const) : ('earn' as const),
      amount: player.points(of),
      source: text(of, 'id') ?? '',
      lotId: null,
      ofEntryId: null,
      effectiveAtMs: index,
      expiresAtMs: null,
    }));
    const balances = permutations(entries).map(
      (order) => replay([...order, ...order], player.nowMs).balance,
    );
    return { balance: player.show(balances[0] ?? 0), all_equal: new Set(balances).size === 1 };
  },
  wedge_scan: wedgeScan,
  sync: synchronise,
  sync_again: synchronise,
  sync_all: synchronise,
};

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

function openBasket(player: Player): Order {
  const [order] = [...player.orders.values()];
  if (order === undefined) throw new NotTranslated('a reward without a basket');
  return { ...order, lines: [lineOf(10, { type: 'fee' })], claims: [...player.heldRewards] };
}

function availableWithHolds(player: Player): Shown {
  const order = openBasket(player);
  const quoted = previewSale(player.ledger, {
    ...requestOf(order, player.ledger.programmes),
    id: 'open',
  });
  const applied = quoted.offers.find(({ state }) => state === 'applied');
  const { available } = stateOf(player.ledger, player.account({}), player.nowMs);
  return { available: player.show(applied?.remainingPoints ?? available) };
}

function synchronise(player: Player): Shown {
  const before = player.server.entries.length;
  for (const ledger of [...player.tills.values(), player.ledger]) {
    const received = append(player.server, ledger.entries);
    if (received.ok) player.server = received.value;
  }
  const { balance } = stateOf(player.server, player.account({}), player.nowMs);
  return {
    server_balance: player.show(balance),
    server_balance_if_allowed: player.show(balance),
    server_entries: player.server.entries.filter(({ account }) => account.purpose === 'spendable')
      .length,
    exceptions: overdrawnAccounts(player.server, player.nowMs).length,
    sales_rejected: before > player.server.entries.length ? 1 : 0,
  };
}
