import { businessDay } from './business-day.ts';
import { dateParts, type LocalDate, startOfWeek } from './calendar.ts';
import { type Facts, type UseCount, useKey } from './facts.ts';
import { type LedgerEntry } from './entry.ts';
import {
  currentProgrammes,
  entriesOf,
  type Ledger,
  type LedgerSale,
  resolveMember,
  spendable,
  stateOf,
} from './ledger.ts';
import { keptGoods } from './kept.ts';
import { membershipEnd } from './membership.ts';
import { freshMember, type Member, type MemberStanding } from './member.ts';
import type { Programme } from './programme.ts';
import type { ProofLevel } from './proof.ts';
import { type Measures, windowOf } from './tiers.ts';

/** The periods a use counts in, seen from `today`. */
function periodsOf(day: LocalDate, today: LocalDate): string[] {
  const periods = ['life'];
  if (dateParts(day).year === dateParts(today).year) periods.push('year');
  if (day.slice(0, 7) === today.slice(0, 7)) periods.push('month');
  if (startOfWeek(day) === startOfWeek(today)) periods.push('week');
  if (day === today) periods.push('day');
  return periods;
}

class Counts {
  readonly uses: Record<string, UseCount> = {};

  add(
    programme: string,
    id: string,
    mine: boolean,
    periods: readonly string[],
    points: number,
  ): void {
    for (const per of periods) {
      for (const of of mine ? (['member', 'programme'] as const) : (['programme'] as const)) {
        const key = useKey(programme, id, of, per);
        const there = this.uses[key] ?? { times: 0, points: 0 };
        this.uses[key] = { times: there.times + 1, points: there.points + points };
      }
    }
  }
}

function salesOf(ledger: Ledger, ref: string): LedgerSale[] {
  return [...ledger.sales.values()].filter(
    (sale) => !sale.complete && sale.member !== null && resolveMember(ledger, sale.member) === ref,
  );
}

function countEarnings(ledger: Ledger, counts: Counts, ref: string | null, today: LocalDate): void {
  for (const entry of ledger.entries) {
    if (entry.type !== 'earn' || entry.account.purpose !== 'spendable') continue;
    if (isTakenBack(ledger, entry)) continue;
    const periods = periodsOf(businessDay(entry.atMs, ledger.settings), today);
    const { programme, holder } = entry.account;
    const mine = holder === ref;
    counts.add(programme, '', mine, periods, entry.amount);
    const rules = ledger.programmes.findLast(({ id }) => id === programme)?.rules ?? [];
    for (const [id, points] of Object.entries(entry.breakdown)) {
      counts.add(programme, id, mine, periods, points);
      const group = rules.find((rule) => rule.id === id)?.limitGroup ?? null;
      if (group !== null) counts.add(programme, group, mine, periods, points);
    }
  }
}

function isTakenBack(ledger: Ledger, entry: LedgerEntry): boolean {
  const back = ledger.entries.reduce(
    (sum, other) =>
      other.type === 'reverse' && other.ofEntryId === entry.id ? sum + other.amount : sum,
    0,
  );
  return entry.amount !== 0 && entry.amount + back === 0;
}

function countRedemptions(
  ledger: Ledger,
  counts: Counts,
  ref: string | null,
  today: LocalDate,
): void {
  for (const sale of ledger.sales.values()) {
    if (sale.complete) continue;
    const periods = periodsOf(businessDay(sale.atMs, ledger.settings), today);
    const mine = sale.member !== null && resolveMember(ledger, sale.member) === ref;
    const promotions = new Set<string>();
    for (const done of sale.snapshot.redemptions) {
      counts.add(done.programme, done.reward, mine, periods, done.points);
      if (done.holderKind === 'sale') promotions.add(done.programme);
    }
    for (const programme of promotions) counts.add(programme, '', mine, periods, 0);
  }
}

function lastUses(ledger: Ledger, ref: string): Record<string, number> {
  const last: Record<string, number> = {};
  for (const sale of salesOf(ledger, ref)) {
    for (const { programme, reward } of sale.snapshot.redemptions) {
      const key = `${programme}/${reward}`;
      last[key] = Math.max(last[key] ?? 0, sale.atMs);
    }
    for (const earning of sale.snapshot.earnings) {
      for (const rule of Object.keys(earning.breakdown)) {
        const key = `${earning.programme}/${rule}`;
        last[key] = Math.max(last[key] ?? 0, sale.atMs);
      }
    }
  }
  return last;
}

/** Points each programme has given so far. */
export function givenPoints(ledger: Ledger): Record<string, number> {
  const given: Record<string, number> = {};
  for (const entry of ledger.entries) {
    if (entry.account.purpose !== 'spendable' || entry.type !== 'earn') continue;
    given[entry.account.programme] = (given[entry.account.programme] ?? 0) + entry.amount;
  }
  return given;
}

