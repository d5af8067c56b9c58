import type { MemberView } from '#contract/till-state.ts';
import { nextTier } from '#loyalty/tiers.ts';
import type { Core } from './core.ts';
import type { CachedMember } from './database.ts';
import { memberKnown, standingKnown } from './member-facts.ts';

/** The member's level and the way to the next; null where no programme has levels. */
export function tierView(core: Core, member: CachedMember): MemberView['tier'] {
  const programme = core.config.programmes.find(({ tiers }) => tiers.length > 0);
  if (programme === undefined) return null;
  const standing = standingKnown(core, memberKnown(core, member), programme);
  const tier = programme.tiers.find(({ id }) => id === standing.tier) ?? programme.tiers[0];
  if (tier === undefined) return null;
  const next = nextTier(programme, tier.id, standing.measures);
  return {
    id: tier.id,
    name: tier.name,
    next:
      next === null || !next.metric.endsWith('-points')
        ? null
        : {
            id: next.tier.id,
            name: next.tier.name,
            remaining: next.missing,
            reachedShare: next.atLeast === 0 ? 1 : 1 - next.missing / next.atLeast,
          },
  };
}
