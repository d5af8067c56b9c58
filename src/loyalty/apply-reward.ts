import { freeUnits } from './apply-product.ts';
import { ceilingOf, multiplesFor } from './ceiling.ts';
import type { Application, AppliedReward } from './application.ts';
import { divide, multiply, rate, rational, roundToInteger } from './rational.ts';
import { reason, type Reason } from './reason.ts';
import { assertNever, err, ok, type Result } from './result.ts';
import { scopeOf } from './scope.ts';
import { amountLeft, payOff, takeOff, unpaid, type WorkingLine } from './working.ts';

function unitValue(line: WorkingLine): number {
  const units = rational(Math.max(1, line.line.quantityMilli - line.freeMilli), 1000);
  return Math.min(
    line.remainingMinor,
    roundToInteger(divide(rational(line.remainingMinor), units), 'half-up'),
  );
}

function cheapest(lines: readonly WorkingLine[]): WorkingLine | null {
  return lines.reduce<WorkingLine | null>(
    (best, line) => (best === null || unitValue(line) < unitValue(best) ? line : best),
    null,
  );
}

function reduceBy(
  application: Application,
  wantedMinor: number,
  lines: readonly WorkingLine[],
): number[] {
  const parts = takeOff(lines, wantedMinor, {
    programme: application.programme.id,
    reward: application.reward.id,
  });
  return application.lines.map((line) => parts[lines.indexOf(line)] ?? 0);
}

function taken(
  application: Application,
  times: number,
  valueMinor: number,
  lines: readonly WorkingLine[],
): Result<AppliedReward, Reason> {
  if (valueMinor <= 0) return err(reason('nothing-to-reduce'));
  const carried = Math.min(
    valueMinor,
    lines.reduce((sum, line) => sum + Math.max(0, line.remainingMinor), 0),
  );
  return ok({
    points: times * application.reward.costPoints,
    valueMinor,
    roundingMinor: valueMinor - carried,
    units: times,
    parts: reduceBy(application, carried, lines),
    added: null,
  });
}

/** How often the points and the reward's own bound allow it; `Infinity` never leaves this file. */
function timesAllowed(application: Application): number {
  const { reward, pool } = application;
  const most = reward.mostPerSale ?? 1_000_000;
  return reward.costPoints === 0
    ? Math.min(most, 1)
    : Math.min(most, Math.floor(pool / reward.costPoints));
}

function applyPoints(application: Application, eachMinor: number): Result<AppliedReward, Reason> {
  const { reward, lines } = application;
  const chosen = multiplesFor(application, eachMinor);
  if (!chosen.ok) return chosen;
  const valueMinor = chosen.value * eachMinor;
  if (reward.stage === 'discount') {
    return taken(application, chosen.value, valueMinor, scopeOf(reward, lines));
  }
  const carried = Math.min(valueMinor, unpaid(lines));
  return ok({
    points: chosen.value * reward.costPoints,
    valueMinor,
    roundingMinor: valueMinor - carried,
    units: chosen.value,
    parts: payOff(lines, carried),
    added: null,
  });
}

function applyFixed(application: Application, amountMinor: number): Result<AppliedReward, Reason> {
  const ceiling = ceilingOf(application);
  const needed = Math.ceil(ceiling / amountMinor);
  const times = Math.min(timesAllowed(application), Math.max(needed, 1));
  return taken(
    application,
    times,
    Math.min(times * amountMinor, ceiling),
    scopeOf(application.reward, application.lines),
  );
}

function applyPercent(application: Application, percent: string): Result<AppliedReward, Reason> {
  const { reward, lines } = application;
  const scope = scopeOf(reward, lines);
  const one = reward.scope.kind === 'cheapest' ? cheapest(scope) : null;
  const target = one === null ? scope : [one];
  const base =
    one === null ? scope.reduce((sum, line) => sum + line.remainingMinor, 0) : unitValue(one);
  const whole = reward.scope.kind === 'order' ? Math.min(base, ceilingOf(application, true)) : base;
  const share = multiply(rational(whole), divide(rate(percent), rational(100)));
  const valueMinor = Math.min(roundToInteger(share, 'half-up'), ceilingOf(application));
  return taken(application, 1, valueMinor, target);
}

