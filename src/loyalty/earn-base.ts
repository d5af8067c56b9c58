import type { Context } from './context.ts';
import { useKey } from './facts.ts';
import type { Limit } from './fields.ts';
import { smallestPerPoint } from './points.ts';
import type { Programme } from './programme.ts';
import {
  add,
  compare,
  divide,
  multiply,
  rate,
  type Rational,
  rational,
  round,
  roundToInteger,
  scale,
  subtract,
  sumOf,
  zero,
} from './rational.ts';
import { assertNever } from './result.ts';
import type { Effect, Rule } from './rule.ts';
import type { WorkingLine } from './working.ts';

/** An effect that gives points for a sale. */
export type PointsEffect = Extract<
  Effect,
  { kind: 'per-money' | 'per-unit' | 'per-sale' | 'percent-back' }
>;

/** A rule that gives points for a sale. */
export type PointsRule = Rule & { readonly effect: PointsEffect };

/** Whether an effect gives points for a sale. */
export function isPointsEffect(effect: Effect): effect is PointsEffect {
  return (
    effect.kind === 'per-money' ||
    effect.kind === 'per-unit' ||
    effect.kind === 'per-sale' ||
    effect.kind === 'percent-back'
  );
}

/** What one rule gives, exactly, and for which lines. */
export interface Contribution {
  readonly rule: PointsRule;
  readonly matching: readonly WorkingLine[];
  readonly perLine: Map<WorkingLine, Rational>;
  /** Points of the visit, which belong to no line. */
  readonly unbound: Rational;
  /** Both together. */
  readonly total: Rational;
  readonly basisMinor: number;
}

function perUnit(line: WorkingLine, programme: Programme, points: Rational): Rational {
  const free = programme.earning.freeUnitsEarn ? 0 : line.freeMilli;
  return multiply(points, rational(line.line.quantityMilli - free, 1000));
}

function scaled(perLine: Map<WorkingLine, Rational>, by: Rational): Map<WorkingLine, Rational> {
  return new Map([...perLine].map(([line, points]) => [line, multiply(points, by)] as const));
}

/** The counter that a limit of a rule looks at; rules of one group share theirs. */
function counterOf(rule: Rule, programme: Programme, { of, per }: Limit): string {
  return useKey(programme.id, rule.limitGroup ?? rule.id, of, per);
}

/** The counters, as `useKey`, that a rule's limits on points look at beyond the sale itself. */
export function pointCounters(rule: Rule, programme: Programme): string[] {
  return rule.limits
    .filter((limit) => limit.count === 'points' && limit.per !== 'sale')
    .map((limit) => counterOf(rule, programme, limit));
}

/** What earlier rules of this sale were given, by the group whose limits they share. */
export type Given = ReadonlyMap<string, Rational>;

/** What was given with one more contribution. */
export function withGiven(given: Given, { rule, total }: Contribution): Given {
  const { limitGroup } = rule;
  if (limitGroup === null) return given;
  return new Map([...given, [limitGroup, add(given.get(limitGroup) ?? zero, total)]]);
}

/** Lowers a rule's points to what its own limits leave after the rules before it. */
function limited(
  rule: PointsRule,
  programme: Programme,
  context: Context,
  given: Given,
  perLine: Map<WorkingLine, Rational>,
  unbound: Rational,
): readonly [Map<WorkingLine, Rational>, Rational] {
  let allowed: Rational | null = null;
  for (const limit of rule.limits) {
    if (limit.count !== 'points') continue;
    const counted = context.facts.uses[counterOf(rule, programme, limit)]?.points ?? 0;
    const used = limit.per === 'sale' ? 0 : counted;
    const most = rational(limit.most - used, smallestPerPoint(programme.unit));
    const left = subtract(most, given.get(rule.limitGroup ?? '') ?? zero);
    const points = compare(left, zero) > 0 ? left : zero;
    if (allowed === null || compare(points, allowed) < 0) allowed = points;
  }
  if (allowed === null) return [perLine, unbound];
  const sum = add(sumOf(perLine.values()), unbound);
  if (compare(sum, allowed) <= 0) return [perLine, unbound];
  const by = divide(allowed, sum);
  return [scaled(perLine, by), multiply(unbound, by)];
}

/** Exact points of one matching rule. */
export function contributionOf(
  rule: PointsRule,
  programme: Programme,
  matching: readonly WorkingLine[],
  basis: ReadonlyMap<WorkingLine, Rational>,
  context: Context,
  given: Given,
): Contribution {
  const perLine = new Map<WorkingLine, Rational>();
  let unbound = zero;
  const basisSum = sumOf(matching.map((line) => basis.get(line) ?? zero));
  const { effect } = rule;
  const share = (factor: Rational): void => {
    for (const line of matching) perLine.set(line, scale(basis.get(line) ?? zero, factor));
  };
  switch (effect.kind) {
    case 'per-money': {
      const factor = divide(rate(effect.points), rational(effect.perMinor));
      if (effect.steps === 'exact') share(factor);
      else if (compare(basisSum, zero) > 0) {
        const steps = round(divide(basisSum, rational(effect.perMinor)), 'floor');
        share(divide(multiply(rate(effect.points), rational(steps)), basisSum));
      }
      break;
    }
    case 'percent-back':
      share(divide(rate(effect.percent), rational(100 * smallestPerPoint(programme.unit))));
      break;
    case 'per-unit':
      for (const line of matching) perLine.set(line, perUnit(line, programme, rate(effect.points)));
      break;
    case 'per-sale':
      unbound = rate(effect.points);
      break;
    default:
      return assertNever(effect, 'contributionOf');
  }
  const [lowered, loweredUnbound] = limited(rule, programme, context, given, perLine, unbound);
  return {
    rule,
    matching,
    perLine: lowered,
    unbound: loweredUnbound,
    total: add(sumOf(lowered.values()), loweredUnbound),
    basisMinor: roundToInteger(basisSum, 'half-up'),
  };
}
