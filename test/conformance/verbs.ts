import { addDays, addMonths } from '#loyalty/calendar.ts';
import { dayTotals, overdrawnAccounts } from '#loyalty/day-totals.ts';
import { figureField, figureOf } from '#loyalty/figures.ts';
import { issueCard, replaceCard } from '#loyalty/ledger-cards.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { nightJobs, runJob, runNight, runYearlyReview } from '#loyalty/ledger-night.ts';
import * as moves from '#loyalty/ledger-points.ts';
import { claimReceipt } from '#loyalty/ledger-sale.ts';
import { reviewMember } from '#loyalty/ledger-tiers.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { append, entriesOf, stateOf } from '#loyalty/ledger.ts';
import { expiringBy, replay } from '#loyalty/lots.ts';
import { messagesOnBalance, messagesOnEnrol, type Milestone } from '#loyalty/milestones.ts';
import {
  addMeasures,
  type HeldTier,
  type Measures,
  reviewTier,
  termOf,
  tierFor,
} from '#loyalty/tiers.ts';
import { readPhone } from '#till/phone.ts';
import { permutations } from '#test/loyalty/permutations.ts';
import { money, points, translate, wordsOf } from './programme.ts';
import { shown } from './shown.ts';
import { type Fields, fields, list, names, text } from './table.ts';
import { instant, type World } from './world.ts';
import { basketVerbs, changed, earlier, preview, type Verb, type Verbs } from './baskets.ts';

const issue: Verb = (world, step) => {
  const bearer = world.ledger.programmes.find(({ holder }) => holder === 'bearer');
  const { account, ...credit } = world.moving(step, 'points', bearer);
  const card = { ...credit, programme: account.programme, code: text(step['code']) };
  return world.take(issueCard(world.ledger, card));
};

/** What follows points that moved: automatic rewards, then a look at the tiers. */
function settled(world: World, step: Fields, done: Fields): Fields {
  const { holder } = world.moving(step).account;
  world.member(holder);
  const redeemed = runJob(world.ledger, 'auto-redeem', world.nowMs);
  world.ledger = reviewMember(redeemed, holder, world.nowMs);
  return done;
}

const credit: Verb = (world, step) => {
  const { usable_through: through, expires } = step;
  const end = through === undefined ? expires : addDays(text(through), 1);
  const expiresAtMs = typeof end === 'string' ? world.at(end) : null;
  const moving = { ...world.moving(step), ...(end === undefined ? {} : { expiresAtMs }) };
  const over = expiresAtMs !== null && expiresAtMs < moving.atMs;
  const atMs = over ? instant(addMonths(world.dayOf(expiresAtMs), -12)) : moving.atMs;
  return settled(world, step, world.take(moves.creditPoints(world.ledger, { ...moving, atMs })));
};

const earn: Verb = (world, step) => {
  const units = world.units();
  const { basis, breakdown, effective_at, qualifying = 0 } = step;
  const parts = Object.entries(fields(breakdown)).map(([rule, of]) => [rule, points(of, units)]);
  const request = {
    ...{ ...world.moving(step), sourceType: 'sale' as const, breakdown: Object.fromEntries(parts) },
    ...{ effectiveAtMs: world.at(effective_at), qualifyingPoints: points(qualifying, units) },
    basisMinor: basis === undefined ? null : money(basis, units),
  };
  return settled(world, step, world.take(moves.earnPoints(world.ledger, request)));
};

const redeem: Verb = (world, step) => {
  const { till, before_expiry, allow_negative, variant } = step;
  const moving = { ...world.moving(step), mayOverdraw: allow_negative === true };
  const { policy } = fields(world.program['offline_redeem']);
  if (till !== undefined && policy === 'allow') {
    const done = moves.redeemPoints(world.tills.get(till) ?? world.ledger, moving);
    if (done.ok) world.tills.set(till, done.value);
    return done.ok ? {} : { error: done.error.code };
  }
  if (variant !== undefined) world.load(step);
  const last = world.ledger.entries.at(-1)?.atMs ?? 0;
  const atMs = before_expiry === true ? last : moving.atMs;
  return settled(world, step, world.take(moves.redeemPoints(world.ledger, { ...moving, atMs })));
};

const expire: Verb = (world) => {
  world.ledger = runJob(world.ledger, 'expire-points', world.nowMs);
};

const sync: Verb = (world, step) => {
  const refused = [...world.tills.values(), world.ledger].filter(({ entries }) => {
    const received = append(world.server, entries);
    if (received.ok) world.server = received.value;
    return !received.ok;
  });
  const { account, atMs } = world.moving({ member: step['member'] });
  return {
    ...shown(world, { serverBalance: stateOf(world.server, account, atMs).balance }),
    server_entries: entriesOf(world.server, account).length,
    exceptions: overdrawnAccounts(world.server, atMs).length,
    sales_rejected: refused.length,
  };
};

const milestones = (world: World): Milestone[] =>
  list(world.program['milestones']).map(({ on, points: reached, send }) =>
    on === 'create'
      ? { on: 'enrol', send: text(send) }
      : { on: 'balance', points: points(reached, world.units()), send: text(send) },
  );

