import type { Programme } from '#loyalty/programme.ts';
import { windowOf, type Measures } from '#loyalty/tiers.ts';

/** What a member did in a tier's window, as far as the ledger knows. */
export interface TierMeasures {
  readonly earned: number;
  readonly qualifying: number;
  readonly spendMinor: number;
  readonly units: number;
  readonly visits: number;
}

/** Nothing yet. */
export const noMeasures: TierMeasures = {
  earned: 0,
  qualifying: 0,
  spendMinor: 0,
  units: 0,
  visits: 0,
};

/** The day before every other: a lifetime has no first day, a column must have one. */
export const ALWAYS = '0001-01-01';

/** Under which day a business day's measures are summed: its window's first, or itself. */
export function measureDay(programme: Programme, day: string): string {
  const { window } = programme.tierSettings;
  return window.kind === 'rolling' ? day : (windowOf(programme.tierSettings, day).from ?? ALWAYS);
}

/** The sums that make up the window a day lies in: from and to, inclusive. */
export function measureSpan(
  programme: Programme,
  day: string,
): { readonly from: string; readonly to: string } {
  const { window } = programme.tierSettings;
  if (window.kind !== 'rolling') {
    const from = measureDay(programme, day);
    return { from, to: from };
  }
  return { from: windowOf(programme.tierSettings, day).from ?? ALWAYS, to: day };
}

/** The measures as the engine names them; what the ledger does not have is left out. */
export function metricsOf(measures: TierMeasures, balance: number): Measures {
  return {
    'earned-points': measures.earned,
    'base-points': measures.qualifying,
    'qualifying-points': measures.qualifying,
    'spend-minor': measures.spendMinor,
    units: measures.units,
    visits: measures.visits,
    balance,
  };
}

/** The measure that the first tier with one looks at: what "188 points to Gold" counts. */
export function progressMeasure(programme: Programme, metrics: Measures): number {
  for (const { criteria } of programme.tiers) {
    if (criteria !== null && 'metric' in criteria) return metrics[criteria.metric] ?? 0;
  }
  return metrics['earned-points'] ?? 0;
}

/** The programmes that have tiers. */
export function tieredOf(programmes: readonly Programme[]): readonly Programme[] {
  return programmes.filter(
    ({ enabled, tiers, holder }) => enabled && tiers.length > 0 && holder === 'member',
  );
}
