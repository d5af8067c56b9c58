import {
  addDays,
  addMonths,
  dateParts,
  endOfMonth,
  localDate,
  type LocalDate,
} from './calendar.ts';
import type { Span } from './fields.ts';
import type { Programme } from './programme.ts';
import { assertNever } from './result.ts';
import type { Tier, TierCriteria, TierSettings } from './tier.ts';

/** Measures of a member in a programme's window, keyed by metric; what is missing counts as 0. */
export type Measures = Readonly<Record<string, number>>;

/** Whether the criteria hold; every threshold is inclusive. */
export function criteriaHold(criteria: TierCriteria | null, measures: Measures): boolean {
  if (criteria === null) return true;
  if ('metric' in criteria) return (measures[criteria.metric] ?? 0) >= criteria.atLeast;
  if ('allOf' in criteria) return criteria.allOf.every((part) => criteriaHold(part, measures));
  return criteria.anyOf.some((part) => criteriaHold(part, measures));
}

/** The highest tier whose criteria hold; `null` below the lowest. */
export function tierFor(programme: Programme, measures: Measures): string | null {
  return programme.tiers.findLast((tier) => criteriaHold(tier.criteria, measures))?.id ?? null;
}

/** Place of a tier in its programme, lowest 0; −1 for none. */
export function tierRank(programme: Programme, tier: string | null): number {
  return programme.tiers.findIndex((candidate) => candidate.id === tier);
}

/** The higher of two tiers of a programme. */
export function higherTier(
  programme: Programme,
  left: string | null,
  right: string | null,
): string | null {
  return tierRank(programme, right) > tierRank(programme, left) ? right : left;
}

/** What is missing for a tier. */
export interface TierProgress {
  readonly tier: Tier;
  /** The measure that is closest to its threshold. */
  readonly metric: string;
  readonly missing: number;
  readonly atLeast: number;
}

function nearest(criteria: TierCriteria, measures: Measures): Omit<TierProgress, 'tier'> {
  if ('metric' in criteria) {
    const missing = Math.max(0, criteria.atLeast - (measures[criteria.metric] ?? 0));
    return { metric: criteria.metric, missing, atLeast: criteria.atLeast };
  }
  const share = ({ missing, atLeast }: Omit<TierProgress, 'tier'>): number =>
    atLeast === 0 ? 0 : missing / atLeast;
  const all = 'allOf' in criteria;
  const parts = (all ? criteria.allOf : criteria.anyOf).map((part) => nearest(part, measures));
  return parts.reduce((best, part) => {
    const beats = all ? share(part) > share(best) : share(part) < share(best);
    return beats ? part : best;
  });
}

/** The tier above and what it still takes: "188 points to Gold"; `null` at the top. */
export function nextTier(
  programme: Programme,
  tier: string | null,
  measures: Measures,
): TierProgress | null {
  const next = programme.tiers[tierRank(programme, tier) + 1];
  if (next === undefined || next.criteria === null) return null;
  return { tier: next, ...nearest(next.criteria, measures) };
}