const enrol = (world: World, step: Fields): Fields => {
  const { id, member, phone, country, birthday, referred_by: by = null, account_enabled } = step;
  const read = readPhone(text(phone), country === 'US' ? 'US' : 'TR');
  const request = {
    ref: text(member ?? `member-${text(id)}`),
    identifiers: read.ok ? [read.value.e164] : [],
    birthday: birthday === undefined ? null : text(birthday).slice(5),
    ...{ referredBy: by === null ? null : text(by), enabled: account_enabled !== false },
    nowMs: world.nowMs,
  };
  const done = world.take(enrolMember(world.ledger, request));
  const same_member_as = earlier(world, 'member', done['member']);
  return { ...done, enrolled: true, sent: messagesOnEnrol(milestones(world)), same_member_as };
};

function event(world: World, step: Fields, type: string): Fields {
  const { account, source, atMs } = world.moving(step);
  const done = recordEvent(world.ledger, plainEvent('event', account.holder, source, atMs, type));
  world.ledger = done.ledger;
  const used = done.reason?.code === 'limit-used';
  const why = used ? { reason: 'yearly_event_cap', error: 'already_used' } : {};
  return { ...shown(world, { earned: done.points }), ...why };
}

const hold = (world: World, { member = 'm' }: Fields, held: HeldTier): void =>
  world.member(text(member), { tiers: { [world.main.id]: held } });
const tierNamed = (world: World, { tier }: Fields): string | null =>
  world.main.tiers.find(({ name }) => name['en'] === tier)?.id ?? null;
/** What a step says of a member, measured; the current sale only where it counts. */
const measured = (world: World, step: Fields): Measures =>
  [...new Set(wordsOf('measures'))]
    .filter((word) => word !== 'current_sale' || world.program['include_current_sale'] !== false)
    .map((word) => translate('measures', { [word]: step[word] }, world.units()) as Measures)
    .reduce(addMeasures, {});
const review: Verb = (world, step) => {
  const none: HeldTier = { tier: null, since: world.day, through: null };
  const held = world.ledger.members.get(text(step['member'] ?? 'm'))?.tiers[world.main.id] ?? none;
  hold(world, step, reviewTier(world.main, held, measured(world, step), world.day).held);
};

/** A figure of the table so named; the books count in a money's smallest unit. */
function figure(world: World, table: string, step: Fields, currency = 'EUR'): Fields {
  const stated = Object.entries(step).filter(([word]) => wordsOf(table).includes(word));
  const asked = translate(table, Object.fromEntries(stated), world.units(undefined, currency));
  return shown(world, figureOf(figureField.parse(asked)), currency);
}

const merge: Verb = (world, step) => {
  const [from, into] = [text(step['from']), text(step['into'])];
  for (const ref of [from, into]) {
    const known = world.ledger.members.get(ref)?.identifiers ?? [];
    world.member(ref, { identifiers: known.length > 0 ? known : [`card-${ref}`] });
  }
  const request = { from, into, source: `merge-${from}`, atMs: world.nowMs };
  return world.take(mergeMembers(world.ledger, request));
};

const applyInAllOrders: Verb = (world) => {
  const none = { lotId: null, ofEntryId: null, expiresAtMs: null };
  const entries = world.listed.map(({ id, type, points: of }, effectiveAtMs) => ({
    ...{ ...none, id: text(id), source: text(id), effectiveAtMs },
    type: type === 'redeem' ? ('redeem' as const) : ('earn' as const),
    amount: points(of, world.units()),
  }));
  const twice = permutations(entries).map((order) => [...order, ...order]);
  const balances = twice.map((order) => replay(order, world.nowMs).balance);
  return { ...shown(world, { balance: balances[0] }), all_equal: new Set(balances).size === 1 };
};