function applyPrice(
  application: Application,
  unitPriceMinor: number,
): Result<AppliedReward, Reason> {
  const scope = scopeOf(application.reward, application.lines);
  let valueMinor = 0;
  const parts = application.lines.map((line) => {
    if (!scope.includes(line)) return 0;
    const target = roundToInteger(
      rational(BigInt(unitPriceMinor) * BigInt(line.line.quantityMilli), 1000n),
      'half-up',
    );
    const part = Math.max(0, line.remainingMinor - target);
    if (part > 0) {
      reduceBy({ ...application, lines: [line] }, part, [line]);
      line.unitPriceMinor = unitPriceMinor;
    }
    valueMinor += part;
    return part;
  });
  if (valueMinor === 0) return err(reason('nothing-to-reduce'));
  const { costPoints } = application.reward;
  return ok({ points: costPoints, valueMinor, roundingMinor: 0, units: 1, parts, added: null });
}

/**
 * The reward with no more points than were asked for it: what a till has set aside is not more because
 * the basket grew. Points that pay for themselves are counted in multiples, by `multiplesFor`.
 */
function asAsked(application: Application): Application {
  const { reward, claim, pool } = application;
  if (claim === null || claim.points === null || reward.value.kind === 'per-point') {
    return application;
  }
  return { ...application, pool: Math.min(pool, claim.points) };
}

/** Why the points do not suffice for one application; `null` when they do. */
function pointsReason(application: Application): Reason | null {
  const { reward, pool, programme } = application;
  const least = Math.max(
    reward.costPoints,
    reward.minPoints ?? 0,
    programme.redemption.minPoints ?? 0,
  );
  if (pool >= least) return null;
  const code = pool >= reward.costPoints ? 'minimum-points' : 'not-enough-points';
  return reason(code, { missing: least - pool, have: pool, cost: least });
}

/**
 * Applies a reward to the lines, which it changes, or says why not and changes nothing.
 *
 * Whether its conditions hold is asked before; here only points, amounts and goods decide.
 */
export function applyReward(application: Application): Result<AppliedReward, Reason> {
  const { reward } = application;
  const short = application.poolWithFree === null ? pointsReason(application) : null;
  if (short !== null) return err(short);
  const asked = asAsked(application);
  if (asked.pool < reward.costPoints && asked.pool < application.pool) {
    const { pool: have } = asked;
    const cost = reward.costPoints;
    return err(reason('not-enough-points', { missing: cost - have, have, cost }));
  }
  return applyAsked(asked);
}

function applyAsked(application: Application): Result<AppliedReward, Reason> {
  const { reward } = application;
  const { value } = reward;
  if (value.kind !== 'product' && value.kind !== 'benefit' && value.kind !== 'donation') {
    const missing = (reward.minSaleMinor ?? 0) - amountLeft(application.lines);
    if (missing > 0) return err(reason('minimum-amount', { missingMinor: missing }));
  }
  const nothing = { valueMinor: 0, roundingMinor: 0, units: 1, added: null };
  switch (value.kind) {
    case 'per-point':
      return applyPoints(application, value.valueMinor);
    case 'fixed':
      return applyFixed(application, value.amountMinor);
    case 'percent':
      return applyPercent(application, value.percent);
    case 'price':
      return applyPrice(application, value.unitPriceMinor);
    case 'product':
      return freeUnits(application, value);
    case 'benefit':
    case 'donation':
      return ok({ ...nothing, points: reward.costPoints, parts: application.lines.map(() => 0) });
    default:
      return assertNever(value, 'applyReward');
  }
}
