import type { Programme } from '#loyalty/programme.ts';
import type { TierCriteria, TierSettings } from '#loyalty/tier.ts';

/** What a member did in the tier's window. */
export interface TierMeasures {
  readonly earned: number;
  readonly spendMinor: number;
  readonly visits: number;
}

/**
 * First day of the window that a business day falls into, `0001-01-01` for a lifetime.
 *
 * A rolling window is counted by calendar year here until the nightly review counts it exactly.
 */
export function windowStart(window: TierSettings['window'], day: string): string {
  switch (window.kind) {
    case 'life':
      return '0001-01-01';
    case 'calendar-month':
      return `${day.slice(0, 7)}-01`;
    case 'calendar-year':
    case 'rolling':
      return `${day.slice(0, 4)}-01-01`;
  }
}

/** Rank of the highest tier whose criteria hold, counted from 1; 0 where none does. */
export function reachedTier(programme: Programme, measures: TierMeasures): number {
  return programme.tiers.reduce(
    (reached, { criteria }, index) => (criteria === null || holds(criteria, measures) ? index + 1 : reached),
    0,
  );
}

/** How far along the tier's first measure somebody is; never below zero. */
export function tierProgress(programme: Programme, measures: TierMeasures): number {
  for (const { criteria } of programme.tiers) {
    if (criteria !== null && 'metric' in criteria) return Math.max(0, measureOf(criteria.metric, measures));
  }
  return Math.max(0, measures.earned);
}

function holds(criteria: TierCriteria, measures: TierMeasures): boolean {
  if ('allOf' in criteria) return criteria.allOf.every((part) => holds(part, measures));
  if ('anyOf' in criteria) return criteria.anyOf.some((part) => holds(part, measures));
  return measureOf(criteria.metric, measures) >= criteria.atLeast;
}

/** Measures that the ledger alone knows; those that need more count as nothing, so nobody rises by them. */
function measureOf(metric: string, measures: TierMeasures): number {
  switch (metric) {
    case 'earned-points':
    case 'base-points':
    case 'qualifying-points':
      return measures.earned;
    case 'spend-minor':
      return measures.spendMinor;
    case 'visits':
      return measures.visits;
    default:
      return 0;
  }
}
