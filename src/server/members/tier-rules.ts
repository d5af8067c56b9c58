import type { Programme } from '#loyalty/programme.ts';
import { tierFor, tierRank, windowOf, type Measures } from '#loyalty/tiers.ts';

/** What a member did in the tier's window, as far as the ledger knows. */
export interface TierMeasures {
  readonly earned: number;
  readonly spendMinor: number;
  readonly visits: number;
}

/** The day before every other: a lifetime has no first day, a column must have one. */
const ALWAYS = '0001-01-01';

/** First day of the window that a business day falls into. */
export function windowStart(programme: Programme, day: string): string {
  return windowOf(programme.tierSettings, day).from ?? ALWAYS;
}

/** Place of the tier these measures reach, lowest 0; −1 below the lowest. */
export function reachedRank(programme: Programme, measures: TierMeasures): number {
  return tierRank(programme, tierFor(programme, metricsOf(measures)));
}

/** The measure that the first tier with one looks at: what "188 points to Gold" counts. */
export function progressMeasure(programme: Programme, measures: TierMeasures): number {
  const metrics = metricsOf(measures);
  for (const { criteria } of programme.tiers) {
    if (criteria !== null && 'metric' in criteria) return metrics[criteria.metric] ?? 0;
  }
  return measures.earned;
}

/** Measures the ledger does not have count as nothing, so nobody rises by them here. */
function metricsOf(measures: TierMeasures): Measures {
  return {
    'earned-points': measures.earned,
    'base-points': measures.earned,
    'qualifying-points': measures.earned,
    'spend-minor': measures.spendMinor,
    visits: measures.visits,
  };
}
