import { businessDay } from './business-day.ts';
import { dateParts } from './calendar.ts';
import {
  append,
  type Ledger,
  type LedgerVoucher,
  type NewEntry,
  spendable,
  stateOf,
} from './ledger.ts';
import type { Programme } from './programme.ts';
import { ok, type Result } from './result.ts';
import type { IdempotencyConflict } from './ledger.ts';

/** What the close of an earning window brought one member. */
export interface WindowClosed {
  readonly ledger: Ledger;
  /** Points turned into vouchers. */
  readonly redeemed: number;
  /** Points on the vouchers, in the unit of the programme they open. */
  readonly voucherPoints: number;
  /** Points that stay for the next window. */
  readonly carried: number;
}

function issuedThisYear(ledger: Ledger, programme: Programme, owner: string, year: number): number {
  return ledger.vouchers
    .filter(
      (voucher) =>
        voucher.owner === owner && voucher.rule?.startsWith(`window:${programme.id}:${year}`),
    )
    .flatMap((voucher) => ledger.entries.filter(({ account }) => account.holder === voucher.holder))
    .filter(({ type }) => type === 'earn')
    .reduce((sum, { amount }) => sum + amount, 0);
}

/**
 * Closes an earning window for a member: every full step of points becomes a voucher.
 *
 * At most so much per window and per year; what is over stays as points, with the rest of a step.
 */
export function closeWindow(
  ledger: Ledger,
  programme: Programme,
  member: string,
  nowMs: number,
): Result<WindowClosed, IdempotencyConflict> {
  const account = spendable(member, programme.id);
  const { available } = stateOf(ledger, account, nowMs);
  const none = { ledger, redeemed: 0, voucherPoints: 0, carried: available };
  const rule = programme.rules.find(
    ({ enabled, trigger }) => enabled && trigger.on === 'window-close',
  );
  if (rule === undefined || rule.effect.kind !== 'voucher') return ok(none);
  const { template } = rule.effect;
  const step = template.perPoints ?? 0;
  const each = template.points ?? 0;
  if (step <= 0 || each <= 0) return ok(none);
  const day = businessDay(nowMs, ledger.settings);
  const year = dateParts(day).year;
  const perYear = programme.windows?.maxPerYearMinor ?? null;
  const bounds = [Math.floor(available / step)];
  const perWindow = programme.windows?.maxPerWindowMinor ?? null;
  if (perWindow !== null) bounds.push(Math.floor(perWindow / each));
  if (perYear !== null) {
    bounds.push(Math.floor((perYear - issuedThisYear(ledger, programme, member, year)) / each));
  }
  const times = Math.max(0, Math.min(...bounds));
  if (times === 0) return ok(none);
  const source = `window-${programme.id}-${day}`;
  const holder = `v-${source}-${member}`;
  const opens = template.programme ?? programme.id;
  const common = { source, sourceType: 'window-close' as const, atMs: nowMs };
  const entries: NewEntry[] = [
    {
      ...common,
      account,
      type: 'redeem',
      amount: -times * step,
      breakdown: { [rule.id]: times * step },
    },
    { ...common, account: spendable(holder, opens), type: 'earn', amount: times * each },
  ];
  const voucher: LedgerVoucher = {
    code: holder,
    programme: opens,
    holder,
    owner: member,
    sale: null,
    rule: `window:${programme.id}:${year}`,
    expiresAtMs: null,
    state: 'active',
  };
  const written = append(ledger, entries);
  if (!written.ok) return written;
  return ok({
    ledger: { ...written.value, vouchers: [...written.value.vouchers, voucher] },
    redeemed: times * step,
    voucherPoints: times * each,
    carried: available - times * step,
  });
}
