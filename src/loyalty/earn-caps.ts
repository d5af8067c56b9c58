import type { Context } from './context.ts';
import { useKey } from './facts.ts';
import { standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import type { Trace } from './trace.ts';

interface Bound {
  readonly name: string;
  readonly left: number;
}

function boundsOf(programme: Programme, context: Context): readonly Bound[] {
  const { caps } = programme;
  const bounds: Bound[] = [];
  if (caps.perSale !== null) bounds.push({ name: 'per-sale', left: caps.perSale });
  for (const limit of caps.limits) {
    if (limit.count !== 'points') continue;
    const used = context.facts.uses[useKey(programme.id, '', limit.of, limit.per)]?.points ?? 0;
    bounds.push({ name: limit.per, left: limit.most - (limit.per === 'sale' ? 0 : used) });
  }
  if (caps.balance !== null && context.member !== null) {
    const standing = standingIn(context.member, programme.id);
    bounds.push({ name: 'balance', left: caps.balance - standing.available - standing.pending });
  }
  if (caps.budgetPoints !== null && caps.onBudget === 'stop') {
    const given = context.facts.givenPoints[programme.id] ?? 0;
    bounds.push({ name: 'budget', left: caps.budgetPoints - given });
  }
  return bounds;
}

/** Lowers an earning to what the caps leave, or refuses it whole where the programme says so. */
export function capped(
  points: number,
  programme: Programme,
  context: Context,
  trace: Trace,
): number {
  let allowed = points;
  for (const bound of boundsOf(programme, context)) {
    const left = Math.max(0, bound.left);
    if (allowed <= left) continue;
    allowed = programme.caps.onCap === 'reject' ? 0 : left;
    trace.add('earn-capped', { programme: programme.id, cap: bound.name, points: allowed });
  }
  return allowed;
}
