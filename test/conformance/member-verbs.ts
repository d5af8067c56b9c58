import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { outstandingPoints } from '#loyalty/day-totals.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { runNight, runYearlyReview } from '#loyalty/ledger-night.ts';
import { adjustPoints, creditPoints, setBalance, takeBackPoints } from '#loyalty/ledger-points.ts';
import { claimReceipt } from '#loyalty/ledger-sale.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { entriesOf, resolveMember, spendable } from '#loyalty/ledger.ts';
import { messagesOnBalance, messagesOnEnrol, type Milestone } from '#loyalty/milestones.ts';
import { type Fields, list, number, text } from './notation/fields.ts';
import { measuresFromNotation } from './notation/tiers.ts';
import { type HeldTier, reviewTier, termOf, tierFor } from '#loyalty/tiers.ts';
import { readPhone } from '#till/phone.ts';
import type { Verbs } from './sale-verbs.ts';
import { accountShown } from './shown.ts';
import { instant, type Shown, type World } from './world.ts';

function milestones(world: World): Milestone[] {
  return list(world.program, 'milestones').map((of) => {
    const send = text(of, 'send') ?? '';
    if (text(of, 'on') === 'create') return { on: 'enrol', send };
    return { on: 'balance', points: number(of, 'points') ?? 0, send };
  });
}

/** Joins a member by phone, card or name. */
export function enrol(world: World, step: Fields): Shown {
  const phone = readPhone(text(step, 'phone') ?? '', step['country'] === 'US' ? 'US' : 'TR');
  const request = {
    ref: text(step, 'member') ?? `member-${text(step, 'id') ?? ''}`,
    identifiers: phone.ok ? [phone.value.e164] : [],
    birthday: text(step, 'birthday')?.slice(5) ?? null,
    referredBy: text(step, 'referred_by'),
    enabled: step['account_enabled'] !== false,
    nowMs: world.nowMs,
  };
  return world.take(enrolMember(world.ledger, request), ({ member, created }) => {
    const [earlier] = [...world.shown].filter(([, shown]) => shown['member'] === member);
    const sent = messagesOnEnrol(milestones(world));
    return { member, created, same_member_as: earlier?.[0] ?? null, enrolled: true, sent };
  });
}

function event(world: World, step: Fields, type: string): Shown {
  const request = plainEvent(
    'event',
    text(step, 'member') ?? 'm',
    world.source('event'),
    world.nowMs,
    type,
  );
  const { ledger, points, reason } = recordEvent(world.ledger, request);
  world.ledger = ledger;
  const used = reason?.code === 'limit-used';
  return {
    earned: world.points(points),
    ...(used ? { reason: 'yearly_event_cap', error: 'already_used' } : {}),
  };
}

function hold(world: World, held: HeldTier): void {
  world.member('m', { tiers: { [world.main.id]: held } });
}

function review(world: World, step: Fields): Shown {
  const none: HeldTier = { tier: null, since: '2026-01-01', through: null };
  const held = world.ledger.members.get('m')?.tiers[world.main.id] ?? none;
  const day = businessDay(world.nowMs, world.ledger.settings);
  hold(world, reviewTier(world.main, held, measuresFromNotation(step, 'EUR'), day).held);
  return {};
}

const tierNamed = (world: World, step: Fields): string | null =>
  world.main.tiers.find(({ name }) => name['en'] === step['tier'])?.id ?? null;

