import { businessDay, endOfLocalDay, localTime } from '#loyalty/business-day.ts';
import { keptGoods, type Returned } from '#loyalty/kept.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { Refund } from '#loyalty/refund.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { lastDayOfTerm } from '#loyalty/tiers.ts';
import type { Core } from './core.ts';
import type { LocalFact, LocalUse } from './database.ts';

/** A sale as its facts are counted. */
export interface CountedSale {
  readonly member: string | null;
  readonly atMs: number;
  readonly snapshot: SaleSnapshot;
  /** What came back of it before. */
  readonly returned: Returned;
}

type Counted = Omit<LocalFact, 'seq'>;

const NOTHING = {
  visits: 0,
  spendMinor: 0,
  units: 0,
  uses: [],
  earned: {},
  tiers: {},
  memberships: {},
  told: [],
  spent: [],
} as const;

/** A fact that counts nothing yet. */
export function emptyFact(core: Core, member: string | null, atMs: number): Counted {
  return { ...NOTHING, member, atMs, day: businessDay(atMs, core.config) };
}

/** What a sale adds to what the server counts: of its member, and of the programmes. */
export function factOfSale(
  core: Core,
  { member, atMs, snapshot, returned }: CountedSale,
  memberships: LocalFact['memberships'],
): Counted {
  const { earnings } = snapshot;
  return {
    ...emptyFact(core, member, atMs),
    visits: member === null ? 0 : 1,
    ...keptGoods(snapshot, returned),
    uses: usesOfSale(core.config.programmes, snapshot),
    earned: Object.fromEntries(
      earnings.map(({ programme, points, qualifyingPoints }) => [
        programme,
        [points, qualifyingPoints] as const,
      ]),
    ),
    tiers: member === null ? {} : snapshot.tiers,
    memberships: member === null ? {} : memberships,
    spent: snapshot.redemptions.flatMap(({ holder, holderKind }) =>
      holderKind === 'bearer' && holder !== null ? [holder] : [],
    ),
  };
}

/** Whether a fact would change any counter. */
export function countsAnything({ member, uses, told, spent, earned }: Counted): boolean {
  return (
    member !== null || uses.length + told.length + spent.length + Object.keys(earned).length > 0
  );
}

/** What a return takes back: once nothing of the sale is left, the visit and its uses, too. */
export function factOfReturn(
  core: Core,
  { member, atMs: soldAtMs, snapshot, returned }: CountedSale,
  back: {
    readonly atMs: number;
    readonly refund: Refund;
    readonly endedMemberships: readonly string[];
  },
): Counted {
  const { complete, reversals, returned: returnedNow } = back.refund;
  const uses = complete ? usesOfSale(core.config.programmes, snapshot) : [];
  const before = keptGoods(snapshot, returned);
  const kept = keptGoods(snapshot, returnedNow);
  return {
    ...emptyFact(core, member, back.atMs),
    day: businessDay(soldAtMs, core.config),
    visits: complete && member !== null ? -1 : 0,
    spendMinor: kept.spendMinor - before.spendMinor,
    units: kept.units - before.units,
    uses: uses.map((use) => ({ ...use, times: -use.times, points: -use.points })),
    earned: Object.fromEntries(
      reversals.map(({ programme, points, qualifyingPoints }) => [
        programme,
        [-points, -qualifyingPoints] as const,
      ]),
    ),
    memberships: Object.fromEntries(back.endedMemberships.map((id) => [id, null])),
  };
}

function usesOfSale(programmes: readonly Programme[], snapshot: SaleSnapshot): LocalUse[] {
  const earned = snapshot.earnings.flatMap(({ programme, points, breakdown }): LocalUse[] => {
    const rules = programmes.find(({ id }) => id === programme)?.rules ?? [];
    return [
      { programme, id: '', times: 1, points },
      ...Object.entries(breakdown).flatMap(([id, part]): LocalUse[] => {
        const group = rules.find((rule) => rule.id === id)?.limitGroup ?? null;
        const use = { programme, id, times: 1, points: part };
        return group === null ? [use] : [use, { ...use, id: group }];
      }),
    ];
  });
  const used = snapshot.redemptions.map(({ programme, reward, points }): LocalUse => ({
    programme,
    id: reward,
    times: 1,
    points,
  }));
  const promotions = new Set(
    snapshot.redemptions.flatMap(({ holderKind, programme }) =>
      holderKind === 'sale' ? [programme] : [],
    ),
  );
  return [
    ...earned,
    ...used,
    ...[...promotions].map((programme): LocalUse => ({ programme, id: '', times: 1, points: 0 })),
  ];
}

/** The programmes whose membership is among these goods. */
export function membershipsAmong(
  programmes: readonly Programme[],
  skus: readonly (string | null)[],
): readonly Programme[] {
  return programmes.filter(
    ({ membership }) => membership !== null && skus.includes(membership.sku),
  );
}

/**
 * The exclusive end of a membership that is paid now: from today, or from the end of the term that
 * still runs (or is owed, where it renews by itself).
 */
export function paidUntilMs(
  core: Core,
  { membership }: Programme,
  runningUntilMs: number | null,
  atMs: number,
): number | null {
  if (membership === null) return null;
  const { timeZone } = core.config;
  const runs = runningUntilMs !== null && (membership.autoRenew || runningUntilMs > atMs);
  const from = runs ? localTime(runningUntilMs, timeZone).date : businessDay(atMs, core.config);
  return endOfLocalDay(lastDayOfTerm(from, membership.term), timeZone);
}
