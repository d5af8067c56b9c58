import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { overdrawnAccounts } from '#loyalty/day-totals.ts';
import { usableThrough } from '#loyalty/expiry.ts';
import { nightJobs, runJob } from '#loyalty/ledger-night.ts';
import { consumedBy, creditPoints, earnPoints, redeemPoints } from '#loyalty/ledger-points.ts';
import { reviewMember } from '#loyalty/ledger-tiers.ts';
import { append, entriesOf, findEntry, stateOf } from '#loyalty/ledger.ts';
import { expiringBy, replay } from '#loyalty/lots.ts';
import { type Fields, fields, list, number, text } from './notation/fields.ts';
import { decodeCandidates } from '#scan/decode.ts';
import { defaultScanSettings } from '#scan/settings.ts';
import { createWedge, defaultWedgeSettings } from '#scan/wedge.ts';
import { createFieldPage, pressText } from '#test/scan/support/keyboard.ts';
import { permutations } from '#test/loyalty/permutations.ts';
import type { Verbs } from './sale-verbs.ts';
import { instant, type Shown, type World } from './world.ts';

/** What follows points that moved: automatic rewards, then a look at the tiers. */
function settled(world: World, step: Fields, shown: Shown): Shown {
  const { tierEvents, vouchers } = world.ledger;
  const { holder } = world.account(step);
  world.member(holder);
  const redeemed = runJob(world.ledger, 'auto-redeem', world.nowMs);
  world.ledger = reviewMember(redeemed, holder, world.nowMs);
  const nameOf = (tier: string | null): string =>
    world.main.tiers.find(({ id }) => id === tier)?.name['en'] ?? '';
  return {
    events: world.ledger.tierEvents
      .slice(tierEvents.length)
      .map(({ kind, to }) => `tier_${kind}:${nameOf(to)}`),
    auto_redeemed: world.ledger.vouchers.slice(vouchers.length).length,
    ...shown,
  };
}

/** The end a step states; `undefined` where the programme's own counts. */
function endOf(world: World, step: Fields): number | null | undefined {
  const through = text(step, 'usable_through');
  if (through !== null) return instant(addDays(through, 1));
  return text(step, 'expires') === null ? undefined : world.at(step, 'expires');
}

function credit(world: World, step: Fields): Shown {
  const moving = world.moving(step);
  const end = endOf(world, step);
  const ended = typeof end === 'number' && end < moving.atMs;
  const atMs = ended ? instant('2025-01-01') : moving.atMs;
  const stated = end === undefined ? {} : { expiresAtMs: end };
  const shown = world.take(creditPoints(world.ledger, { ...moving, atMs, ...stated }));
  const entry = findEntry(world.ledger, moving.account, 'earn', moving.source);
  if (entry !== null) world.lots.set(text(step, 'lot') ?? moving.source, entry.id);
  const ends = entry?.expiresAtMs ?? null;
  const written = ends === null ? null : new Date(ends).toISOString();
  return settled(world, step, {
    ...shown,
    expires: written?.slice(0, 10) ?? null,
    expires_at: written?.slice(0, 19) ?? null,
    usable_through: usableThrough(world.main.expiry, moving.atMs, world.ledger.settings),
  });
}

function earn(world: World, step: Fields): Shown {
  const moving = world.moving(step);
  const basis = number(step, 'basis');
  const parts = fields(step, 'breakdown');
  const breakdown = Object.keys(parts).map((rule) => [rule, world.smallest(parts, rule)]);
  const earned = earnPoints(world.ledger, {
    ...moving,
    sourceType: 'sale',
    effectiveAtMs: world.at(step, 'effective_at'),
    breakdown: Object.fromEntries(breakdown),
    basisMinor: basis === null ? null : world.minor(basis),
    qualifyingPoints: world.smallest(step, 'qualifying'),
  });
  const shown = world.take(earned, (done) => ({ earned: world.points(done.earned) }));
  const entry = findEntry(world.ledger, moving.account, 'earn', moving.source);
  const points = world.points(entry?.amount ?? 0);
  const what = { points, basis, breakdown: world.points(entry?.breakdown) };
  return settled(world, step, { ...shown, entry: what });
}

function redeem(world: World, step: Fields): Shown {
  const till = number(step, 'till');
  const moving = world.moving(step);
  if (till !== null) {
    const done = redeemPoints(world.tills.get(till) ?? world.ledger, moving);
    if (done.ok) world.tills.set(till, done.value);
    return done.ok ? {} : { error: done.error.code };
  }
  if (step['variant'] !== undefined) world.load(step);
  const atMs = step['before_expiry'] === true ? instant('2025-12-30') : moving.atMs;
  const shown = world.take(redeemPoints(world.ledger, { ...moving, atMs }));
  const entry = findEntry(world.ledger, moving.account, 'redeem', moving.source);
  const parts = entry === null ? [] : consumedBy(world.ledger, entry, world.nowMs);
  const lotName = (id: string | null): string | undefined =>
    [...world.lots].find(([, lot]) => lot === id)?.[0];
  const consumed = (sign: 1 | -1): unknown =>
    parts.map(({ lotId, amount }) => ({
      lot: lotName(lotId),
      points: world.points(sign * amount),
    }));
  return settled(world, step, { redeem_entries: consumed(-1), consumed: consumed(1), ...shown });
}

