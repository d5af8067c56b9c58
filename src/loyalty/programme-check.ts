import type { Programme } from './programme.ts';
import { isCurrency } from './money.ts';
import { compare, rate } from './rational.ts';
import type { Reward } from './reward.ts';
import type { MetricCriterion, TierCriteria } from './tier.ts';

/** One mistake: where it is in the document, and what to do about it. */
export interface ProgrammeProblem {
  /** Dotted path, e.g. `rewards.1.costPoints`. */
  readonly path: string;
  readonly message: string;
}

interface Findings {
  readonly errors: ProgrammeProblem[];
  readonly warnings: ProgrammeProblem[];
}

function duplicates(names: readonly string[], path: string, found: Findings): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name)) {
      found.errors.push({
        path: `${path}.${index}.id`,
        message: `"${name}" is used twice; give each its own name`,
      });
    }
    seen.add(name);
  });
}

function checkReferences(programme: Programme, found: Findings): void {
  const rewards = new Set(programme.rewards.map((reward) => reward.id));
  const tiers = new Set(programme.tiers.map((tier) => tier.id));
  programme.rules.forEach((rule, index) => {
    if (rule.effect.kind === 'discount' && !rewards.has(rule.effect.reward)) {
      found.errors.push({
        path: `rules.${index}.effect.reward`,
        message: `there is no reward "${rule.effect.reward}"; name one of the rewards below`,
      });
    }
    rule.conditions.forEach((condition, place) => {
      if (condition.kind !== 'tier') return;
      const unknown = condition.in.find((name) => !tiers.has(name));
      if (unknown === undefined) return;
      found.errors.push({
        path: `rules.${index}.conditions.${place}.in`,
        message: `there is no tier "${unknown}" in this programme`,
      });
    });
  });
  if (programme.autoRedeem !== null && !rewards.has(programme.autoRedeem.reward)) {
    found.errors.push({
      path: 'autoRedeem.reward',
      message: `there is no reward "${programme.autoRedeem.reward}"`,
    });
  }
}

function checkUnit(programme: Programme, found: Findings): void {
  const { unit } = programme;
  if (
    unit.kind === 'money' &&
    isCurrency(unit.currency) &&
    unit.currency !== programme.currencies[0]
  ) {
    found.errors.push({
      path: 'unit.currency',
      message: `a wallet is kept in the programme's first currency, ${programme.currencies[0] ?? ''}`,
    });
  }
  programme.rules.forEach((rule, index) => {
    if (rule.effect.kind === 'percent-back' && unit.kind !== 'money') {
      found.errors.push({
        path: `rules.${index}.effect.kind`,
        message: 'percent-back gives money; set "unit" to money or use per-money',
      });
    }
  });
}

function isOrderedPair(lower: number | null, upper: number | null): boolean {
  return lower === null || upper === null || lower <= upper;
}

function checkBounds(programme: Programme, found: Findings): void {
  const all = [
    ...programme.rules.map((rule, index) => ({ of: rule, path: `rules.${index}` })),
    ...programme.rewards.map((reward, index) => ({ of: reward, path: `rewards.${index}` })),
  ];
  for (const { of, path } of all) {
    of.conditions.forEach((condition, place) => {
      const wrong =
        (condition.kind === 'amount' && !isOrderedPair(condition.minMinor, condition.maxMinor)) ||
        (condition.kind === 'quantity' && !isOrderedPair(condition.minMilli, condition.maxMilli)) ||
        (condition.kind === 'hours' && condition.from >= condition.to) ||
        (condition.kind === 'dates' &&
          condition.from !== null &&
          condition.to !== null &&
          condition.from > condition.to);
      if (wrong) {
        found.errors.push({
          path: `${path}.conditions.${place}`,
          message: 'the lower bound is above the upper one; swap them',
        });
      }
      if (condition.kind === 'code' && /[ILOU]/i.test(condition.code)) {
        found.warnings.push({
          path: `${path}.conditions.${place}.code`,
          message: `"${condition.code}" has letters that are mistaken for digits (I, L, O, U)`,
        });
      }
    });
  }
}

function leaves(criteria: TierCriteria): readonly MetricCriterion[] {
  if ('metric' in criteria) return [criteria];
  return ('allOf' in criteria ? criteria.allOf : criteria.anyOf).flatMap(leaves);
}

function checkTiers(programme: Programme, found: Findings): void {
  const highest = new Map<string, number>();
  programme.tiers.forEach((tier, index) => {
    if (tier.criteria === null) {
      if (index > 0) {
        found.errors.push({
          path: `tiers.${index}.criteria`,
          message: 'only the first tier can be for everybody; say what this one needs',
        });
      }
      return;
    }
    for (const leaf of leaves(tier.criteria)) {
      const below = highest.get(leaf.metric) ?? -1;
      if (leaf.atLeast <= below) {
        found.errors.push({
          path: `tiers.${index}.criteria`,
          message: `needs ${leaf.atLeast} ${leaf.metric}, not more than a lower tier (${below}); order tiers from low to high`,
        });
      }
    }
    for (const leaf of leaves(tier.criteria)) {
      highest.set(leaf.metric, Math.max(leaf.atLeast, highest.get(leaf.metric) ?? -1));
    }
    if (compare(rate(tier.multiplier), rate('0')) === 0) {
      found.warnings.push({
        path: `tiers.${index}.multiplier`,
        message: 'members of this tier earn nothing',
      });
    }
  });
}

function checkReward(reward: Reward, index: number, programme: Programme, found: Findings): void {
  const path = `rewards.${index}`;
  if (reward.value.kind === 'per-point' && reward.costPoints === 0) {
    found.errors.push({
      path: `${path}.costPoints`,
      message: 'money for zero points divides by zero; say how many points buy the value',
    });
  }
  if (reward.value.kind === 'product' && reward.scope.kind !== 'order') {
    found.errors.push({
      path: `${path}.scope`,
      message: 'a free product names its goods in "skus"; leave the scope out',
    });
  }
  if (reward.stage === 'payment' && reward.value.kind !== 'per-point') {
    found.errors.push({
      path: `${path}.stage`,
      message: 'only a per-point reward can pay; use "discount"',
    });
  }
  const { balance } = programme.caps;
  if (balance !== null && reward.costPoints > balance) {
    found.warnings.push({
      path: `${path}.costPoints`,
      message: `costs ${reward.costPoints}, but no member can hold more than ${balance}`,
    });
  }
  if (programme.holder === 'member' && reward.costPoints === 0 && reward.applies === 'claim') {
    found.warnings.push({
      path: `${path}.costPoints`,
      message: 'costs nothing and can always be had',
    });
  }
}

/** What a schema cannot see: names that miss, bounds that cross, tiers out of order. */
export function programmeProblems(programme: Programme): Findings {
  const found: Findings = { errors: [], warnings: [] };
  duplicates(
    programme.rules.map((rule) => rule.id),
    'rules',
    found,
  );
  duplicates(
    programme.rewards.map((reward) => reward.id),
    'rewards',
    found,
  );
  duplicates(
    programme.tiers.map((tier) => tier.id),
    'tiers',
    found,
  );
  checkReferences(programme, found);
  checkUnit(programme, found);
  checkBounds(programme, found);
  checkTiers(programme, found);
  programme.rewards.forEach((reward, index) => {
    checkReward(reward, index, programme, found);
  });
  return found;
}
