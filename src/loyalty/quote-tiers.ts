import { paidMilli } from './matching.ts';
import { type Member, standingIn } from './member.ts';
import type { Programme } from './programme.ts';
import { earnedNow } from './quote-earning.ts';
import { type QuoteState, spentSoFar } from './quote-state.ts';
import type { QuotedTier } from './quote-types.ts';
import { addMeasures, higherTier, type Measures, nextTier, tierFor } from './tiers.ts';
import { isReducible } from './working.ts';

const nothing = { points: 0, qualifyingPoints: 0 } as const;

/** The member's measures with this sale counted. */
export function measuresWithSale(
  state: QuoteState,
  programme: Programme,
  member: Member,
): Measures {
  const goods = state.lines.filter(isReducible);
  const { points, qualifyingPoints } = earnedNow(state, programme) ?? nothing;
  const spent = spentSoFar(state, programme, member.ref);
  const own = {
    'spend-minor': goods.reduce((sum, line) => sum + line.remainingMinor + line.fixedTaxMinor, 0),
    visits: 1,
    units: Math.floor(paidMilli(goods) / 1000),
    'earned-points': points,
    'base-points': qualifyingPoints,
    'qualifying-points': qualifyingPoints,
    balance: points - spent,
  };
  return addMeasures(standingIn(member, programme.id).measures, own);
}

/** The member's tiers around this sale; a sale never lowers one. */
export function tiersWithSale(state: QuoteState, programmes: readonly Programme[]): QuotedTier[] {
  const { member } = state.context;
  if (member === null) return [];
  return programmes.flatMap((programme) => {
    if (programme.holder !== 'member' || programme.tiers.length === 0) return [];
    const standing = standingIn(member, programme.id);
    const measures = programme.tierSettings.includeCurrentSale
      ? measuresWithSale(state, programme, member)
      : standing.measures;
    const atOnce = programme.tierSettings.starts === 'at-once';
    const reached = atOnce ? tierFor(programme, measures) : standing.tier;
    const after = higherTier(programme, standing.tier, reached);
    const next = nextTier(programme, after, measures);
    return [
      {
        programme: programme.id,
        before: standing.tier,
        after,
        next:
          next === null
            ? null
            : {
                tier: next.tier.id,
                name: next.tier.name,
                metric: next.metric,
                missing: next.missing,
                atLeast: next.atLeast,
              },
      },
    ];
  });
}