function expire(world: World): Shown {
  const before = world.ledger.entries.length;
  world.ledger = runJob(world.ledger, 'expire-points', world.nowMs);
  return { entries: world.ledger.entries.slice(before).map(({ amount }) => world.points(amount)) };
}

function sync(world: World): Shown {
  const refused = [...world.tills.values(), world.ledger].filter(({ entries }) => {
    const received = append(world.server, entries);
    if (received.ok) world.server = received.value;
    return !received.ok;
  });
  const { server } = world;
  return {
    server_balance: world.points(stateOf(server, world.account({}), world.nowMs).balance),
    server_entries: entriesOf(server, world.account({})).length,
    exceptions: overdrawnAccounts(server, world.nowMs).length,
    sales_rejected: refused.length,
  };
}

function scan(world: World, step: Fields): Shown {
  const card = {
    prefix: '044',
    lengthMin: 12,
    lengthMax: 12,
    characters: 'digits',
    check: 'none',
  } as const;
  const settings = { ...defaultScanSettings, cardPatterns: [card] };
  const page = createFieldPage(createWedge({ ...defaultWedgeSettings, scan: settings }), '1');
  const code = text(step, 'code') ?? '';
  page.wait(
    pressText(
      page,
      code,
      0,
      [...code].map(() => 8),
      8,
    ) + 1000,
  );
  const seen = page.outcomes.find((outcome) => outcome.kind === 'scan');
  const texts = seen?.kind === 'scan' ? [seen.text, ...seen.alternatives] : [];
  const { kind } = decodeCandidates(texts, 'keyboard', settings);
  return {
    member_selected: kind === 'card',
    quantity_field_unchanged: page.field === '1',
    resolved: { card: 'member', product: 'product' }[String(kind)] ?? 'unknown',
    order_unchanged: world.orders.size === 0 || kind === 'unknown',
  };
}

const jobNames: Readonly<Record<(typeof nightJobs)[number], string>> = {
  'activate-pending': 'activate_pending',
  'auto-redeem': 'auto_redeem',
  'review-tiers-earned': 'recalculate_tiers_earned',
  'expire-points': 'expire_points',
  'review-tiers-balance': 'recalculate_tiers_balance',
};

/** Verbs about single accounts, the clock, several tills and the scanner. */
export const pointVerbs: Verbs = {
  credit,
  earn,
  earn_action: earn,
  redeem,
  debit: (world, step) => {
    const mayOverdraw = step['allow_negative'] === true;
    return world.take(redeemPoints(world.ledger, { ...world.moving(step), mayOverdraw }));
  },
  expire_lot: (world, step) => {
    const { lots } = stateOf(world.ledger, world.account(step), world.nowMs);
    const lot = lots.find(({ id }) => id === world.lots.get(text(step, 'lot') ?? ''));
    world.nowMs = lot?.expiresAtMs ?? world.nowMs;
    return expire(world);
  },
  run_expiry: expire,
  balance: () => undefined,
  query_expiring: (world, step) => {
    const state = stateOf(world.ledger, world.account(step), world.nowMs);
    return { expiring: world.points(expiringBy(state, world.at(step, 'by'))) };
  },
  now: () => undefined,
  advance_days: (world, step) => {
    const day = businessDay(world.nowMs, world.ledger.settings);
    world.nowMs = instant(addDays(day, number(step, 'days') ?? 0));
  },
  nightly_plan: () => ({ order: nightJobs.map((job) => jobNames[job]) }),
  entries: (world, step) => {
    world.listed = list(step, 'list');
  },
  apply_in_all_orders: (world) => {
    const entries = world.listed.map((of, index) => ({
      id: text(of, 'id') ?? '',
      type: text(of, 'type') === 'redeem' ? ('redeem' as const) : ('earn' as const),
      amount: world.smallest(of),
      source: text(of, 'id') ?? '',
      lotId: null,
      ofEntryId: null,
      effectiveAtMs: index,
      expiresAtMs: null,
    }));
    const balances = permutations(entries).map(
      (order) => replay([...order, ...order], world.nowMs).balance,
    );
    return { balance: world.points(balances[0] ?? 0), all_equal: new Set(balances).size === 1 };
  },
  sync,
  sync_again: sync,
  sync_all: sync,
  wedge_scan: scan,
};
