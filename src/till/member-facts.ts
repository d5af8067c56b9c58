import { lastUsesOf, usesOn, voucherFact } from '#contract/facts.ts';
import { businessDay } from '#loyalty/business-day.ts';
import type { Facts, UseCount, VoucherFact } from '#loyalty/facts.ts';
import type { Programme } from '#loyalty/programme.ts';
import { addMeasures, higherTier, windowOf, type Measures } from '#loyalty/tiers.ts';
import { wallMs, type Core } from './core.ts';
import type { CachedMember, LocalFact } from './database.ts';
import type { Session } from './session.ts';

/** A member as the server told of them, with what this till's own sales add until it counts them. */
export interface MemberKnown {
  readonly cached: CachedMember;
  readonly local: readonly LocalFact[];
  /** The business day on which it was asked. */
  readonly today: string;
}

/** What this till knows of a member today. */
export function memberKnown(core: Core, cached: CachedMember): MemberKnown {
  const local = core.ports.database.read.localFacts(cached.member);
  return { cached, local, today: businessDay(wallMs(core), core.config) };
}

/** Where a member stands in a programme beside the balance. */
export interface StandingKnown {
  readonly tier: string | null;
  readonly measures: Measures;
  readonly membershipUntilMs: number | null;
  readonly enabled: boolean;
}

/** Tier, its measures and the paid membership, with the sales the server has not counted. */
export function standingKnown(
  core: Core,
  { cached, local, today }: MemberKnown,
  programme: Programme,
): StandingKnown {
  const record = cached.standings.find((standing) => standing.programme === programme.id);
  const { from, to } = windowOf(programme.tierSettings, today);
  const isOver =
    record !== undefined && record.measuredFrom !== null && record.measuredFrom !== from;
  const counted = local.filter(
    ({ day }) => (from === null || from <= day) && (to === null || day <= to),
  );
  // A record without standings says it of the first programme with tiers only.
  const isFirst = core.config.programmes.find(({ tiers }) => tiers.length > 0) === programme;
  const { tierProgress } = cached;
  const plain = isFirst
    ? {
        'earned-points': tierProgress,
        'base-points': tierProgress,
        'qualifying-points': tierProgress,
      }
    : {};
  const known = record === undefined ? plain : isOver ? {} : record.measures;
  const reached = local.map(({ tiers }) => tiers[programme.id] ?? null);
  return {
    tier: reached.reduce(
      (best, tier) => higherTier(programme, best, tier),
      record === undefined ? (isFirst ? cached.tier : null) : record.tier,
    ),
    measures: counted.reduce(
      (sum, fact) => addMeasures(sum, measuresOf(fact, programme.id)),
      known,
    ),
    membershipUntilMs: paidUntilHere(local, programme.id, record?.membershipUntilMs ?? null),
    enabled: cached.status === 'active' && (record?.enabled ?? true),
  };
}

/** The end of a membership with what was paid here, and paid back, since the server's word. */
function paidUntilHere(
  local: readonly LocalFact[],
  programme: string,
  knownMs: number | null,
): number | null {
  const ends = [knownMs];
  for (const { memberships } of local) {
    const end = memberships[programme];
    if (end === undefined) continue;
    if (end !== null) ends.push(end);
    // A term that was paid back leaves the one before it.
    else if (ends.length > 1) ends.pop();
    else ends[0] = null;
  }
  return ends.at(-1) ?? null;
}

function measuresOf(fact: LocalFact, programme: string): Measures {
  const [earned, qualifying] = fact.earned[programme] ?? [0, 0];
  return {
    'spend-minor': fact.spendMinor,
    visits: fact.visits,
    units: fact.units,
    'earned-points': earned,
    'base-points': qualifying,
    'qualifying-points': qualifying,
  };
}