/** Every verb of a case; the keys each may carry are in the dictionary. */
export const verbs: Verbs = {
  ...basketVerbs,
  issue_voucher: issue,
  replace_card: (world, step) =>
    world.take(replaceCard(world.ledger, text(step['old']), text(step['new']))),
  claim_receipt: (world, { order, member }) => {
    const receipt = { saleId: text(order), member: text(member), proof: 'verified' } as const;
    const done = claimReceipt(world.ledger, { ...receipt, nowMs: world.nowMs });
    if (!done.ok) return { error: done.error.code };
    world.ledger = done.value.ledger;
    const own = done.value.earnings.find(({ programme }) => programme === world.main.id);
    return shown(world, { earned: own?.points ?? 0 });
  },
  day_report: (world) => shown(world, dayTotals(world.ledger, world.day)),
  credit,
  earn,
  redeem,
  expire_lot: (world, step) => {
    const entries = entriesOf(world.ledger, world.moving(step).account);
    world.nowMs = entries.find(({ source }) => source === step['lot'])?.expiresAtMs ?? world.nowMs;
    return expire(world, step);
  },
  run_expiry: expire,
  now: () => undefined,
  query_expiring: (world, step) => {
    const state = stateOf(world.ledger, world.moving(step).account, world.nowMs);
    return shown(world, { expiring: expiringBy(state, world.at(step['by'])) });
  },
  advance_days: (world, { days }) => {
    world.nowMs = instant(addDays(world.day, Number(days)));
  },
  nightly_plan: () => ({
    order: nightJobs.map((job) =>
      job.replaceAll('-', '_').replace('review_tiers', 'recalculate_tiers'),
    ),
  }),
  run_daily: (world) => {
    world.ledger = runNight(world.ledger, world.nowMs);
  },
  yearly_recalculation: (world) => {
    world.ledger = runYearlyReview(world.ledger, world.nowMs);
  },
  entries: (world, step) => {
    world.listed = list(step['list']);
  },
  apply_in_all_orders: applyInAllOrders,
  sync,
  enrol,
  event: (world, step) => event(world, step, text(step['type'])),
  scan_qr: (world, step) => event(world, step, `qr:${text(step['code'])}`),
  set_balance: (world, step) => {
    const named = world.ledger.programmes.find(({ name }) => name['en'] === step['program']);
    const { account, points: balance, source, atMs } = world.moving(step, 'points', named);
    world.member(account.holder);
    const before = stateOf(world.ledger, account, atMs).balance;
    world.take(moves.setBalance(world.ledger, { account, balance, source, atMs }));
    return { sent: messagesOnBalance(milestones(world), before, balance) };
  },
  set_account: (world, { available, pending, member }) => {
    credit(world, { points: available, member });
    const waiting = { ...world.moving({ points: pending, member }) };
    const effectiveAtMs = instant(addDays(world.day, 30));
    world.take(moves.creditPoints(world.ledger, { ...waiting, effectiveAtMs }));
  },
  return_points: (world, step) => {
    const { points: waiting } = world.moving(step, 'from_order_pending');
    const policy = world.main.refund.alreadySpent;
    return world.take(
      moves.takeBackPoints(world.ledger, { ...world.moving(step), waiting, policy }),
    );
  },
  adjust: (world, step) => {
    const role = step['by'] === 'manager' ? 'manager' : 'cashier';
    const request = { ...world.moving(step), role, reason: text(step['reason']) } as const;
    return world.take(moves.adjustPoints(world.ledger, request));
  },
  transfer: (world, step) => {
    const { account, ...moving } = world.moving(step);
    const [from, to] = [text(step['from']), text(step['to'])];
    const request = { ...moving, from, to, programme: account.programme };
    return world.take(transferPoints(world.ledger, request));
  },
  merge,
  window_close: (world, step) => {
    const { account, points: balance, source, atMs } = world.moving(step);
    world.take(moves.setBalance(world.ledger, { account, balance, source, atMs }));
    const closed = closeWindow(world.ledger, world.main, account.holder, atMs);
    const done = world.take(closed);
    world.nowMs = instant(addDays(world.day, 1));
    const vouchersValueMinor = closed.ok ? closed.value.voucherPoints : 0;
    return { ...done, ...shown(world, { vouchersValueMinor }) };
  },
  set_membership: (world, { member = 'm' }) => {
    const membershipUntilMs = { [world.main.id]: instant('2100-01-01') };
    world.member(text(member), { membershipUntilMs });
  },
  tier_for: (world, step) => ({
    tier: world.tierName(tierFor(world.main, measured(world, step))),
  }),
  period_end: review,
  set_tier: (world, step) => {
    const [since, through] = ['2025-01-01', '2025-12-31'];
    hold(world, step, { tier: tierNamed(world, step), since, through });
  },
  reach_threshold: (world, step) => {
    world.load(step);
    const { since, through } = termOf(world.main.tierSettings, world.day);
    hold(world, step, { tier: tierNamed(world, step), since, through });
    const ends = through === null ? null : `${addDays(through, 1)}T00:00:00`;
    return { tier_from: since, tier_through: through, tier_ends_at: ends };
  },
  change_program: (world, { earn: rules }) => world.change({ earn: rules }),
  disable_rule: (world) => {
    const off = ['earn', 'rules'].filter((word) => word in world.program);
    const rules = (word: string): readonly Fields[] => list(world.program[word]);
    const disabled = (word: string) => rules(word).map((rule) => ({ ...rule, enabled: false }));
    world.change(Object.fromEntries(off.map((word) => [word, disabled(word)])));
  },
  metric: (world, step) => figure(world, text(world.program['name']), step),
  allocate: (world, step) => figure(world, 'allocate', step, 'JPY'),
  year_end: (world, step) => figure(world, 'year_end', step, 'JPY'),
  day_close: (world, step) => figure(world, 'day_close', step),
  enrol_on_order: (world, { order, ...step }) =>
    changed(world, { order }, { member: enrol(world, step)['member'] }),
  calculate_earn: (world, step) => {
    world.member(text(step['member'] ?? 'm'), { segments: names(step['member_segments']) });
    const tier = tierNamed(world, step);
    if (tier !== null) hold(world, step, { tier, since: world.day, through: null });
    return preview(world, { member: 'm', ...step });
  },
};
