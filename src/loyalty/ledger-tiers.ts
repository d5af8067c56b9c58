import { businessDay } from './business-day.ts';
import { currentProgrammes, type Ledger, newLedgerMember, withMember } from './ledger.ts';
import { measuresFor } from './ledger-facts.ts';
import { type HeldTier, reviewTier, type TierEvent } from './tiers.ts';

/** Looks at a member's tiers now; a change is written down once. */
export function reviewMember(ledger: Ledger, ref: string, nowMs: number): Ledger {
  const day = businessDay(nowMs, ledger.settings);
  let member = ledger.members.get(ref) ?? newLedgerMember(ref, nowMs);
  const told = new Set(ledger.tierEvents.map((event) => `${event.member}/${event.source}`));
  const events: (TierEvent & { readonly member: string })[] = [];
  for (const programme of currentProgrammes(ledger)) {
    if (programme.tiers.length === 0) continue;
    const held: HeldTier = member.tiers[programme.id] ?? { tier: null, since: day, through: null };
    const review = reviewTier(programme, held, measuresFor(ledger, programme, ref, nowMs), day);
    member = { ...member, tiers: { ...member.tiers, [programme.id]: review.held } };
    const { event } = review;
    const first = held.tier === null && event?.to === programme.tiers[0]?.id;
    if (event === null || first || told.has(`${ref}/${event.source}`)) continue;
    events.push({ ...event, member: ref });
  }
  return {
    ...withMember(ledger, member),
    tierEvents: [...ledger.tierEvents, ...events],
  };
}