/** The counters a quote needs. While offline they are the server's last word and this till's own sales. */
export function knownFacts(
  core: Core,
  open: Session,
  known: MemberKnown | null,
  pricesMinor: Facts['pricesMinor'],
): Facts {
  const { read } = core.ports.database;
  const today = businessDay(wallMs(core), core.config);
  const shared = sharedFacts(core, today);
  const uses: Record<string, UseCount> = { ...shared.uses };
  const lastUsedAtMs = known === null ? {} : lastUsesOf(known.cached.uses);
  if (known !== null) {
    addUses(uses, usesOn(known.cached.uses, 'member', today));
    addUses(uses, localUses(known.local, 'member', today));
    for (const fact of known.local) {
      for (const { programme, id, times } of fact.uses) {
        const key = `${programme}/${id}`;
        if (times > 0) lastUsedAtMs[key] = Math.max(lastUsedAtMs[key] ?? 0, fact.atMs);
      }
    }
  }
  const sales = known?.local.filter(({ visits }) => visits > 0) ?? [];
  const lastSales = [known?.cached.lastSaleAtMs ?? null, ...sales.map(({ atMs }) => atMs)];
  const lastSaleAtMs = Math.max(...lastSales.map((atMs) => atMs ?? 0));
  return {
    asOfMs: core.link.online ? null : read.syncState().pulledAtMs,
    visits: Math.max(
      0,
      sum(known?.local ?? [], ({ visits }) => visits) + (known?.cached.visits ?? 0),
    ),
    lastSaleAtMs: lastSaleAtMs === 0 ? null : lastSaleAtMs,
    uses,
    lastUsedAtMs,
    vouchers: open.codes.flatMap(({ voucher }) => (voucher === null ? [] : [heldVoucher(voucher)])),
    givenPoints: shared.givenPoints,
    pricesMinor,
  };
}

/** A voucher on the sale is worth what its grant holds: nobody else can spend that meanwhile. */
function heldVoucher(voucher: NonNullable<Session['codes'][number]['voucher']>): VoucherFact {
  const { hold, record } = voucher;
  return { ...voucherFact(record), available: hold.points, state: 'active' };
}

interface Shared {
  readonly uses: Record<string, UseCount>;
  readonly givenPoints: Record<string, number>;
}

/** Budgets and limits that all members share; nothing is read where no programme has any. */
function sharedFacts(core: Core, today: string): Shared {
  const known = core.ports.database.read.programmesKnown();
  const uses: Record<string, UseCount> = {};
  const givenPoints: Record<string, number> = {};
  if (known === null || known.programmes.length === 0) return { uses, givenPoints };
  for (const { programme, givenPoints: given, uses: records } of known.programmes) {
    givenPoints[programme] = given;
    addUses(uses, usesOn(records, 'programme', today));
  }
  const local = core.ports.database.read.allLocalFacts();
  addUses(uses, localUses(local, 'programme', today));
  for (const fact of local) {
    for (const [programme, [points]] of Object.entries(fact.earned)) {
      const given = givenPoints[programme];
      if (given !== undefined) givenPoints[programme] = given + Math.max(0, points);
    }
  }
  return { uses, givenPoints };
}

/** What sales of this till add to the counters of today's periods. */
function localUses(
  facts: readonly LocalFact[],
  of: 'member' | 'programme',
  today: string,
): Record<string, UseCount> {
  const added: Record<string, UseCount> = {};
  for (const { day, programme, id, ...one } of usesByDay(facts)) {
    const record = { programme, id, lastDay: day, lastAtMs: null };
    const all = { day: one, week: one, month: one, year: one, life: one };
    addUses(added, usesOn([{ ...record, ...all }], of, today));
  }
  return added;
}

interface DayUses extends UseCount {
  readonly day: string;
  readonly programme: string;
  readonly id: string;
}

/** Uses summed by business day: what a day's sales have in common is looked at once. */
function usesByDay(facts: readonly LocalFact[]): Iterable<DayUses> {
  const sums = new Map<string, DayUses>();
  for (const { day, uses } of facts) {
    for (const { programme, id, times, points } of uses) {
      const key = `${day} ${programme} ${id}`;
      const sum = sums.get(key) ?? { day, programme, id, times: 0, points: 0 };
      sums.set(key, { ...sum, times: sum.times + times, points: sum.points + points });
    }
  }
  return sums.values();
}

function addUses(into: Record<string, UseCount>, more: Readonly<Record<string, UseCount>>): void {
  for (const [key, { times, points }] of Object.entries(more)) {
    const there = into[key] ?? { times: 0, points: 0 };
    into[key] = { times: there.times + times, points: there.points + points };
  }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
