import { businessDay, endOfLocalDay, localTime } from '#loyalty/business-day.ts';
import type { Programme } from '#loyalty/programme.ts';
import type { SaleSnapshot } from '#loyalty/sale.ts';
import { lastDayOfTerm } from '#loyalty/tiers.ts';
import type { Core } from './core.ts';
import type { LocalFact, LocalUse } from './database.ts';

/** A sale as its facts are counted. */
export interface CountedSale {
  readonly member: string | null;
  readonly atMs: number;
  readonly snapshot: SaleSnapshot;
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
  { member, atMs, snapshot }: CountedSale,
  memberships: LocalFact['memberships'],
): Counted {
  const { earnings, lines } = snapshot;
  const goods = lines.filter(({ kind }) => kind === 'goods');
  const milli = goods.reduce((sum, line) => sum + line.quantityMilli - line.freeMilli, 0);
  return {
    ...emptyFact(core, member, atMs),
    visits: member === null ? 0 : 1,
    spendMinor: snapshot.totalMinor,
    units: Math.floor(milli / 1000),
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
  sale: CountedSale,
  back: {
    readonly atMs: number;
    readonly refundMinor: number;
    readonly complete: boolean;
    /** Per programme the change of points, and of those that count towards a tier. */
    readonly reversed: Counted['earned'];
    readonly endedMemberships: readonly string[];
  },
): Counted {
  const uses = back.complete ? usesOfSale(core.config.programmes, sale.snapshot) : [];
  return {
    ...emptyFact(core, sale.member, back.atMs),
    day: businessDay(sale.atMs, core.config),
    visits: back.complete && sale.member !== null ? -1 : 0,
    spendMinor: -back.refundMinor,
    uses: uses.map((use) => ({ ...use, times: -use.times, points: -use.points })),
    earned: back.reversed,
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
