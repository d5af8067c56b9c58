import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { expiresAt, usableThrough } from '#loyalty/expiry.ts';
import {
  entriesOf,
  findEntry,
  memberByIdentifier,
  newLedgerMember,
  spendable,
  stateOf,
  withMember,
} from '#loyalty/ledger.ts';
import { holderOfCard } from '#loyalty/ledger-cards.ts';
import { nightJobs, runJob, runNight } from '#loyalty/ledger-night.ts';
import {
  consumedBy,
  creditPoints,
  earnPoints,
  redeemPoints,
  reverseEntry,
  setBalance,
} from '#loyalty/ledger-points.ts';
import { previewSale, settleSale } from '#loyalty/ledger-sale.ts';
import { reviewMember } from '#loyalty/ledger-tiers.ts';
import { expiringBy } from '#loyalty/lots.ts';
import { messagesOnBalance } from '#loyalty/milestones.ts';
import { roundToMultiple } from '#loyalty/money.ts';
import { accounts, figures } from './figures.ts';
import {
  type Fields,
  fields,
  instant,
  list,
  major,
  minor,
  isFields,
  names,
  NotTranslated,
  number,
  only,
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
import { smallest } from './programme.ts';

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
  };
}

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
  const { cashRoundingMinor } = player.ledger.settings;
  const { subtotalMinor } = settled.value.quote;
  return {
    ...balances,
    ...shown,
    claimable,
    [`claimable_on_${order.id}`]: shown['claimable'],
    total_rounded_before: major(roundToMultiple(subtotalMinor, cashRoundingMinor, 'half-up')),
    ...player.sideEffects(order),
  };
}

function changed(player: Player, step: Fields, change: (order: Order) => Partial<Order>): Shown {
  const order = player.order(step);
  return preview(player, { ...order, ...change(order) });
}

