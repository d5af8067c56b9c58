import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { dayTotals, overdrawnAccounts } from '#loyalty/day-totals.ts';
import {
  append,
  entriesOf,
  type Ledger,
  newLedgerMember,
  resolveMember,
  spendable,
  stateOf,
  withMember,
} from '#loyalty/ledger.ts';
import { holderOfCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { runNight, runYearlyReview } from '#loyalty/ledger-night.ts';
import {
  adjustPoints,
  creditPoints,
  setBalance,
  spendingRefusal,
  takeBackPoints,
} from '#loyalty/ledger-points.ts';
import { claimReceipt, previewSale } from '#loyalty/ledger-sale.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { replay } from '#loyalty/lots.ts';
import { markets } from '#loyalty/market.ts';
import { benefitsAt } from '#loyalty/membership.ts';
import { messagesOnEnrol } from '#loyalty/milestones.ts';
import { internationalNumber } from '#loyalty/phone.ts';
import { pointsBlocks } from '#loyalty/points-block.ts';
import { rational, roundToInteger, subtract } from '#loyalty/rational.ts';
import { addMeasures, reviewTier, termOf, tierFor } from '#loyalty/tiers.ts';
import {
  type Fields,
  instant,
  isFields,
  list,
  major,
  minor,
  names,
  NotTranslated,
  number,
  only,
  text,
} from './fields.ts';
import type { Player } from './loyalty.ts';
import { type Order, orderOf, requestOf, type Shown } from './orders.ts';
import { measuresOf } from './tiers.ts';
import { pay, preview, type Verb } from './verbs.ts';

const nameOfTier = (player: Player, id: string | null): string | null =>
  player.main.tiers.find((tier) => tier.id === id)?.name['en'] ?? null;
const lineOf = (price: unknown, more: Fields = {}): Fields => ({
  sku: 'A',
  price,
  qty: 1,
  ...more,
});
const both = (player: Player, left: string, right: string): Shown => ({
  [left]: player.balances({ member: left })['balance'],
  [right]: player.balances({ member: right })['balance'],
});

function basketOf(player: Player, step: Fields): Order {
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

function setMember(
  player: Player,
  ref: string,
  change: Partial<ReturnType<typeof newLedgerMember>>,
): void {
  const known = player.ledger.members.get(ref) ?? newLedgerMember(ref, 0);
  player.ledger = withMember(player.ledger, { ...known, ...change });
}

function enrol(player: Player, step: Fields): Shown {
  only(step, 'id do member phone country birthday referred_by account_enabled');
  const phone = text(step, 'phone');
  const country =
    markets[text(step, 'country') === 'US' || phone?.startsWith('+1') === true ? 'US' : 'TR'].phone;
  const identifier = phone === null ? null : internationalNumber(phone, country);
  const done = enrolMember(player.ledger, {
    ref: text(step, 'member') ?? `member-${text(step, 'id') ?? ''}`,
    identifiers: identifier === null ? [] : [identifier],
    birthday: text(step, 'birthday')?.slice(5) ?? null,
    referredBy: text(step, 'referred_by'),
    enabled: step['account_enabled'] !== false,
    nowMs: player.nowMs,
  });
  if (!done.ok) return { error: done.error.code };
  player.ledger = done.value.ledger;
  const { member, created } = done.value;
  return {
    ...player.balances({ member }),
    created,
    enrolled: true,
    member,
    sent: messagesOnEnrol(player.milestones()),
  };
}

function happened(player: Player, step: Fields, type: string, source: string): Shown {
  const member = text(step, 'member') ?? 'm';
  const done = recordEvent(
    player.ledger,
    plainEvent('event', member, source, player.at(step), type),
  );
  player.ledger = done.ledger;
  const capped = done.reason?.code === 'limit-used';
  return {
    ...player.balances({ member }),
    earned: player.show(done.points),
    reason: capped ? 'yearly_event_cap' : undefined,
    error: capped ? 'already_used' : undefined,
  };
}

function changeProgram(player: Player, program: Fields): Shown {
  player.program = program;
  player.load(null, [], {}, player.version + 1);
  return {};
}

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

/** Verbs about members, programmes over time, and more than one till. */
export const memberVerbs: Readonly<Record<string, Verb>> = {
  enrol,
  create_account: enrol,
  event: (player, step) => happened(player, step, text(step, 'type') ?? '', player.source('event')),
  scan_qr: (player, step) =>
    happened(player, step, `qr:${text(step, 'code') ?? ''}`, player.source('qr')),
  enrol_on_order(player, step) {
    const { member } = enrol(player, { id: step['id'], phone: step['phone'] });
    return preview(player, { ...player.order(step), member: String(member) });
  },
  calculate_earn(player, step) {
    only(
      step,
      'id do basis units at member_segments tier currency items_net tax shipping subtotal discount variant',
    );
    const tier = player.ledger.programmes
      .flatMap(({ tiers }) => tiers)
      .find(({ name }) => name['en'] === step['tier']);
    const held =
      tier === undefined ? {} : { p0: { tier: tier.id, since: '2026-01-01', through: null } };
    setMember(player, 'm', { segments: names(step, 'member_segments') ?? [], tiers: held });
    return preview(player, basketOf(player, step));
  },
  basis(player, step) {
    only(step, 'id do items_total items_tax order_total order_tax variant');
    const rest = (whole: string, part: string): number =>
      major(
        roundToInteger(
          subtract(
            rational(minor(number(step, whole) ?? 0)),
            rational(minor(number(step, part) ?? 0)),
          ),
          'half-up',
        ),
      );
    const taxed = (amount: number | null): Fields => ({ taxes: [{ amount, included: true }] });
    const order = basketOf(player, { id: step['id'], variant: step['variant'] });
    const goods = lineOf(step['items_total'], taxed(number(step, 'items_tax')));
    const delivery = {
      ...lineOf(rest('order_total', 'items_total'), taxed(rest('order_tax', 'items_tax'))),
      type: 'delivery',
    };
    return preview(player, { ...order, lines: [goods, delivery] });
  },
  apply_promotion(player, step) {
    const shown = preview(player, { ...basketOf(player, step), lines: [lineOf(1)] });
    return { ...shown, ...(isFields(shown['breakdown']) ? shown['breakdown'] : {}) };
  },
  rule_applies(player, step) {
    const [rule] = list(player.program, 'rules');
    const order = {
      ...basketOf(player, { ...step, id: step['id'] }),
      lines: [{ sku: rule?.['product'], price: 100, qty: step['qty'] }],
    };
    const shown = preview(player, order);
    return { applies: Array.isArray(shown['applied']) && shown['applied'].length > 0 };
  },
  quote_redemption(player, step) {
    only(step, 'id do requested balance order_total account_enabled member');
    const account = player.account({});
    const points = typeof step['requested'] === 'number' ? player.points(step, 'requested') : 0;
    const atMs = player.nowMs;
    setMember(player, 'm', { enabled: step['account_enabled'] !== false });
    player.take(
      setBalance(player.ledger, {
        account,
        balance: player.points(step, 'balance'),
        source: player.source('balance'),
        atMs,
      }),
    );
    if (step['order_total'] === undefined) {
      const refusal = spendingRefusal(
        player.ledger,
        step['member'] === null ? null : account,
        points,
        atMs,
      );
      return { ok: refusal === null, error: refusal?.code.replaceAll('-', '_') };
    }
    const order = {
      ...basketOf(player, {}),
      id: text(step, 'id') ?? '',
      lines: [lineOf(step['order_total'])],
    };
    const claims = typeof step['requested'] === 'number' ? [{ points: step['requested'] }] : [];
    preview(player, { ...order, claims });
    const quoted = previewSale(
      player.ledger,
      requestOf({ ...order, claims }, player.ledger.programmes),
    );
    const available = quoted.offers.filter(({ state }) => state === 'available');
    const [best] = available;
    const [done] = quoted.redemptions;
    return {
      spend: player.show(done?.points ?? 0),
      discount: major(done?.valueMinor ?? 0),
      options: available.map(({ costPoints }) => player.show(costPoints)).toSorted((a, b) => a - b),
      best:
        best === undefined
          ? null
          : { spend: player.show(best.costPoints), discount: major(best.worthMinor) },
    };
  },
  tier_for(player, step) {
    const { id: _, do: __, ...measured } = step;
    const tier = tierFor(player.main, measuresOf(measured).reduce(addMeasures, {}));
    return { tier: nameOfTier(player, tier) };
  },
  reach_threshold(player, step) {
    only(step, 'id do at tier variant');
    if (step['variant'] !== undefined) player.load(text(step, 'variant'), [], {});
    const day = businessDay(player.at(step), player.ledger.settings);
    const term = termOf(player.main.tierSettings, day);
    player.held = {
      tier: player.main.tiers.find(({ name }) => name['en'] === step['tier'])?.id ?? null,
      ...term,
    };
    return {
      tier: text(step, 'tier'),
      tier_from: term.since,
      tier_through: term.through,
      tier_ends_at: term.through === null ? null : `${addDays(term.through, 1)}T00:00:00`,
    };
  },
  tier_at(player, step) {
    const day = businessDay(player.at(step), player.ledger.settings);
    const { id: _, do: __, at: ___, ...measured } = step;
    player.held = reviewTier(
      player.main,
      player.held,
      measuresOf(measured).reduce(addMeasures, {}),
      day,
    ).held;
    return { tier: nameOfTier(player, player.held.tier) };
  },
  set_tier(player, step) {
    const tier = player.main.tiers.find(({ name }) => name['en'] === step['tier'])?.id ?? null;
    player.held = { tier, since: '2025-01-01', through: '2025-12-31' };
    return {};
  },
  period_end(player, step) {
    const { id: _, do: __, ...measured } = step;
    const metric = Object.keys(measured).length > 0 ? measuresOf(measured) : [];
    const spend = metric.map((measures) => ({
      ...measures,
      'spend-minor': minor(measures['earned-points'] ?? 0),
    }));
    const day = businessDay(player.nowMs, player.ledger.settings);
    player.held = reviewTier(player.main, player.held, spend.reduce(addMeasures, {}), day).held;
    return { tier: nameOfTier(player, player.held.tier) };
  },
  set_earned(player, step) {
    return player.take(
      creditPoints(player.ledger, {
        account: player.account({}),
        points: player.points(step),
        source: 'earned',
        atMs: player.nowMs,
      }),
    );
  },
  set_account(player, step) {
    const account = player.account({});
    const atMs = player.nowMs;
    setMember(player, 'm', {});
    player.take(
      creditPoints(player.ledger, {
        account,
        points: player.points(step, 'available'),
        source: 'available',
        atMs,
      }),
    );
    if (number(step, 'pending') === null) return {};
    const effectiveAtMs = instant(addDays(businessDay(atMs, player.ledger.settings), 30));
    return player.take(
      creditPoints(player.ledger, {
        account,
        points: player.points(step, 'pending'),
        source: 'pending',
        atMs,
        effectiveAtMs,
      }),
    );
  },
  return_points(player, step) {
    const done = takeBackPoints(player.ledger, {
      account: player.account({}),
      points: player.points(step),
      waiting: player.points(step, 'from_order_pending'),
      policy: player.main.refund.alreadySpent,
      source: player.source('return'),
      atMs: player.nowMs,
    });
    if (!done.ok) return player.take(done);
    player.ledger = done.value.ledger;
    return { ...player.balances({}), returned: player.show(done.value.taken) };
  },
  yearly_recalculation(player) {
    player.ledger = runYearlyReview(player.ledger, player.nowMs);
    return player.balances({});
  },
  run_daily(player, step) {
    player.nowMs = player.at(step);
    player.ledger = runNight(player.ledger, player.nowMs);
    return player.balances({});
  },
  window_close(player, step) {
    const account = player.account({});
    const atMs = player.nowMs;
    player.take(
      setBalance(player.ledger, {
        account,
        balance: player.points(step),
        source: player.source('window'),
        atMs,
      }),
    );
    const done = closeWindow(player.ledger, player.main, 'm', atMs);
    return done.ok
      ? {
          vouchers_value: major(done.value.voucherPoints),
          carried: player.show(done.value.carried),
        }
      : player.take(done);
  },
  transfer(player, step) {
    only(step, 'id do from to points at');
    const [from, to] = [text(step, 'from') ?? '', text(step, 'to') ?? ''];
    if (step['at'] !== undefined) player.nowMs = player.at(step);
    const request = {
      from,
      to,
      programme: player.main.id,
      points: player.points(step),
      source: player.source('transfer'),
      atMs: player.nowMs,
    };
    const shown = player.take(transferPoints(player.ledger, request));
    const endMs =
      entriesOf(player.ledger, spendable(to, player.main.id)).at(-1)?.expiresAtMs ?? null;
    const through = endMs === null ? null : addDays(new Date(endMs).toISOString().slice(0, 10), -1);
    const balance = both(player, from, to);
    const sum = Object.values(balance).reduce<number>((all, one) => all + Number(one), 0);
    return { ...shown, balance, sum, [`${to}_usable_through`]: through };
  },
  merge(player, step) {
    const [from, into] = [text(step, 'from') ?? '', text(step, 'into') ?? ''];
    for (const ref of [from, into]) {
      if (!player.ledger.members.has(ref)) setMember(player, ref, {});
      const known = player.ledger.members.get(ref);
      if (known?.identifiers.length === 0) setMember(player, ref, { identifiers: [`card-${ref}`] });
    }
    const shown = player.take(
      mergeMembers(player.ledger, { from, into, source: `merge-${from}`, atMs: player.nowMs }),
    );
    const cards = [...player.ledger.members.values()].filter(
      ({ ref }) => ref !== into && resolveMember(player.ledger, ref) === into,
    );
    return {
      ...shown,
      balance: both(player, from, into),
      [`${from}_archived`]: player.ledger.members.get(from)?.mergedInto === into,
      [`cards_usable_for_${into}`]: cards.flatMap(({ identifiers }) => identifiers).length,
    };
  },
  late_sync_earn(player, step) {
    const member = text(step, 'member') ?? '';
    const account = player.account(step);
    player.take(
      creditPoints(player.ledger, {
        account,
        points: player.points(step),
        source: player.source('late'),
        atMs: player.nowMs,
      }),
    );
    return { balance: both(player, member, resolveMember(player.ledger, member)) };
  },
  adjust(player, step) {
    only(step, 'id do member points by reason');
    const role = text(step, 'by') === 'manager' ? 'manager' : 'cashier';
    const reason = text(step, 'reason') ?? '';
    const request = {
      account: player.account(step),
      points: player.points(step),
      source: player.source('adjust'),
      atMs: player.nowMs,
      role,
      reason,
    } as const;
    const shown = player.take(adjustPoints(player.ledger, request));
    const entry = player.ledger.entries.at(-1);
    return {
      ...player.balances(step),
      ...shown,
      entry: { type: entry?.type, by: entry?.actor, reason: entry?.reason },
    };
  },
  claim_receipt(player, step) {
    only(step, 'id do order member at');
    const member = text(step, 'member') ?? '';
    const done = claimReceipt(player.ledger, {
      saleId: text(step, 'order') ?? '',
      member,
      proof: 'verified',
      nowMs: player.at(step),
    });
    if (!done.ok) return { error: done.error.code.replaceAll('-', '_') };
    player.ledger = done.value.ledger;
    player.nowMs = player.at(step);
    return {
      ...player.balances({ member }),
      earned: player.show(done.value.earnings[0]?.points ?? 0),
    };
  },
  set_membership(player, step) {
    setMember(player, text(step, 'member') ?? 'm', {
      membershipUntilMs: { p0: instant('2100-01-01') },
    });
    return {};
  },
  benefits: (player, step) => ({ benefits: benefitsAt(player.ledger, 'm', player.at(step)) }),
  change_program: (player, step) =>
    changeProgram(player, { ...player.program, earn: step['earn'] }),
  disable_rule: (player) =>
    changeProgram(player, {
      ...player.program,
      earn: list(player.program, 'earn').map((of) => ({ ...of, enabled: false })),
    }),
  reprice(player, step) {
    const factor = number(step, 'factor') ?? 1;
    const order = player.order(step);
    return preview(player, {
      ...order,
      lines: order.lines.map((line) => ({ ...line, price: (number(line, 'price') ?? 0) * factor })),
    });
  },
  add_gift_card(player, step) {
    const order = player.order(step);
    const due = -Number(preview(player, order)['total']);
    const shown = preview(player, {
      ...order,
      lines: [...order.lines, { sku: 'GC', price: due, qty: 1 }],
    });
    return { ...shown, gift_card_value: due };
  },
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
  return { ...order, claims: [...player.heldRewards] };
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
