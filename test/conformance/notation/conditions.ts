import type { ProgrammeDocument } from '#loyalty/programme.ts';
import {
  type Fields,
  minorOrNull,
  names,
  type NotationUnits,
  number,
  smallest,
  text,
} from './fields.ts';

/** A rule of a programme document. */
export type RuleDocument = NonNullable<ProgrammeDocument['rules']>[number];

/** A condition of a rule or reward of a programme document. */
export type ConditionDocument = NonNullable<RuleDocument['conditions']>[number];

/** Which lines written words mean: products, categories, tags and what is left out. */
export function linesOf(of: Fields): NonNullable<RuleDocument['lines']> {
  const categories = [
    ...(names(of, 'category') ?? []),
    ...(names(of, 'tag') ?? []).map((tag) => `tag:${tag}`),
  ];
  return {
    skus: names(of, 'products') ?? names(of, 'product') ?? names(of, 'on'),
    categories: categories.length > 0 ? categories : null,
    exceptSkus: names(of, 'exclude_products') ?? [],
    exceptCategories: names(of, 'exclude_categories') ?? [],
  };
}

function amounts(of: Fields, units: NotationUnits): ConditionDocument[] {
  const minMinor = minorOrNull(of, 'min_amount', units.currency);
  const maxMinor = minorOrNull(of, 'max_amount', units.currency);
  if (minMinor === null && maxMinor === null) return [];
  const tax = text(of, 'min_amount_tax') === 'excluded' ? 'excluded' : 'included';
  return [{ kind: 'amount', minMinor, maxMinor, tax }];
}

function quantities(of: Fields): ConditionDocument[] {
  const [least, most] = [number(of, 'min_qty'), number(of, 'max_qty')];
  if (least === null && most === null) return [];
  return [
    {
      kind: 'quantity',
      minMilli: least === null ? null : smallest(least, 3),
      maxMilli: most === null ? null : smallest(most, 3),
    },
  ];
}

/** The conditions that a written rule, coupon or price states. */
export function conditionsOf(of: Fields, units: NotationUnits): ConditionDocument[] {
  const found = [...amounts(of, units), ...quantities(of)];
  const code = text(of, 'code');
  if (code !== null) found.push({ kind: 'code', code });
  const segment = text(of, 'segment');
  if (segment !== null) found.push({ kind: 'segment', anyOf: [segment] });
  const tier = text(of, 'tier');
  if (tier !== null) found.push({ kind: 'tier', in: [tier] });
  const withinDays = number(of, 'within_days');
  if (withinDays !== null) found.push({ kind: 'comeback', withinDays });
  const weekdays = of['iso_weekdays'];
  if (Array.isArray(weekdays)) found.push({ kind: 'weekday', in: weekdays });
  return found;
}