/** First and last day of a period, both inclusive; `null` is open. */
export interface Period {
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

/** The window that a day lies in. */
export function windowOf(settings: TierSettings, day: LocalDate): Period {
  const { year, month } = dateParts(day);
  const { window } = settings;
  switch (window.kind) {
    case 'life':
      return { from: null, to: null };
    case 'calendar-year':
      return { from: localDate(year, 1, 1), to: localDate(year, 12, 31) };
    case 'calendar-month':
      return { from: localDate(year, month, 1), to: endOfMonth(day) };
    case 'rolling':
      return { from: addDays(spanBack(day, window.span), 1), to: day };
    default:
      return assertNever(window, 'windowOf');
  }
}

function spanBack(day: LocalDate, span: Span): LocalDate {
  if (span.unit === 'day') return addDays(day, -span.count);
  return addMonths(day, -span.count * (span.unit === 'year' ? 12 : 1));
}

/**
 * The last day of a term that began on `day`.
 *
 * A month from 20 July ends with 19 August; in days the first one is not counted, so that 30 days
 * from 20 July end with 19 August too.
 */
export function lastDayOfTerm(day: LocalDate, span: Span): LocalDate {
  if (span.unit === 'day') return addDays(day, span.count);
  return addDays(addMonths(day, span.count * (span.unit === 'year' ? 12 : 1)), -1);
}

/** A tier that is held: since when, and through which day before it is looked at again. */
export interface HeldTier {
  readonly tier: string | null;
  readonly since: LocalDate;
  /** Inclusive; `null` has no end. */
  readonly through: LocalDate | null;
}

function withGrace(settings: TierSettings, last: LocalDate): LocalDate {
  const { grace, graceRound } = settings;
  if (grace === null) return last;
  const end =
    grace.unit === 'day'
      ? addDays(last, grace.count)
      : addMonths(last, grace.count * (grace.unit === 'year' ? 12 : 1));
  return graceRound === 'end-of-month' ? endOfMonth(end) : end;
}

/** From when and through when a tier reached on `day` holds; grace is part of it. */
export function termOf(settings: TierSettings, day: LocalDate): Omit<HeldTier, 'tier'> {
  const period = windowOf(settings, day);
  const next = period.to === null ? null : windowOf(settings, addDays(period.to, 1));
  const since = settings.starts === 'next-period' ? (next?.from ?? day) : day;
  const { validity } = settings;
  switch (validity.kind) {
    case 'forever':
      return { since, through: null };
    case 'span':
      return { since, through: withGrace(settings, lastDayOfTerm(since, validity.span)) };
    case 'end-of-period': {
      const end = windowOf(settings, since).to;
      return { since, through: end === null ? null : withGrace(settings, end) };
    }
    case 'end-of-next-period': {
      const end = windowOf(settings, since).to;
      const after = end === null ? null : windowOf(settings, addDays(end, 1)).to;
      return { since, through: after === null ? null : withGrace(settings, after) };
    }
    default:
      return assertNever(validity, 'termOf');
  }
}

/** A change of tier, told exactly once: `source` is the same however often it is found. */
export interface TierEvent {
  readonly kind: 'up' | 'down';
  readonly from: string | null;
  readonly to: string | null;
  readonly day: LocalDate;
  readonly source: string;
}

/** The tier now held, and the change, if there was one. */
export interface TierReview {
  readonly held: HeldTier;
  readonly event: TierEvent | null;
}

function lowered(programme: Programme, held: HeldTier, reached: string | null): string | null {
  const { downgrade } = programme.tierSettings;
  if (downgrade === 'none') return held.tier;
  if (downgrade === 'full') return reached;
  const oneDown = programme.tiers[tierRank(programme, held.tier) - 1]?.id ?? null;
  return higherTier(programme, oneDown, reached);
}

function changed(programme: Programme, from: HeldTier, held: HeldTier, day: LocalDate): TierReview {
  if (held.tier === from.tier) return { held, event: null };
  const up = tierRank(programme, held.tier) > tierRank(programme, from.tier);
  const to = held.tier ?? 'none';
  return {
    held,
    event: {
      kind: up ? 'up' : 'down',
      from: from.tier,
      to: held.tier,
      day,
      source: `tier-${programme.id}-${to}-${held.since}`,
    },
  };
}

/**
 * Looks at a member's tier on a day.
 *
 * A higher tier is given at once. A lower one only after the held tier's last day (grace included)
 * and by the programme's policy; a tier without an end that a falling measure would take away is
 * kept through its grace, counted from the day it was reached.
 */
export function reviewTier(
  programme: Programme,
  held: HeldTier,
  measures: Measures,
  day: LocalDate,
): TierReview {
  const settings = programme.tierSettings;
  const reached = tierFor(programme, measures);
  if (tierRank(programme, reached) > tierRank(programme, held.tier)) {
    return changed(programme, held, { tier: reached, ...termOf(settings, day) }, day);
  }
  const through = held.through ?? graceEnd(settings, held.since);
  if (held.through === null && reached === held.tier) return { held, event: null };
  if (through !== null && day <= through) return { held: { ...held, through }, event: null };
  const tier = lowered(programme, held, reached);
  return changed(programme, held, { tier, ...termOf(settings, day) }, day);
}

function graceEnd(settings: TierSettings, since: LocalDate): LocalDate | null {
  if (settings.grace === null) return null;
  const end = lastDayOfTerm(since, settings.grace);
  return settings.graceRound === 'end-of-month' ? endOfMonth(end) : end;
}

/** Measures of two stretches of time together. */
export function addMeasures(left: Measures, right: Measures): Measures {
  const sum: Record<string, number> = { ...left };
  for (const [metric, amount] of Object.entries(right)) sum[metric] = (sum[metric] ?? 0) + amount;
  return sum;
}
