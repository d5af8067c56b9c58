import { businessDay } from '#loyalty/business-day.ts';
import { addDays } from '#loyalty/calendar.ts';
import { enrolMember, plainEvent, recordEvent } from '#loyalty/ledger-events.ts';
import { runNight, runYearlyReview } from '#loyalty/ledger-night.ts';
import { adjustPoints, creditPoints, setBalance, takeBackPoints } from '#loyalty/ledger-points.ts';
import { claimReceipt } from '#loyalty/ledger-sale.ts';
import { mergeMembers, transferPoints } from '#loyalty/ledger-transfer.ts';
import { closeWindow } from '#loyalty/ledger-window.ts';
import { entriesOf, resolveMember, spendable } from '#loyalty/ledger.ts';
import { benefitsAt } from '#loyalty/membership.ts';
import { messagesOnEnrol } from '#loyalty/milestones.ts';
import { readPhone } from '#till/phone.ts';
import { type Fields, instant, major, number, text } from './fields.ts';
import type { Player } from './loyalty.ts';
import type { Shown } from './orders.ts';
import { setMember } from './stated-basket.ts';
import { preview, type Verb } from './verbs.ts';

const both = (player: Player, left: string, right: string): Shown => ({
  [left]: player.balances({ member: left })['balance'],
  [right]: player.balances({ member: right })['balance'],
});

function enrol(player: Player, step: Fields): Shown {
  const phone = text(step, 'phone');
  const market = text(step, 'country') === 'US' || phone?.startsWith('+1') === true ? 'US' : 'TR';
  const read = phone === null ? null : readPhone(phone, market);
  const identifier = read?.ok === true ? read.value.e164 : null;
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
  const [earlier] = [...player.shown].filter(([, shown]) => shown['member'] === member);
  return {
    ...player.balances({ member }),
    created,
    same_member_as: earlier?.[0] ?? null,
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

/** Verbs about members and what happens to them. */
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
};
