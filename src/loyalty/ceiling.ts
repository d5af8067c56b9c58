import type { Application } from './application.ts';
import { roundToMultiple } from './money.ts';
import { divide, multiply, rate, rational, roundToInteger } from './rational.ts';
import { reason, type Reason } from './reason.ts';
import { err, ok, type Result } from './result.ts';
import { isReducible, reducibleLeft, unpaid, type WorkingLine } from './working.ts';
import { lineMatches } from './matching.ts';

function scopeLeft(application: Application): number {
  const { reward, lines } = application;
  const { scope } = reward;
  const inScope = (line: WorkingLine): boolean =>
    scope.kind === 'order' || lineMatches(scope.lines, line);
  return lines.reduce(
    (sum, line) =>
      isReducible(line) && inScope(line) ? sum + Math.max(0, line.remainingMinor) : sum,
    0,
  );
}

function shareOfSale(percent: string, saleMinor: number): number {
  return roundToInteger(
    multiply(rational(saleMinor), divide(rate(percent), rational(100))),
    'floor',
  );
}

/**
 * The most money a reward may take now, in minor units.
 *
 * Never more than what is left of its lines, of the whole sale (negative lines count), its own cap
 * and its share of the sale. Where cash is rounded, points may pay the rounded amount.
 */
export function ceilingOf(application: Application, withoutCap = false): number {
  const { reward, programme, lines, saleMinor, redeemedMinor, context } = application;
  const payment = reward.stage === 'payment';
  const left = payment ? unpaid(lines) : Math.min(scopeLeft(application), reducibleLeft(lines));
  const whole = payment || (reward.scope.kind === 'order' && reward.value.kind === 'per-point');
  const step = context.settings.cashRoundingMinor;
  const everything = whole && left === unpaid(lines);
  const bounds = [
    everything ? Math.max(0, roundToMultiple(left, step, 'half-up')) : Math.max(0, left),
  ];
  if (!withoutCap) {
    if (reward.capMinor !== null) bounds.push(reward.capMinor);
    if (reward.maxPercentOfSale !== null)
      bounds.push(shareOfSale(reward.maxPercentOfSale, saleMinor));
    const most = programme.redemption.maxPercentOfSale;
    if (most !== null) bounds.push(Math.max(0, shareOfSale(most, saleMinor) - redeemedMinor));
  }
  return Math.min(...bounds);
}

/** How many whole multiples of points a per-point reward spends, or why none. */
export function multiplesFor(application: Application, valueMinor: number): Result<number, Reason> {
  const { reward, programme, pool, claim } = application;
  const byMoney = Math.floor(ceilingOf(application) / valueMinor);
  const byPoints = Math.floor(pool / reward.costPoints);
  const most = Math.min(byMoney, byPoints, reward.mostPerSale ?? byPoints);
  if (most <= 0) return err(reason('nothing-to-reduce'));
  if (claim === null || claim.points === null) return ok(most);
  const asked = Math.floor(claim.points / reward.costPoints);
  const least = Math.max(reward.minPoints ?? 0, programme.redemption.minPoints ?? 0);
  if (asked === 0 || asked * reward.costPoints < least) {
    return err(
      reason('minimum-points', { missing: Math.max(least, reward.costPoints) - claim.points }),
    );
  }
  if (asked <= most) return ok(asked);
  if (programme.redemption.onOver === 'clamp') return ok(most);
  if (asked > byPoints) {
    return err(
      reason('not-enough-points', {
        missing: asked * reward.costPoints - pool,
        have: pool,
        cost: asked * reward.costPoints,
      }),
    );
  }
  return err(
    reason('highest-allowed', { points: most * reward.costPoints, valueMinor: most * valueMinor }),
  );
}