/** Verbs about members, their accounts and their tiers. */
export const memberVerbs: Verbs = {
  enrol,
  create_account: enrol,
  event: (world, step) => event(world, step, text(step, 'type') ?? ''),
  scan_qr: (world, step) => event(world, step, `qr:${text(step, 'code') ?? ''}`),
  set_balance: (world, step) => {
    const named = world.ledger.programmes.find(({ name }) => name['en'] === step['program']);
    const programme = named ?? world.main;
    const account = world.account(step, programme.id);
    const balance = world.smallest(step, 'points', programme);
    world.member(account.holder);
    const before = Number(accountShown(world, account.holder)['balance']);
    const { atMs, source } = world.moving(step);
    world.take(setBalance(world.ledger, { account, balance, source, atMs }));
    const sent = messagesOnBalance(milestones(world), before, number(step, 'points') ?? 0);
    return { sent };
  },
  set_earned: (world, step) => world.take(creditPoints(world.ledger, world.moving(step))),
  set_account: (world, step) => {
    world.member('m');
    world.take(creditPoints(world.ledger, world.moving(step, 'available')));
    const later = addDays(businessDay(world.nowMs, world.ledger.settings), 30);
    const waiting = { ...world.moving(step, 'pending'), effectiveAtMs: instant(later) };
    return waiting.points === 0 ? {} : world.take(creditPoints(world.ledger, waiting));
  },
  return_points: (world, step) => {
    const waiting = world.smallest(step, 'from_order_pending');
    const policy = world.main.refund.alreadySpent;
    const request = { ...world.moving(step), waiting, policy };
    return world.take(takeBackPoints(world.ledger, request), ({ taken }) => ({
      returned: world.points(taken),
    }));
  },
  adjust: (world, step) => {
    const role = text(step, 'by') === 'manager' ? 'manager' : 'cashier';
    const request = { ...world.moving(step), role, reason: text(step, 'reason') ?? '' } as const;
    return world.take(adjustPoints(world.ledger, request), ({ entries }) => {
      const { type, actor: by, reason } = entries.at(-1) ?? {};
      return { entry: { type, by, reason } };
    });
  },
  late_sync_earn: (world, step) => world.take(creditPoints(world.ledger, world.moving(step))),
  transfer: (world, step) => {
    const [from, to] = [text(step, 'from') ?? '', text(step, 'to') ?? ''];
    const request = { from, to, programme: world.main.id, ...world.moving(step) };
    const shown = world.take(transferPoints(world.ledger, request));
    const endMs = entriesOf(world.ledger, spendable(to, world.main.id)).at(-1)?.expiresAtMs ?? null;
    const last = endMs === null ? null : addDays(new Date(endMs).toISOString().slice(0, 10), -1);
    const sum = world.points(outstandingPoints(world.ledger, world.main.id, world.nowMs));
    return { ...shown, sum, [`${to}_usable_through`]: last };
  },
  merge: (world, step) => {
    const [from, into] = [text(step, 'from') ?? '', text(step, 'into') ?? ''];
    for (const ref of [from, into]) {
      const known = world.ledger.members.get(ref)?.identifiers ?? [];
      world.member(ref, { identifiers: known.length > 0 ? known : [`card-${ref}`] });
    }
    const request = { from, into, source: `merge-${from}`, atMs: world.nowMs };
    return world.take(mergeMembers(world.ledger, request), (ledger) => {
      const cards = [...ledger.members.values()]
        .filter(({ ref }) => ref !== into && resolveMember(ledger, ref) === into)
        .flatMap(({ identifiers }) => identifiers);
      const archived = ledger.members.get(from)?.mergedInto === into;
      return { [`${from}_archived`]: archived, [`cards_usable_for_${into}`]: cards.length };
    });
  },
  claim_receipt: (world, step) => {
    const member = text(step, 'member') ?? '';
    const receipt = { saleId: text(step, 'order') ?? '', member, proof: 'verified' } as const;
    const claimed = claimReceipt(world.ledger, { ...receipt, nowMs: world.nowMs });
    return world.take(claimed, ({ earnings }) => ({
      earned: world.points(
        earnings.find(({ programme }) => programme === world.main.id)?.points ?? 0,
      ),
    }));
  },
  window_close: (world, step) => {
    const { account, points: balance, source, atMs } = world.moving(step);
    world.take(setBalance(world.ledger, { account, balance, source, atMs }));
    const closed = closeWindow(world.ledger, world.main, account.holder, atMs);
    return world.take(closed, ({ voucherPoints, carried }) => ({
      vouchers_value: world.money(voucherPoints),
      carried: world.points(carried),
    }));
  },
  run_daily: (world) => {
    world.ledger = runNight(world.ledger, world.nowMs);
  },
  yearly_recalculation: (world) => {
    world.ledger = runYearlyReview(world.ledger, world.nowMs);
  },
  set_membership: (world, step) => {
    const membershipUntilMs = { [world.main.id]: instant('2100-01-01') };
    world.member(text(step, 'member') ?? 'm', { membershipUntilMs });
  },
  benefits: () => undefined,
  tier_for: (world, step) => {
    const tier = tierFor(world.main, measuresFromNotation(step, 'EUR'));
    return { tier: world.main.tiers.find(({ id }) => id === tier)?.name['en'] ?? null };
  },
  set_tier: (world, step) => {
    hold(world, { tier: tierNamed(world, step), since: '2025-01-01', through: '2025-12-31' });
  },
  reach_threshold: (world, step) => {
    world.load(step);
    const term = termOf(world.main.tierSettings, businessDay(world.nowMs, world.ledger.settings));
    hold(world, { tier: tierNamed(world, step), ...term });
    const ends = term.through === null ? null : `${addDays(term.through, 1)}T00:00:00`;
    return { tier_from: term.since, tier_through: term.through, tier_ends_at: ends };
  },
  tier_at: review,
  period_end: review,
  change_program: (world, { earn }) => world.change({ earn }),
  disable_rule: (world) =>
    world.change({ earn: list(world.program, 'earn').map((of) => ({ ...of, enabled: false })) }),
};