/** The counters a quote needs, derived from what happened. */
export function factsFor(ledger: Ledger, ref: string | null, nowMs: number): Facts {
  const today = businessDay(nowMs, ledger.settings);
  const counts = new Counts();
  countEarnings(ledger, counts, ref, today);
  countRedemptions(ledger, counts, ref, today);
  const own = ref === null ? [] : salesOf(ledger, ref);
  return {
    asOfMs: null,
    visits: own.length,
    lastSaleAtMs: own.length === 0 ? null : Math.max(...own.map((sale) => sale.atMs)),
    uses: counts.uses,
    lastUsedAtMs: ref === null ? {} : lastUses(ledger, ref),
    vouchers: ledger.vouchers.map((voucher) => {
      const state = stateOf(ledger, spendable(voucher.holder, voucher.programme), nowMs);
      const used = state.available <= 0 && voucher.state === 'active';
      return {
        code: voucher.code,
        programme: voucher.programme,
        holder: voucher.holder,
        available: state.available,
        expiresAtMs: voucher.expiresAtMs,
        state: used ? 'used' : voucher.state,
      };
    }),
    givenPoints: givenPoints(ledger),
    pricesMinor: ledger.pricesMinor,
  };
}

function within(day: LocalDate, from: LocalDate | null, to: LocalDate | null): boolean {
  return (from === null || from <= day) && (to === null || day <= to);
}

/** A member's measures in the tier window that `nowMs` lies in. */
export function measuresFor(
  ledger: Ledger,
  programme: Programme,
  ref: string,
  nowMs: number,
): Measures {
  const { settings } = ledger;
  const period = windowOf(programme.tierSettings, businessDay(nowMs, settings));
  const inWindow = (atMs: number): boolean =>
    atMs <= nowMs && within(businessDay(atMs, settings), period.from, period.to);
  const gained = (purpose: 'spendable' | 'qualifying'): number =>
    entriesOf(ledger, { holder: ref, programme: programme.id, purpose })
      .filter(({ type, atMs }) => (type === 'earn' || type === 'reverse') && inWindow(atMs))
      .filter(({ type, ofEntryId }) => type === 'earn' || isEarning(ledger, ofEntryId))
      .reduce((sum, { amount }) => sum + amount, 0);
  const sales = salesOf(ledger, ref).filter((sale) => inWindow(sale.atMs));
  const qualifying = gained('qualifying');
  return {
    'spend-minor': sales.reduce(
      (sum, { snapshot, refunds }) => sum + keptGoods(snapshot, refunds.returned).spendMinor,
      0,
    ),
    visits: sales.length,
    units: sales.reduce(
      (sum, { snapshot, refunds }) => sum + keptGoods(snapshot, refunds.returned).units,
      0,
    ),
    'earned-points': gained('spendable'),
    'qualifying-points': qualifying,
    'base-points': qualifying,
    balance: stateOf(ledger, spendable(ref, programme.id), nowMs).balance,
  };
}

function isEarning(ledger: Ledger, id: string | null): boolean {
  return id !== null && ledger.entries.some((entry) => entry.id === id && entry.type === 'earn');
}

function standingOf(
  ledger: Ledger,
  programme: Programme,
  ref: string,
  nowMs: number,
): MemberStanding {
  const member = ledger.members.get(ref);
  const state = stateOf(ledger, spendable(ref, programme.id), nowMs);
  return {
    tier: member?.tiers[programme.id]?.tier ?? null,
    available: state.available,
    pending: state.pending,
    spendableHere: state.available,
    enabled: member?.enabled ?? true,
    membershipUntilMs: membershipEnd(ledger, programme, ref, nowMs),
    measures: measuresFor(ledger, programme, ref, nowMs),
  };
}

/** A member as a quote sees one. */
export function memberFor(ledger: Ledger, ref: string, proof: ProofLevel, nowMs: number): Member {
  const resolved = resolveMember(ledger, ref);
  const known = ledger.members.get(resolved);
  const standings = Object.fromEntries(
    currentProgrammes(ledger)
      .filter(({ holder }) => holder === 'member')
      .map((programme) => [programme.id, standingOf(ledger, programme, resolved, nowMs)] as const),
  );
  return {
    ...freshMember(resolved, proof),
    age: known?.age ?? null,
    birthday: known?.birthday ?? null,
    enrolledOn: known === undefined ? null : businessDay(known.enrolledAtMs, ledger.settings),
    segments: known?.segments ?? [],
    standings,
  };
}
