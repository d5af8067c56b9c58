import type { TierNews } from '#contract/member.ts';
import type { MemberView, Message } from '#contract/till-state.ts';
import { programmeOf, wallMs, type Core } from './core.ts';
import type { CachedMember } from './database.ts';
import { words } from './words.ts';
import { memberKnown, standingKnown } from './member-facts.ts';

/** A change of tier that is still to be told, and its words. */
export interface ToldNews {
  readonly news: TierNews;
  readonly message: Message;
}

/** Changes of tier nobody has told the member: not the server's record, nor a sale of this till. */
export function newsOf(core: Core, cached: CachedMember): readonly ToldNews[] {
  if (cached.news.length === 0) return [];
  const told = new Set(
    core.ports.database.read.localFacts(cached.member).flatMap((fact) => fact.told),
  );
  return cached.news.flatMap((news): ToldNews[] => {
    if (told.has(news.source)) return [];
    const message = tierMessage(core, news.programme, news.to, news.kind);
    return message === null ? [] : [{ news, message }];
  });
}

/** "Now Gold", in a code and the tier's own name; null for a tier nobody knows here. */
export function tierMessage(
  core: Core,
  programme: string,
  tier: string | null,
  kind: TierNews['kind'],
): Message | null {
  const known = programmeOf(core, programme)?.tiers.find(({ id }) => id === tier);
  if (known === undefined) return null;
  return { code: `award-tier-${kind}`, params: { name: words(known.name) } };
}

/** The paid memberships that hold now. */
export function membershipViews(core: Core, cached: CachedMember): MemberView['memberships'] {
  const paid = core.config.programmes.filter(({ membership }) => membership !== null);
  if (paid.length === 0) return [];
  const known = memberKnown(core, cached);
  return paid.flatMap((programme) => {
    const untilMs = standingKnown(core, known, programme).membershipUntilMs;
    return untilMs === null || untilMs <= wallMs(core)
      ? []
      : [{ programme: programme.id, name: programme.name, untilMs }];
  });
}