/** Verbs about baskets, single accounts and figures. */
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
    only(step, 'id do member points program');
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
    only(step, 'id do code points');
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
  refund(player, step) {
    only(step, 'id do order lines full');
    const sale = player.ledger.sales.get(text(step, 'order') ?? '');
    const lines = list(step, 'lines').map((line) => ({
      line: sale?.snapshot.lines.find(({ sku }) => sku === text(line, 'sku'))?.id ?? '',
      quantityMilli: smallest(number(line, 'qty') ?? 1, 3),
    }));
    return player.giveBack(
      step,
      step['full'] === true ? { kind: 'everything' } : { kind: 'lines', lines },
    );
  },
  refund_amount: (player, step) =>
    player.giveBack(step, { kind: 'amount', amountMinor: minor(number(step, 'net_amount') ?? 0) }),
  cancel(player, step) {
    const order = text(step, 'order') ?? '';
    if (player.ledger.sales.has(order)) return player.giveBack(step, { kind: 'everything' });
    return reverseAll(player, step, order);
  },
  clawback: (player, step) => reverseAll(player, step, text(step, 'order') ?? ''),
  credit(player, step) {
    only(step, 'id do member points expires usable_through at lot');
    const { settings } = player.ledger;
    const through = text(step, 'usable_through');
    const given = text(step, 'expires') === null ? null : player.at(step, 'expires');
    const until = through === null ? given : instant(addDays(through, 1));
    const past = until !== null && until <= player.nowMs && step['at'] === undefined;
    const atMs = past ? instant('2025-01-01') : player.at(step);
    player.nowMs = past ? player.nowMs : atMs;
    const expiresAtMs = until ?? expiresAt(player.main.expiry, atMs, settings);
    const account = player.account(step);
    const source = player.source('credit');
    const shown = player.take(
      creditPoints(player.ledger, {
        account,
        points: player.points(step),
        source,
        atMs,
        expiresAtMs,
      }),
    );
    const entry = findEntry(player.ledger, account, 'earn', source);
    if (entry !== null) player.lotIds.set(text(step, 'lot') ?? source, entry.id);
    return { ...afterPoints(player, step), ...shown, ...ends(player, account, atMs) };
  },
  earn(player, step) {
    only(step, 'id do member order points basis breakdown at effective_at key qualifying');
    const atMs = player.at(step);
    player.nowMs = atMs;
    const effectiveAtMs =
      step['effective_at'] === undefined ? atMs : player.at(step, 'effective_at');
    const source = text(step, 'order') ?? player.source('earn');
    return credited(player, step, source, { effectiveAtMs });
  },
  earn_action: (player, step) => credited(player, step, text(step, 'source') ?? '', {}),
  redeem(player, step) {
    only(step, 'id do member order points at before_expiry variant till offline');
    const till = number(step, 'till');
    if (till !== null) {
      const mine = player.tills.get(String(till)) ?? player.ledger;
      const request = {
        account: player.account(step),
        points: player.points(step),
        source: player.source(`till${till}`),
        atMs: player.nowMs,
      };
      const done = redeemPoints(mine, request);
      if (done.ok) player.tills.set(String(till), done.value);
      return done.ok ? {} : { error: done.error.code };
    }
    if (step['variant'] !== undefined) player.load(text(step, 'variant'), [], {});
    if (step['at'] !== undefined) player.nowMs = player.at(step);
    const account = player.account(step);
    const source = text(step, 'order') ?? player.source('redeem');
    const atMs = step['before_expiry'] === true ? instant('2025-12-30') : player.nowMs;
    const shown = player.take(
      redeemPoints(player.ledger, { account, points: player.points(step), source, atMs }),
    );
    return { ...afterPoints(player, step), ...redeemed(player, account, source), ...shown };
  },
  debit(player, step) {
    only(step, 'id do points allow_negative');
    const mayOverdraw = step['allow_negative'] === true;
    const request = {
      account: player.account(step),
      points: player.points(step),
      source: player.source('debit'),
      atMs: player.nowMs,
    };
    return {
      ...player.take(redeemPoints(player.ledger, { ...request, mayOverdraw })),
      ...player.balances(step),
    };
  },
  expire_lot(player, step) {
    const id = player.lotIds.get(text(step, 'lot') ?? '') ?? '';
    const lot = stateOf(player.ledger, player.account(step), player.nowMs).lots.find(
      (item) => item.id === id,
    );
    player.nowMs = lot?.expiresAtMs ?? player.nowMs;
    player.ledger = runJob(player.ledger, 'expire-points', player.nowMs);
    return player.balances(step);
  },
  run_expiry(player, step) {
    if (step['at'] !== undefined) player.nowMs = player.at(step);
    const before = player.ledger.entries.length;
    player.ledger = runJob(player.ledger, 'expire-points', player.nowMs);
    const entries = player.ledger.entries.slice(before).map(({ amount }) => player.show(amount));
    return { ...player.balances(step), entries };
  },
  query_expiring: (player, step) => ({
    expiring: player.show(
      expiringBy(stateOf(player.ledger, player.account(step), player.nowMs), player.at(step, 'by')),
    ),
  }),
  balance(player, step) {
    const state = stateOf(player.ledger, player.account(step), player.at(step));
    return { balance: player.show(state.balance), available: player.show(state.available) };
  },
  metric: (player, step) => figures(player.program, step),
  allocate: (player, step) => accounts.allocate(player.program, step),
  year_end: (player, step) => accounts.year_end(player.program, step),
  day_close: (player, step) => accounts.day_close(player.program, step),
  nightly_plan: () => ({ order: nightJobs.map((job) => nightNames[job]) }),
};

const nightNames: Readonly<Record<(typeof nightJobs)[number], string>> = {
  'activate-pending': 'activate_pending',
  'auto-redeem': 'auto_redeem',
  'review-tiers-earned': 'recalculate_tiers_earned',
  'expire-points': 'expire_points',
  'review-tiers-balance': 'recalculate_tiers_balance',
};

