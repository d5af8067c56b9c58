import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { add, formatRational, one, rate } from '#loyalty/rational.ts';
import type { TierCriteria } from '#loyalty/tier.ts';
import type { Measures } from '#loyalty/tiers.ts';
import { decimal, type Fields, fields, list, minor, number, only, text } from './fields.ts';

type TierDocument = NonNullable<ProgrammeDocument['tiers']>[number];
type TierSettingsDocument = NonNullable<ProgrammeDocument['tierSettings']>;

const metricNames: Readonly<Record<string, string>> = {
  spend: 'spend-minor',
  spent_this_year: 'spend-minor',
  spent_before: 'spend-minor',
  current_sale: 'spend-minor',
  spent_2027: 'spend-minor',
  min_spent: 'spend-minor',
  earned: 'earned-points',
  earned_in_period: 'earned-points',
  qualifying_points: 'qualifying-points',
  base_points: 'base-points',
  balance: 'balance',
  active_points: 'balance',
  nights: 'custom:nights',
  stays: 'custom:stays',
};

function leaf(key: string, value: number): TierCriteria {
  const metric = metricNames[key] ?? `custom:${key}`;
  return { metric, atLeast: metric === 'spend-minor' ? minor(value) : value };
}

function criteria(of: Fields, metric: string): TierCriteria | null {
  for (const [word, key] of [
    ['allOf', 'all_of'],
    ['anyOf', 'any_of'],
  ] as const) {
    const parts = list(of, key).flatMap((part) => criteria(part, metric) ?? []);
    if (parts.length > 0) return word === 'allOf' ? { allOf: parts } : { anyOf: parts };
  }
  const min = number(of, 'min');
  if (min !== null) return min === 0 ? null : leaf(metric, min);
  const measured = Object.keys(of)
    .filter((key) => key in metricNames)
    .map((key) => leaf(key, number(of, key) ?? 0));
  if (measured.length === 0) return null;
  const [single] = measured;
  return measured.length === 1 && single !== undefined ? single : { anyOf: measured };
}

const tierKeys =
  'name min max min_spent multiplier bonus points_per_money per nights stays spend base_points all_of any_of';
const nameOf = (of: Fields): string => text(of, 'name') ?? '';
const idOf = (of: Fields): string => nameOf(of).replaceAll(' ', '-');

/** Tiers of a case that names them in its expectations only: a programme with thresholds of our own. */
const unstated: readonly Fields[] = [
  { name: 'Bronze', min: 0 },
  { name: 'Gold', min: 100 },
];

function written(program: Fields): readonly Fields[] {
  const several = [...list(program, 'tiers'), ...list(program, 'levels')];
  const named = Object.entries(fields(program, 'tiers')).filter(
    ([, min]) => typeof min === 'number',
  );
  if (several.length > 0) return several;
  if (named.length === 0) return text(program, 'metric') === 'balance' ? unstated : [];
  return [{ name: 'Basic', min: 0 }, ...named.map(([name, min]) => ({ name, min }))];
}

/** Tiers of a case, lowest first. */
export function tiersOf(program: Fields): TierDocument[] {
  const metric = text(program, 'metric') ?? text(fields(program, 'tiers'), 'metric') ?? 'spend';
  return written(program).map((of) => {
    only(of, tierKeys);
    const bonus = number(of, 'bonus');
    const multiplier = number(of, 'multiplier');
    return {
      id: idOf(of),
      name: { en: nameOf(of) },
      criteria: criteria(of, metric),
      multiplier:
        bonus === null ? decimal(multiplier ?? 1) : formatRational(add(one, rate(decimal(bonus)))),
    };
  });
}

/** Rules that only one tier has. */
export function tierRules(program: Fields): Fields[] {
  return written(program).flatMap((of) => {
    const points = number(of, 'points_per_money');
    const per = number(of, 'per');
    if (points === null && per === null) return [];
    return [{ id: idOf(of), tier: idOf(of), per_money: { points: points ?? 1, per: per ?? 1 } }];
  });
}

function spanOf(words: string | null): { count: number; unit: 'month' | 'day' | 'year' } | null {
  const found = /^(\d+) (month|day|year)s?$/.exec(words ?? '');
  const unit = found?.[2];
  if (unit !== 'month' && unit !== 'day' && unit !== 'year') return null;
  return { count: Number(found?.[1]), unit };
}

/** How tiers of a case are reached, kept and lost. */
export function tierSettingsOf(program: Fields): TierSettingsDocument {
  const monthly = text(program, 'period') === 'month';
  const yearly = text(program, 'window') === 'calendar_year';
  const days = number(program, 'validity_days');
  const graceDays = number(program, 'grace_days');
  const next =
    text(program, 'keep_for') === 'next_period' ||
    text(program, 'valid') === 'rest_of_year_plus_next_calendar_year';
  const downgrade = text(program, 'downgrade');
  return {
    window: monthly
      ? { kind: 'calendar-month' }
      : yearly
        ? { kind: 'calendar-year' }
        : { kind: 'life' },
    includeCurrentSale: program['include_current_sale'] !== false,
    starts: text(program, 'start') === 'next_period' ? 'next-period' : 'at-once',
    validity:
      days !== null
        ? { kind: 'span', span: { count: days, unit: 'day' } }
        : next
          ? { kind: 'end-of-next-period' }
          : monthly
            ? { kind: 'end-of-period' }
            : { kind: 'forever' },
    grace: graceDays === null ? spanOf(text(program, 'grace')) : { count: graceDays, unit: 'day' },
    graceRound: text(program, 'grace_round') === 'end_of_month' ? 'end-of-month' : 'none',
    downgrade: downgrade === 'none' || downgrade === 'one-level' ? downgrade : 'full',
    resetPointsAtReview: program['reset_points_on_recalc'] === true,
  };
}

/** The measures a step states, one by one. */
export function measuresOf(step: Fields): Measures[] {
  return Object.keys(step)
    .filter((key) => key in metricNames)
    .map((key) => {
      const found = leaf(key, number(step, key) ?? 0);
      return 'metric' in found ? { [found.metric]: found.atLeast } : {};
    });
}
