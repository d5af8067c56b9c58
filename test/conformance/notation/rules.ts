import { conditionsOf, linesOf, type RuleDocument } from './conditions.ts';
import {
  decimal,
  type Fields,
  fields,
  isFields,
  list,
  minor,
  named,
  type NotationUnits,
  number,
  text,
} from './fields.ts';

type Given = Pick<RuleDocument, 'effect' | 'trigger' | 'stage' | 'lines'>;

const day = (value: string | null): string | null => value?.slice(0, 10) ?? null;
const flat = (points: number): RuleDocument['effect'] => ({
  kind: 'per-sale',
  points: decimal(points),
});
const perUnit = (points: number): RuleDocument['effect'] => ({
  kind: 'per-unit',
  points: decimal(points),
});

function perMoney(
  points: number,
  per: number,
  steps: 'exact' | 'whole',
  units: NotationUnits,
): RuleDocument['effect'] {
  return {
    kind: 'per-money',
    points: decimal(points),
    perMinor: minor(per, units.currency),
    steps,
  };
}

const referralMoments: Readonly<Record<string, 'register' | 'first' | 'every'>> = {
  'referral.register': 'register',
  'referral.first_purchase': 'first',
  'referral.every_purchase': 'every',
};

function triggerOf(on: string, of: Fields): RuleDocument['trigger'] {
  const moment = referralMoments[on];
  const to = text(of, 'reward');
  if (moment !== undefined) {
    return { on: 'referral', moment, to: to === 'referred' || to === 'both' ? to : 'referrer' };
  }
  return on === 'enrol' || on === 'birthday' ? { on } : { on: 'event', type: on };
}

/** Effects that one number states. */
const byNumber: Readonly<Record<string, (value: number) => Given>> = {
  fixed: (value) => ({ effect: flat(value) }),
  per_visit: (value) => ({ effect: flat(value) }),
  fixed_per_unit: (value) => ({ effect: perUnit(value) }),
  addition: (value) => ({ effect: flat(value), stage: 'bonus' }),
  multiplier: (value) => ({ effect: { kind: 'multiply', by: decimal(value) } }),
};

function givenBy(of: Fields, units: NotationUnits): Given {
  const points = number(of, 'points') ?? 0;
  const [on, mode] = [text(of, 'on'), text(of, 'mode')];
  if (on !== null && mode === null) return { effect: flat(points), trigger: triggerOf(on, of) };
  if (mode === 'per_unit') return { effect: perUnit(points) };
  if (mode === 'per_money') return { effect: perMoney(points, 1, 'exact', units) };
  if (of['per_money'] !== undefined) {
    const money = fields(of, 'per_money');
    const [each, per] = [number(money, 'points') ?? 0, number(money, 'per') ?? 1];
    return { effect: perMoney(each, per, 'whole', units) };
  }
  if (of['per_unit'] !== undefined) {
    const unit = fields(of, 'per_unit');
    return { effect: perUnit(number(unit, 'points') ?? 1), lines: linesOf(unit) };
  }
  const word = Object.keys(byNumber).find((key) => number(of, key) !== null);
  const made = word === undefined ? undefined : byNumber[word]?.(number(of, word) ?? 0);
  return made ?? { effect: flat(points) };
}

const periods: Readonly<Record<string, 'day' | 'week' | 'month' | 'year' | 'life'>> = {
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year',
  member: 'life',
};

function limitsOf(limit: Fields): NonNullable<RuleDocument['limits']> {
  const per = periods[text(limit, 'per') ?? ''];
  if (per === undefined) return [];
  const points = number(limit, 'points');
  const count = points === null ? 'times' : 'points';
  return [{ most: points ?? number(limit, 'times') ?? 1, count, per }];
}

/** One written rule; `index` names it when it has no name. */
export function ruleOf(of: Fields, index: number, units: NotationUnits): RuleDocument {
  const id = text(of, 'id') ?? String(number(of, 'id') ?? `rule${index}`);
  const limit = fields(of, 'limit');
  return {
    id,
    name: named(id),
    lines: linesOf({ ...of, on: undefined }),
    conditions: conditionsOf(of, units),
    ...givenBy(of, units),
    enabled: of['enabled'] !== false,
    stackable: of['stackable'] !== false,
    priority: number(of, 'priority') ?? 0,
    last: of['last'] === true,
    limits: limitsOf(limit),
    limitGroup: number(limit, 'points') === null ? null : 'extras',
    dates: { from: day(text(of, 'from')), to: day(text(of, 'to')) },
  };
}

/** The rules of a programme, in whichever of the ways they are written. */
export function rulesOf(program: Fields, units: NotationUnits): RuleDocument[] {
  const earn = program['earn'];
  const written = Array.isArray(earn) ? list(program, 'earn') : isFields(earn) ? [earn] : [];
  const rules = [...written, ...list(program, 'rules')].map((of, index) =>
    ruleOf(of, index, units),
  );
  for (const [currency, points] of Object.entries(fields(program, 'earn_by_currency'))) {
    rules.push({
      id: currency,
      name: named(currency),
      conditions: [{ kind: 'currency', in: [currency] }],
      effect: perMoney(Number(points), 1, 'exact', { ...units, currency }),
    });
  }
  const base = fields(program, 'base');
  if (base['per_visit'] !== undefined) rules.push(ruleOf({ id: 'base', ...base }, 0, units));
  const promotions = list(program, 'promotions').toSorted((a, b) =>
    String(a['created']).localeCompare(String(b['created'])),
  );
  return [...rules, ...promotions.map((of, index) => ruleOf(of, index, units))];
}
