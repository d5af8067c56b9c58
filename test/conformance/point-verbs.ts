import type { AccountRef } from '#loyalty/entry.ts';
import { addDays } from '#loyalty/calendar.ts';
import { expiresAt, usableThrough } from '#loyalty/expiry.ts';
import { nightJobs, runJob, runNight } from '#loyalty/ledger-night.ts';
import {
  consumedBy,
  creditPoints,
  earnPoints,
  redeemPoints,
  reverseEntry,
} from '#loyalty/ledger-points.ts';
import { reviewMember } from '#loyalty/ledger-tiers.ts';
import { entriesOf, findEntry, newLedgerMember, stateOf, withMember } from '#loyalty/ledger.ts';
import { expiringBy } from '#loyalty/lots.ts';
import { type Fields, fields, instant, list, minor, number, text } from './fields.ts';
import { accounts, figures } from './figures.ts';
import type { Player } from './loyalty.ts';
import type { Shown } from './orders.ts';
import { smallest } from './fields.ts';
import type { Verb } from './verbs.ts';

/** Verbs about single accounts, returns and figures. */
export const pointVerbs: Readonly<Record<string, Verb>> = {
  refund(player, step) {
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
    const atMs = player.at(step);
    player.nowMs = atMs;
    const effectiveAtMs =
      step['effective_at'] === undefined ? atMs : player.at(step, 'effective_at');
    const source = text(step, 'order') ?? player.source('earn');
    return credited(player, step, source, { effectiveAtMs });
  },
  earn_action: (player, step) => credited(player, step, text(step, 'source') ?? '', {}),
  redeem(player, step) {
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

function ends(player: Player, account: AccountRef, atMs: number): Shown {
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

function redeemed(player: Player, account: AccountRef, source: string): Shown {
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
  if (!player.ledger.members.has(holder)) {
    player.ledger = withMember(player.ledger, newLedgerMember(holder, player.nowMs));
  }
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