function ends(player: Player, account: ReturnType<typeof spendable>, atMs: number): Shown {
  const lot = entriesOf(player.ledger, account).at(-1);
  const endMs = lot?.expiresAtMs ?? null;
  return {
    expires: endMs === null ? null : new Date(endMs).toISOString().slice(0, 10),
    expires_at: endMs === null ? null : new Date(endMs).toISOString().slice(0, 19),
    usable_through: usableThrough(player.main.expiry, atMs, player.ledger.settings),
  };
}

function credited(
  player: Player,
  step: Fields,
  source: string,
  more: { effectiveAtMs?: number },
): Shown {
  const account = player.account(step);
  const breakdown = Object.fromEntries(
    Object.entries(fields(step, 'breakdown')).map(([rule, points]) => [rule, Number(points)]),
  );
  const basis = number(step, 'basis');
  const done = earnPoints(player.ledger, {
    account,
    points: player.points(step),
    source,
    sourceType: 'sale',
    atMs: player.nowMs,
    breakdown,
    basisMinor: basis === null ? null : minor(basis),
    ...more,
  });
  const shown: Shown = done.ok
    ? {
        ...player.take({ ok: true, value: done.value.ledger }),
        earned: player.show(done.value.earned),
      }
    : player.take(done);
  const qualifying = number(step, 'qualifying');
  if (qualifying !== null && qualifying > 0 && shown['error'] === undefined) {
    const points = player.points(step, 'qualifying');
    player.take(
      creditPoints(player.ledger, {
        account: { ...account, purpose: 'qualifying' },
        points,
        source,
        atMs: player.nowMs,
      }),
    );
  }
  const entry = findEntry(player.ledger, account, 'earn', source);
  return {
    ...afterPoints(player, step),
    ...shown,
    entry: { points: player.show(entry?.amount ?? 0), basis: basis, breakdown: entry?.breakdown },
  };
}

function redeemed(player: Player, account: ReturnType<typeof spendable>, source: string): Shown {
  const entry = findEntry(player.ledger, account, 'redeem', source);
  const parts = entry === null ? [] : consumedBy(player.ledger, entry, player.nowMs);
  const lotName = (id: string | null): string | undefined =>
    [...player.lotIds].find(([, lot]) => lot === id)?.[0];
  return {
    redeem_entries: parts.map(({ lotId, amount }) => ({
      lot: lotName(lotId),
      points: player.show(-amount),
    })),
    consumed: parts.map(({ lotId, amount }) => ({
      lot: lotName(lotId),
      points: player.show(amount),
    })),
  };
}

function reverseAll(player: Player, step: Fields, order: string): Shown {
  const account = player.account(step);
  const before = player.ledger.entries.length;
  if (step['at'] !== undefined) player.nowMs = player.at(step);
  for (const entry of player.ledger.entries.filter(({ source }) => source === order)) {
    const { alreadySpent: policy } = player.main.refund;
    player.take(
      reverseEntry(player.ledger, entry, {
        source: `void-${order}-${entry.type}`,
        atMs: player.nowMs,
        policy,
      }),
    );
  }
  const [entry] = player.ledger.entries.slice(before);
  const back = player.ledger.entries.filter(
    ({ type, account: of }) => type === 'reverse' && of.holder === account.holder,
  );
  return {
    ...player.balances(step),
    entry: player.show(entry?.amount ?? 0),
    rollback_entries: back.length,
  };
}

function afterPoints(player: Player, step: Fields): Shown {
  const { holder } = player.account(step);
  const before = player.ledger.tierEvents.length;
  const vouchers = player.ledger.vouchers.length;
  player.ledger =
    player.main.autoRedeem === null
      ? reviewMember(player.ledger, holder, player.nowMs)
      : runNight(player.ledger, player.nowMs);
  const events = player.ledger.tierEvents
    .slice(before)
    .map(
      ({ kind, to }) =>
        `tier_${kind}:${player.main.tiers.find(({ id }) => id === to)?.name['en'] ?? ''}`,
    );
  const auto_redeemed = player.ledger.vouchers.slice(vouchers).length;
  return { ...player.balances(step), events, auto_redeemed };
}
