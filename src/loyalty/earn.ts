import { allocate } from './allocate.ts';
import { circumstancesReason, type Context, datesHold } from './context.ts';
import {
  type Contribution,
  contributionOf,
  type Given,
  isPointsEffect,
  type PointsRule,
  withGiven,
} from './earn-base.ts';
import { capped } from './earn-caps.ts';
import { basketReason, lineMatches, matchingLines } from './matching.ts';
import { standingIn } from './member.ts';
import { pointsToSmallest } from './points.ts';
import type { Programme } from './programme.ts';
import {
  accumulate,
  add,
  compare,
  formatRational,
  multiply,
  one,
  rate,
  type Rational,
  rational,
  roundToInteger,
  scale,
  subtract,
  sumOf,
  zero,
} from './rational.ts';
import type { Rule } from './rule.ts';
import type { Trace } from './trace.ts';
import { basisOf, type WorkingLine } from './working.ts';

/** What a sale gives in one programme. */
export interface Earned {
  /** In the smallest unit. */
  readonly points: number;
  /** The part that counts towards a tier. */
  readonly qualifyingPoints: number;
  /** The money that earned, rounded for display. */
  readonly basisMinor: number;
  /** Points per rule; sums to `points`. Tier multipliers are `tier:<id>`. */
  readonly breakdown: Readonly<Record<string, number>>;
  /** Exact points before caps and rounding. */
  readonly exact: Rational;
}

/** What a sale gives where no rule holds. */
export const nothingEarned: Earned = {
  points: 0,
  qualifyingPoints: 0,
  basisMinor: 0,
  breakdown: {},
  exact: zero,
};

/**
 * Sale rules that hold now, highest priority first; a rule marked last ends the list.
 *
 * `matched` receives the lines each of them looks at.
 */
export function rulesThatHold(
  programme: Programme,
  lines: readonly WorkingLine[],
  context: Context,
  matched: Map<Rule, readonly WorkingLine[]> = new Map(),
): Rule[] {
  const held: Rule[] = [];
  const byPriority = programme.rules.toSorted((a, b) => b.priority - a.priority);
  for (const rule of byPriority) {
    if (!rule.enabled || rule.trigger.on !== 'sale') continue;
    if (context.held === null && !datesHold(rule.dates, context.day)) continue;
    if (circumstancesReason(rule, programme, context) !== null) continue;
    const matching = matchingLines(rule.lines, programme.earning.lineKinds, lines);
    if (!matching.some((line) => line.line.quantityMilli - line.freeMilli > 0)) continue;
    if (basketReason(rule.conditions, matching, lines) !== null) continue;
    held.push(rule);
    matched.set(rule, matching);
    if (rule.last) break;
  }
  return held;
}

type Contribute = (rule: PointsRule, given: Given) => Contribution;

const nothingGiven: Given = new Map();

/** The base rules that count, and what they give: together, or the one that stands alone. */
function chooseBase(
  programme: Programme,
  base: readonly PointsRule[],
  contribute: Contribute,
): readonly Contribution[] {
  const mode = programme.earning.rules;
  const alone = base.find((rule) => !rule.stackable) ?? (mode === 'first' ? base[0] : undefined);
  if (alone !== undefined) return [contribute(alone, nothingGiven)];
  if (mode === 'sum') return inTurn(base, nothingGiven, contribute);
  const each = base.map((rule) => contribute(rule, nothingGiven));
  return each.reduce<readonly Contribution[]>(
    ([best], next) => [best === undefined || compare(next.total, best.total) > 0 ? next : best],
    [],
  );
}

/** What rules give one after the other: those of one group share what its limits leave. */
function inTurn(
  rules: readonly PointsRule[],
  before: Given,
  contribute: Contribute,
): readonly Contribution[] {
  let given = before;
  return rules.map((rule) => {
    const contribution = contribute(rule, given);
    given = withGiven(given, contribution);
    return contribution;
  });
}

interface Multiplier {
  readonly id: string;
  readonly by: Rational;
  /** `null` multiplies everything, points of the visit too. */
  readonly covers: ((line: WorkingLine) => boolean) | null;
}

