import type { ProgrammeDocument } from '#loyalty/programme.ts';
import { add, formatRational, one, rate } from '#loyalty/rational.ts';
import type { Span } from '#loyalty/fields.ts';
import type { TierCriteria } from '#loyalty/tier.ts';
import { addMeasures, type Measures } from '#loyalty/tiers.ts';
import { decimal, type Fields, fields, list, minor, named, number, text } from './fields.ts';

type TierDocument = NonNullable<ProgrammeDocument['tiers']>[number];
type TierSettingsDocument = NonNullable<ProgrammeDocument['tierSettings']>;

const metricWords: Readonly<Record<string, string>> = {
  spend: 'spend-minor',
  spent: 'spend-minor',
  min_spent: 'spend-minor',
  current_sale: 'spend-minor',
  earned: 'earned-points',
  earned_in_period: 'earned-points',
  qualifying_points: 'qualifying-points',
  base_points: 'base-points',
  balance: 'balance',
  active_points: 'balance',
  nights: 'custom:nights',
  stays: 'custom:stays',
};

/** The metric a word means: `spent_this_year`, `spent_before`, `spent_2027` are all money spent. */
function metricOf(word: string): string | null {
  const known = metricWords[word];
  if (known !== undefined) return known;
  return word.startsWith('spent_') ? 'spend-minor' : null;
}

function measureOf(metric: string, value: number, currency: string): number {
  return metric === 'spend-minor' ? minor(value, currency) : value;
}

function leaf(metric: string, value: number, currency: string): TierCriteria {
  return { metric, atLeast: measureOf(metric, value, currency) };
}

function criteriaOf(of: Fields, metric: string, currency: string): TierCriteria | null {
  const branch = (key: string): TierCriteria[] =>
    list(of, key).flatMap((part) => criteriaOf(part, metric, currency) ?? []);
  const [allOf, anyOf] = [branch('all_of'), branch('any_of')];
  if (allOf.length > 0) return { allOf };
  if (anyOf.length > 0) return { anyOf };
  const min = number(of, 'min');
  if (min !== null) return min === 0 ? null : leaf(metric, min, currency);
  const measured = Object.keys(of).flatMap((key) => {
    const found = metricOf(key);
    return found === null ? [] : [leaf(found, number(of, key) ?? 0, currency)];
  });
  const [single] = measured;
  if (single === undefined) return null;
  return measured.length === 1 ? single : { anyOf: measured };
}

const nameOf = (of: Fields): string => text(of, 'name') ?? '';
const idOf = (of: Fields): string => nameOf(of).replaceAll(' ', '-');

/** Tiers as a list, or by name and threshold beside a basic one. */
function written(program: Fields): readonly Fields[] {
  const several = [...list(program, 'tiers'), ...list(program, 'levels')];
  if (several.length > 0) return several;
  const byName = Object.entries(fields(program, 'tiers')).flatMap(([name, min]) =>
    typeof min === 'number' ? [{ name, min }] : [],
  );
  return byName.length === 0 ? [] : [{ name: 'Basic', min: 0 }, ...byName];
}

/** Tiers of a written programme, lowest first. */
export function tiersOf(program: Fields, currency: string): TierDocument[] {
  const word = text(program, 'metric') ?? text(fields(program, 'tiers'), 'metric') ?? 'earned';
  const metric = metricOf(word) ?? `custom:${word}`;
  return written(program).map((of) => {
    const bonus = number(of, 'bonus');
    const multiplier = decimal(number(of, 'multiplier') ?? 1);
    return {
      id: idOf(of),
      name: named(nameOf(of)),
      criteria: criteriaOf(of, metric, currency),
      multiplier: bonus === null ? multiplier : formatRational(add(one, rate(decimal(bonus)))),
    };
  });
}

/** Rules that only one tier has, as written rules. */
export function tierRules(program: Fields): Fields[] {
  return written(program).flatMap((of) => {
    const points = number(of, 'points_per_money');
    const per = number(of, 'per');
    if (points === null && per === null) return [];
    return [{ id: idOf(of), tier: idOf(of), per_money: { points: points ?? 1, per: per ?? 1 } }];
  });
}

function graceOf(program: Fields): Span | null {
  const days = number(program, 'grace_days');
  if (days !== null) return { count: days, unit: 'day' };
  const found = /^(\d+) (month|day|year)s?$/.exec(text(program, 'grace') ?? '');
  const unit = found?.[2];
  if (unit !== 'month' && unit !== 'day' && unit !== 'year') return null;
  return { count: Number(found?.[1]), unit };
}

function validityOf(program: Fields, monthly: boolean): TierSettingsDocument['validity'] {
  const days = number(program, 'validity_days');
  if (days !== null) return { kind: 'span', span: { count: days, unit: 'day' } };
  const next =
    text(program, 'keep_for') === 'next_period' ||
    text(program, 'valid') === 'rest_of_year_plus_next_calendar_year';
  if (next) return { kind: 'end-of-next-period' };
  return { kind: monthly ? 'end-of-period' : 'forever' };
}

/** How written tiers are reached, kept and lost. */
export function tierSettingsOf(program: Fields): TierSettingsDocument {
  const monthly = text(program, 'period') === 'month';
  const yearly = text(program, 'window') === 'calendar_year';
  const downgrade = text(program, 'downgrade');
  return {
    window: { kind: monthly ? 'calendar-month' : yearly ? 'calendar-year' : 'life' },
    includeCurrentSale: program['include_current_sale'] !== false,
    starts: text(program, 'start') === 'next_period' ? 'next-period' : 'at-once',
    validity: validityOf(program, monthly),
    grace: graceOf(program),
    graceRound: text(program, 'grace_round') === 'end_of_month' ? 'end-of-month' : 'none',
    downgrade: downgrade === 'none' || downgrade === 'one-level' ? downgrade : 'full',
    resetPointsAtReview: program['reset_points_on_recalc'] === true,
  };
}

/** Measures written in the words that tiers use; words that are no metric are left out. */
export function measuresFromNotation(stated: Fields, currency: string): Measures {
  return Object.entries(stated)
    .flatMap(([word, value]): Measures[] => {
      const metric = metricOf(word);
      if (metric === null || typeof value !== 'number') return [];
      return [{ [metric]: measureOf(metric, value, currency) }];
    })
    .reduce(addMeasures, {});
}