function multipliersOf(
  rules: readonly Rule[],
  tier: string | null,
  programme: Programme,
): Multiplier[] {
  const found: Multiplier[] = [];
  for (const rule of rules) {
    if (rule.effect.kind !== 'multiply') continue;
    const { skus, categories, kinds, exceptSkus, exceptCategories } = rule.lines;
    const all =
      skus === null &&
      categories === null &&
      kinds === null &&
      exceptSkus.length + exceptCategories.length === 0;
    found.push({
      id: rule.id,
      by: rate(rule.effect.by),
      covers: all ? null : (line) => lineMatches(rule.lines, line),
    });
  }
  const level = programme.tiers.find((candidate) => candidate.id === tier);
  if (level !== undefined && compare(rate(level.multiplier), one) !== 0) {
    found.push({ id: `tier:${level.id}`, by: rate(level.multiplier), covers: null });
  }
  return found;
}

interface Sum {
  readonly perLine: Map<WorkingLine, Rational>;
  unbound: Rational;
  /** Exact points per rule. */
  readonly byRule: Map<string, Rational>;
}

function credit(sum: Sum, id: string, points: Rational): void {
  sum.byRule.set(id, add(sum.byRule.get(id) ?? zero, points));
}

function sumUp(contributions: readonly Contribution[]): Sum {
  const sum: Sum = { perLine: new Map(), unbound: zero, byRule: new Map() };
  for (const contribution of contributions) {
    for (const [line, points] of contribution.perLine) {
      const before = sum.perLine.get(line);
      sum.perLine.set(line, before === undefined ? points : accumulate(before, points));
    }
    sum.unbound = add(sum.unbound, contribution.unbound);
    credit(sum, contribution.rule.id, contribution.total);
  }
  return sum;
}

function multiplyAll(
  sum: Sum,
  multipliers: readonly Multiplier[],
  mode: 'compound' | 'best',
): void {
  const best = mode === 'best';
  const ordered = best ? multipliers.toSorted((a, b) => compare(b.by, a.by)) : multipliers;
  const done = new Set<WorkingLine>();
  let unboundDone = false;
  for (const { id, by, covers } of ordered) {
    const more = subtract(by, one);
    const gains: Rational[] = [];
    for (const [line, points] of sum.perLine) {
      if ((covers !== null && !covers(line)) || (best && done.has(line))) continue;
      done.add(line);
      gains.push(scale(points, more));
      sum.perLine.set(line, scale(points, by));
    }
    if (covers === null && !(best && unboundDone)) {
      unboundDone = true;
      const gained = multiply(sum.unbound, more);
      gains.push(gained);
      sum.unbound = add(sum.unbound, gained);
    }
    credit(sum, id, sumOf(gains));
  }
}

function total(sum: Sum): Rational {
  return sumOf(sum.byRule.values());
}

/** Splits whole points over the rules so that they sum; a rule that lowers points shows none. */
function breakdownOf(
  points: number,
  byRule: ReadonlyMap<string, Rational>,
): Record<string, number> {
  const scale = 1_000_000n;
  const ids = [...byRule.keys()];
  const weights = ids.map((id) =>
    Math.max(0, roundToInteger(multiply(byRule.get(id) ?? zero, rational(scale)), 'half-up')),
  );
  if (points === 0 || weights.every((weight) => weight === 0)) return {};
  const parts = allocate(points, weights);
  return Object.fromEntries(
    ids.map((id, index) => [id, parts[index] ?? 0] as const).filter(([, part]) => part > 0),
  );
}

function traceMultipliers(
  programme: Programme,
  multipliers: readonly Multiplier[],
  sum: Sum,
  trace: Trace,
): void {
  const exact = formatRational(total(sum));
  for (const { id, by } of multipliers) {
    const tier = id.startsWith('tier:') ? id.slice(5) : null;
    trace.add(tier === null ? 'earn-multiplied' : 'earn-tier', {
      programme: programme.id,
      ...(tier === null ? { rule: id } : { tier }),
      by: formatRational(by),
      exact,
    });
  }
}

/** What `calculateEarned` works on. */
export interface EarnInput {
  readonly programme: Programme;
  readonly lines: readonly WorkingLine[];
  readonly context: Context;
  /** `null` where the programme's caps are not looked at: in a promotion, and after the sale. */
  readonly trace: Trace | null;
  /** After the sale, instead of the caps: what it gave. */
  readonly atMost?: number;
}

/**
 * What the sale earns in one programme, for the member in the context.
 *
 * Base rules → multipliers → bonuses → caps → one rounding. The basis is what the programme's
 * settings say of each line: tax, discounts of others, its own redemption, free units. Where no rule
 * holds it is `nothingEarned`, and nothing is traced.
 */
export function calculateEarned(input: EarnInput): Earned {
  const { programme, lines, context, trace } = input;
  const { earning } = programme;
  const matched = new Map<Rule, readonly WorkingLine[]>();
  const held = rulesThatHold(programme, lines, context, matched);
  if (held.length === 0) return nothingEarned;
  const points = held.filter((rule): rule is PointsRule => isPointsEffect(rule.effect));
  const basis = new Map(lines.map((line) => [line, basisOf(line, programme)] as const));
  const contribute: Contribute = (rule, given) =>
    contributionOf(rule, programme, matched.get(rule) ?? [], basis, context, given);
  const base = chooseBase(
    programme,
    points.filter((rule) => rule.stage === 'base'),
    contribute,
  );
  const sum = sumUp(base);
  const hasBase = compare(total(sum), zero) > 0;
  const extras = held.filter((rule) => rule.effect.kind === 'multiply' || rule.stage === 'bonus');
  const last = programme.rules.findLast((rule) => extras.includes(rule));
  const chosen =
    earning.promotions === 'all' ? extras : extras.filter((rule) => hasBase && rule === last);
  const tier = context.member === null ? null : standingIn(context.member, programme.id).tier;
  const multipliers = multipliersOf(chosen, tier, programme);
  for (const contribution of base) traceContribution(programme, contribution, trace);
  multiplyAll(sum, multipliers, earning.multipliers);
  if (trace !== null && hasBase) traceMultipliers(programme, multipliers, sum, trace);
  const bonuses = points.filter((rule) => chosen.includes(rule));
  const given = base.reduce(withGiven, nothingGiven);
  for (const { rule, total: exact } of inTurn(bonuses, given, contribute)) {
    credit(sum, rule.id, exact);
    trace?.add('earn-bonus', {
      programme: programme.id,
      rule: rule.id,
      exact: formatRational(exact),
    });
  }
  return finish(input, sum, { base, multipliers, basis });
}

function finish(
  input: EarnInput,
  sum: Sum,
  from: {
    readonly base: readonly Contribution[];
    readonly multipliers: readonly Multiplier[];
    readonly basis: ReadonlyMap<WorkingLine, Rational>;
  },
): Earned {
  const { programme, context, trace } = input;
  const { base, multipliers, basis } = from;
  const exact = total(sum);
  const positive = compare(exact, zero) > 0 ? exact : zero;
  const rounded = pointsToSmallest(positive, programme.unit, programme.earning.rounding);
  const points =
    trace === null
      ? Math.min(rounded, input.atMost ?? rounded)
      : capped(rounded, programme, context, trace);
  const breakdown = breakdownOf(points, sum.byRule);
  const notQualifying = new Set([
    ...multipliers.filter(({ id }) => id.startsWith('tier:')).map(({ id }) => id),
    ...programme.rules.filter((rule) => !rule.qualifying).map((rule) => rule.id),
  ]);
  const earningLines = new Set(base.flatMap((contribution) => contribution.matching));
  const basisMinor = sumOf([...earningLines].map((line) => basis.get(line) ?? zero));
  trace?.add('earn-total', {
    programme: programme.id,
    exact: formatRational(positive),
    rounding: programme.earning.rounding,
    points,
  });
  return {
    points,
    qualifyingPoints: Object.entries(breakdown).reduce(
      (qualifying, [id, part]) => (notQualifying.has(id) ? qualifying : qualifying + part),
      0,
    ),
    basisMinor: roundToInteger(basisMinor, 'half-up'),
    breakdown,
    exact,
  };
}

function traceContribution(
  programme: Programme,
  contribution: Contribution,
  trace: Trace | null,
): void {
  if (trace === null) return;
  const { rule } = contribution;
  const common = {
    programme: programme.id,
    rule: rule.id,
    exact: formatRational(contribution.total),
  };
  if (rule.effect.kind === 'per-money') {
    trace.add('earn-per-money', {
      ...common,
      basisMinor: contribution.basisMinor,
      points: rule.effect.points,
      perMinor: rule.effect.perMinor,
    });
  } else if (rule.effect.kind === 'per-unit') {
    trace.add('earn-per-unit', { ...common, points: rule.effect.points });
  } else if (rule.effect.kind === 'percent-back') {
    trace.add('earn-percent-back', {
      ...common,
      basisMinor: contribution.basisMinor,
      percent: rule.effect.percent,
    });
  } else trace.add('earn-per-sale', common);
}
